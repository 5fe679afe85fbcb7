/** What the ng protocol speaks: text (UTF-8), whole numbers, lists, dictionaries. */
export type BencodeValue = string | number | readonly BencodeValue[] | BencodeDictionary;
export interface BencodeDictionary {
  readonly [key: string]: BencodeValue;
}

export type Decoded = { readonly kind: 'value'; readonly value: BencodeValue } | { readonly kind: 'malformed'; readonly reason: string };

/** Deeper than any answer of rtpengine; more is no answer of one. */
const MAX_DEPTH = 32;

/** Keys are sorted, as bencode wants them. Numbers must be whole. */
export function bencode(value: BencodeValue): string {
  if (typeof value === 'string') return `${Buffer.byteLength(value)}:${value}`;
  if (typeof value === 'number') return `i${Math.trunc(value)}e`;
  if (isList(value)) return `l${value.map(bencode).join('')}e`;
  return `d${Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => bencode(key) + bencode(one)).join('')}e`;
}

/** Reads one value that fills the whole buffer. */
export function bdecode(bytes: Buffer): Decoded {
  let at = 0;
  const until = (end: number, shape: RegExp): string => {
    const stop = bytes.indexOf(end, at);
    // Longer than any number: not worth a look.
    const text = stop < 0 || stop - at > 20 ? '' : bytes.toString('latin1', at, stop);
    if (!shape.test(text)) throw new SyntaxError(`no number at ${at}`);
    at = stop + 1;
    return text;
  };
  const text = (): string => {
    const length = Number(until(COLON, /^\d+$/));
    if (at + length > bytes.length) throw new SyntaxError(`text beyond the end at ${at}`);
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  const ended = (): boolean => {
    if (at >= bytes.length) throw new SyntaxError('it is cut off');
    if (bytes[at] !== END) return false;
    at += 1;
    return true;
  };
  const read = (depth: number): BencodeValue => {
    if (depth > MAX_DEPTH) throw new SyntaxError('it is nested too deep');
    const kind = bytes[at];
    if (kind === INTEGER) {
      at += 1;
      return Number(until(END, /^-?\d+$/));
    }
    if (kind === LIST) {
      at += 1;
      const list: BencodeValue[] = [];
      while (!ended()) list.push(read(depth + 1));
      return list;
    }
    if (kind === DICTIONARY) {
      at += 1;
      const entries: [string, BencodeValue][] = [];
      while (!ended()) entries.push([text(), read(depth + 1)]);
      return Object.fromEntries(entries);
    }
    return text();
  };
  try {
    const value = read(0);
    return at === bytes.length ? { kind: 'value', value } : { kind: 'malformed', reason: `something follows at ${at}` };
  } catch (error) {
    return { kind: 'malformed', reason: error instanceof Error ? error.message : String(error) };
  }
}

const [COLON, END, INTEGER, LIST, DICTIONARY] = [0x3a, 0x65, 0x69, 0x6c, 0x64];

function isList(value: readonly BencodeValue[] | BencodeDictionary): value is readonly BencodeValue[] {
  return Array.isArray(value);
}

export function isDictionary(value: BencodeValue): value is BencodeDictionary {
  return typeof value === 'object' && !isList(value);
}
