/**
 * The header names we know: canonical form (lower case, long), the form we write, compact form. RFC 3261 §7.3.3, §20 and
 * the IANA registry of compact forms. A Map and an array, never a plain object: `__proto__` is just an unknown name.
 */
interface KnownName {
  readonly display: string;
  readonly compact?: string;
  /** May appear once (RFC 3261 §7.3.1, Table 2/3): a second one is a 400, first and last would be read differently. */
  readonly single?: true;
}

const known: readonly KnownName[] = [
  { display: 'Via', compact: 'v' },
  { display: 'From', compact: 'f', single: true },
  { display: 'To', compact: 't', single: true },
  { display: 'Call-ID', compact: 'i', single: true },
  { display: 'CSeq', single: true },
  { display: 'Max-Forwards', single: true },
  { display: 'Content-Length', compact: 'l', single: true },
  { display: 'Contact', compact: 'm' },
  { display: 'Content-Type', compact: 'c', single: true },
  { display: 'Expires', single: true },
  { display: 'Event', compact: 'o', single: true },
  { display: 'Session-Expires', compact: 'x', single: true },
  { display: 'Min-SE', single: true },
  { display: 'RAck', single: true },
  { display: 'RSeq', single: true },
  { display: 'Refer-To', compact: 'r', single: true },
  { display: 'Replaces', single: true },
  { display: 'Subscription-State', single: true },
  { display: 'SIP-If-Match', single: true },
  { display: 'Record-Route' },
  { display: 'Route' },
  { display: 'Accept' },
  { display: 'Accept-Contact', compact: 'a' },
  { display: 'Accept-Encoding' },
  { display: 'Accept-Language' },
  { display: 'Alert-Info' },
  { display: 'Allow' },
  { display: 'Allow-Events', compact: 'u' },
  { display: 'Authentication-Info' },
  { display: 'Authorization' },
  { display: 'Call-Info' },
  { display: 'Content-Disposition' },
  { display: 'Content-Encoding', compact: 'e' },
  { display: 'Content-Language' },
  { display: 'Date' },
  { display: 'Diversion' },
  { display: 'Error-Info' },
  { display: 'Flow-Timer' },
  { display: 'Geolocation' },
  { display: 'History-Info' },
  { display: 'Identity', compact: 'y' },
  { display: 'Identity-Info', compact: 'n' },
  { display: 'In-Reply-To' },
  { display: 'Info-Package' },
  { display: 'Join' },
  { display: 'MIME-Version' },
  { display: 'Min-Expires' },
  { display: 'Organization' },
  { display: 'P-Access-Network-Info' },
  { display: 'P-Asserted-Identity' },
  { display: 'P-Associated-URI' },
  { display: 'P-Called-Party-ID' },
  { display: 'P-Preferred-Identity' },
  { display: 'Path' },
  { display: 'Priority' },
  { display: 'Privacy' },
  { display: 'Proxy-Authenticate' },
  { display: 'Proxy-Authorization' },
  { display: 'Proxy-Require' },
  { display: 'Reason' },
  { display: 'Recv-Info' },
  { display: 'Refer-Sub' },
  { display: 'Referred-By', compact: 'b' },
  { display: 'Reject-Contact', compact: 'j' },
  { display: 'Remote-Party-ID' },
  { display: 'Reply-To' },
  { display: 'Request-Disposition', compact: 'd' },
  { display: 'Require' },
  { display: 'Retry-After' },
  { display: 'Server' },
  { display: 'Service-Route' },
  { display: 'SIP-ETag' },
  { display: 'Subject', compact: 's' },
  { display: 'Supported', compact: 'k' },
  { display: 'Timestamp' },
  { display: 'Unsupported' },
  { display: 'User-Agent' },
  { display: 'User-to-User' },
  { display: 'Warning' },
  { display: 'WWW-Authenticate' },
];

/** 0 is "not a name we know"; the others are positions in the table above plus one. */
export type HeaderId = number;
export const UNKNOWN: HeaderId = 0;

const ids = new Map<string, HeaderId>();
const canonicals: string[] = [''];
const displays: string[] = [''];
known.forEach((entry, position) => {
  const canonical = entry.display.toLowerCase();
  canonicals.push(canonical);
  displays.push(entry.display);
  ids.set(canonical, position + 1);
  if (entry.compact !== undefined) ids.set(entry.compact, position + 1);
});

/** The id of a name we know from the table; throws at start-up if the table lost it. */
function idOf(canonical: string): HeaderId {
  const id = ids.get(canonical);
  if (id === undefined) throw new TypeError(`header name table lacks ${canonical}`);
  return id;
}

