/** A session description as far as media needs it (RFC 8866 §5); lines that mean nothing to us are kept as text. */
export interface SessionDescription {
  /** Every line without its line end, in order: what a rewriting starts from. */
  readonly lines: readonly string[];
  readonly connection: Connection | null;
  readonly timing: string;
  readonly attributes: readonly Attribute[];
  readonly media: readonly MediaDescription[];
}

export interface Connection {
  readonly family: 'IP4' | 'IP6';
  readonly address: string;
}

export interface Attribute {
  readonly name: string;
  /** '' for a property attribute (`a=sendonly`). */
  readonly value: string;
}

export interface MediaDescription {
  readonly kind: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** Its own, else the session's. */
  readonly connection: Connection | null;
  readonly attributes: readonly Attribute[];
}

export type SdpReading =
  | { readonly kind: 'sdp'; readonly session: SessionDescription }
  | { readonly kind: 'malformed'; readonly reason: string };

const MAX_LENGTH = 65_536;
const MAX_MEDIA = 32;
const MEDIA_LINE = /^m=([!-~]+) (\d{1,5})(?:\/\d{1,5})? ([!-~]+)((?: [!-~]+)+) *$/;
const CONNECTION_LINE = /^c=IN (IP4|IP6) ([!-~]+) *$/;

/** Reads an SDP. Lenient where phones are careless (bare line feeds, blank lines at the end), never throws, reasons quote no input. */
export function readSdp(text: string): SdpReading {
  if (text.length > MAX_LENGTH) return malformed(`longer than ${MAX_LENGTH} characters`);
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines[0]?.trimEnd() !== 'v=0') return malformed('line 1 is not v=0');
  let session: Pick<SessionDescription, 'connection' | 'timing'> = { connection: null, timing: 't=0 0' };
  const attributes: Attribute[] = [];
  const media: { description: MediaDescription; attributes: Attribute[] }[] = [];
  for (const [at, line] of lines.entries()) {
    if (!/^[a-z]=/.test(line)) return malformed(`line ${at + 1} is not of the form x=value`);
    const current = media.at(-1);
    switch (line.charAt(0)) {
      case 'm': {
        const description = readMediaLine(line);
        if (description === null) return malformed(`line ${at + 1} is no m= line (media port protocol formats)`);
        if (media.length === MAX_MEDIA) return malformed(`more than ${MAX_MEDIA} m= lines`);
        media.push({ description, attributes: [] });
        break;
      }
      case 'c': {
        const connection = readConnection(line);
        if (connection === null) return malformed(`line ${at + 1} is no c= line (IN IP4 or IN IP6, one address)`);
        if (current === undefined) session = { ...session, connection };
        // the first of several counts
        else if (current.description.connection === null) current.description = { ...current.description, connection };
        break;
      }
      case 't':
        if (current === undefined && session.timing === 't=0 0') session = { ...session, timing: line };
        break;
      case 'a':
        (current?.attributes ?? attributes).push(readAttribute(line));
    }
  }
  if (media.length === 0) return malformed('no m= line');
  return {
    kind: 'sdp',
    session: {
      ...session, lines, attributes,
      media: media.map(({ description, attributes: own }) => ({ ...description, connection: description.connection ?? session.connection, attributes: own })),
    },
  };
}

/** The value of the first attribute of this name, of the medium or else of the session; null where neither has it. */
export function attributeOf(session: SessionDescription, medium: MediaDescription, name: string): string | null {
  const own = medium.attributes.find((attribute) => attribute.name === name);
  return (own ?? session.attributes.find((attribute) => attribute.name === name))?.value ?? null;
}

function malformed(reason: string): SdpReading {
  return { kind: 'malformed', reason };
}

function readMediaLine(line: string): MediaDescription | null {
  const match = MEDIA_LINE.exec(line);
  if (match === null) return null;
  const [, kind = '', port = '', protocol = '', formats = ''] = match;
  return Number(port) > 65_535 ? null
    : { kind, port: Number(port), protocol, formats: formats.trim().split(/ +/), connection: null, attributes: [] };
}

function readConnection(line: string): Connection | null {
  const match = CONNECTION_LINE.exec(line);
  if (match === null) return null;
  // Time to live and number of multicast addresses are of no use to us.
  return { family: match[1] === 'IP6' ? 'IP6' : 'IP4', address: (match[2] ?? '').split('/')[0] ?? '' };
}

function readAttribute(line: string): Attribute {
  const colon = line.indexOf(':');
  return colon < 0 ? { name: line.slice(2).trim(), value: '' } : { name: line.slice(2, colon), value: line.slice(colon + 1).trim() };
}
