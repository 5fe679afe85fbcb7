/** How the scripted peer reads messages: its own few lines, independent of the product's parser. */

export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}

/** One received message, read with regular expressions. */
export interface PeerMessage {
  readonly raw: string;
  readonly startLine: string;
  /** Empty for a response. */
  readonly method: string;
  /** 0 for a request. */
  readonly status: number;
  readonly uri: string;
  readonly body: string;
  readonly from: PeerAddress;
  /** First header of that long name (any case); undefined when absent. */
  header(name: string): string | undefined;
  headers(name: string): readonly string[];
  /** `tag` of From or To; '' when absent. */
  tag(name: 'From' | 'To'): string;
  readonly cseq: number;
  readonly cseqMethod: string;
}

const COMPACT: Readonly<Record<string, string>> = {
  i: 'call-id', m: 'contact', e: 'content-encoding', l: 'content-length', c: 'content-type', f: 'from', s: 'subject',
  k: 'supported', t: 'to', v: 'via', r: 'refer-to', o: 'event', u: 'allow-events', x: 'session-expires',
};

let unique = 0;
/** A text no other call of this process returns. */
export const uniqueText = (prefix: string): string => `${prefix}${process.pid.toString(36)}x${(unique += 1).toString(36)}`;

/** Reads one whole message. */
export function readMessage(raw: string, from: PeerAddress): PeerMessage {
  const end = raw.indexOf('\r\n\r\n');
  const head = (end < 0 ? raw : raw.slice(0, end)).replace(/\r\n[ \t]+/g, ' ');
  const [startLine = '', ...lines] = head.split('\r\n');
  const fields = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    return [COMPACT[name] ?? name, line.slice(colon + 1).trim()];
  });
  const headers = (name: string): readonly string[] =>
    fields.filter(([field]) => field === name.toLowerCase()).map(([, value]) => value);
  const header = (name: string): string | undefined => headers(name)[0];
  const isResponse = startLine.startsWith('SIP/2.0 ');
  const words = startLine.split(' ');
  const [number = '0', cseqMethod = ''] = (header('CSeq') ?? '').split(/\s+/);
  return {
    raw, startLine, from, header, headers, cseqMethod,
    method: isResponse ? '' : (words[0] ?? ''),
    status: isResponse ? Number(words[1]) : 0,
    uri: isResponse ? '' : (words[1] ?? ''),
    body: end < 0 ? '' : raw.slice(end + 4),
    tag: (name) => /;\s*tag=([^;\s>]+)/i.exec(header(name) ?? '')?.[1] ?? '',
    cseq: Number(number),
  };
}

/** Cuts whole messages out of stream text; returns them and the rest. */
export function cutStream(text: string): { messages: string[]; rest: string } {
  const messages: string[] = [];
  let rest = text;
  for (;;) {
    rest = rest.replace(/^(\r\n)+/, '');
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return { messages, rest };
    const length = Number(/^(?:content-length|l)\s*:\s*(\d+)/im.exec(rest.slice(0, end))?.[1] ?? 0);
    if (rest.length < end + 4 + length) return { messages, rest };
    messages.push(rest.slice(0, end + 4 + length));
    rest = rest.slice(end + 4 + length);
  }
}

export const isRequest = (method: string) => (message: PeerMessage): boolean => message.method === method;
export const isResponse = (status: number, method?: string) => (message: PeerMessage): boolean =>
  message.status === status && (method === undefined || message.cseqMethod === method);