export const VIA = idOf('via');
export const FROM = idOf('from');
export const TO = idOf('to');
export const CALL_ID = idOf('call-id');
export const CSEQ = idOf('cseq');
export const MAX_FORWARDS = idOf('max-forwards');
export const CONTENT_LENGTH = idOf('content-length');
export const CONTACT = idOf('contact');

/** Singles come first in the table, so that each fits a bit of one 31-bit mask. */
export const LAST_SINGLE: HeaderId = known.findLastIndex((entry) => entry.single === true) + 1;
export const SINGLES: number = known.reduce((mask, entry, position) => mask | (entry.single === true ? 2 << position : 0), 0);

/** Lower case of token characters, 0 for all other bytes: name scan, token check and case folding in one look-up. */
const LOWER = new Uint8Array(256);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~") {
  LOWER[character.charCodeAt(0)] = character.toLowerCase().charCodeAt(0);
}

const MAX_KNOWN_LENGTH = Math.max(...displays.map((display) => display.length));

/** What `scanName` found; one object reused, read it before the next call. */
export const scanned = { end: 0, id: UNKNOWN };

/** Whether [start, start + name.length) is `name` (lower case) in any case. */
export function sameName(text: string, start: number, name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    if (LOWER[text.charCodeAt(start + at)] !== name.charCodeAt(at)) return false;
  }
  return true;
}

/** Names as most peers spell them, by length and first letter: two native comparisons beat a walk over the name. */
const COMMON_LENGTHS = 32;
const common: (readonly (readonly [display: string, id: HeaderId])[])[] = Array.from({ length: 32 * COMMON_LENGTHS }, () => []);
function commonSlot(firstCode: number, length: number): number {
  return (firstCode & 31) * COMMON_LENGTHS + length;
}
known.forEach(({ display }, position) => {
  const slot = commonSlot(display.charCodeAt(0), display.length);
  common[slot] = [...common[slot]!, [`${display}:`, position + 1]];
});

/**
 * Reads the header name at `start`; fills `scanned` with its end and id (`end === start`: no token there).
 * @param colon position of the next colon, where the name ends in all honest spellings
 */
export function scanName(text: string, start: number, colon: number): void {
  const length = colon - start;
  if (length > 0 && length < COMMON_LENGTHS) {
    for (const [display, id] of common[commonSlot(text.charCodeAt(start), length)]!) {
      if (text.startsWith(display, start)) {
        scanned.end = colon;
        scanned.id = id;
        return;
      }
    }
  }
  scanAnyName(text, start);
}

/** The name in any case and form, known or not. */
function scanAnyName(text: string, start: number): void {
  let position = start;
  // undefined past the end: `undefined > 0` is false
  while (LOWER[text.charCodeAt(position)]! > 0) position += 1;
  scanned.end = position;
  scanned.id = position - start > MAX_KNOWN_LENGTH ? UNKNOWN : ids.get(text.slice(start, position).toLowerCase()) ?? UNKNOWN;
}

/** @returns the id of a name in any case or compact form, UNKNOWN for others */
export function headerId(name: string): HeaderId {
  return ids.get(name) ?? ids.get(name.toLowerCase()) ?? UNKNOWN;
}

/** Lower-case long name: `Call-ID`, `CALL-ID`, `i` → `call-id`; unknown names are lower-cased. */
export function canonicalName(name: string): string {
  const id = headerId(name);
  return id === UNKNOWN ? name.toLowerCase() : canonicals[id]!;
}

/** The canonical name of a known id. */
export function canonicalOf(id: HeaderId): string {
  return canonicals[id]!;
}

/** The spelling we use for a known id: `WWW-Authenticate`. */
export function displayOf(id: HeaderId): string {
  return displays[id]!;
}

/**
 * The spelling we put on the wire for a header an application gave: known names in their registered form; `X-` names as
 * they are; of others the first letter and each letter after `-` upper-cased (what drachtio-server does).
 */
export function displayName(name: string): string {
  const id = headerId(name);
  if (id !== UNKNOWN) return displays[id]!;
  if (name.startsWith('X-') || name.startsWith('x-')) return name;
  let display = '';
  for (let at = 0; at < name.length; at += 1) {
    display += at === 0 || name[at - 1] === '-' ? name[at]!.toUpperCase() : name[at]!;
  }
  return display;
}

/** Whether the whole text is a header name (a token, RFC 3261 §25.1). */
export function isHeaderName(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    if (!(LOWER[name.charCodeAt(at)]! > 0)) return false;
  }
  return name.length > 0;
}
