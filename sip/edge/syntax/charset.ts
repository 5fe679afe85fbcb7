/**
 * Character classes of RFC 3261 §25.1 as one table of bit flags over the 256 byte values, and the small scanners built
 * on it. Every scanner takes (text, position, end) and is linear: no regular expression ever sees network text.
 */
const ALPHA = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~") */
export const TOKEN = 1;
/** word = token and ( ) < > : \ " / [ ] ? { } */
export const WORD = 2;
/** Whatever may stand in a URI: unreserved, reserved, IPv6 brackets; not the "%" of an escape (see `skipUri`). */
export const URI = 4;
/** Letters, digits, "-", ".". Interop: "_" too, names of Windows hosts carry it. */
export const HOST = 8;
export const DIGIT = 16;
export const HEX = 32;
/** LWS inside a header value whose line structure has been checked: SP, HTAB and the CR LF of a fold. */
export const LWS = 64;
/** user-unreserved and password characters. Interop: "#" unescaped, as phones write it in feature codes. */
export const USERINFO = 128;
/** paramchar of a URI. */
export const PARAM = 256;
/** An unquoted parameter value: token, host, and the bare IPv6 address of `received` (RFC 5118 §4.5). */
export const VALUE = 512;
/** A token, or a byte of unquoted UTF-8 in a display name (Interop: many phones do not quote it). */
export const DISPLAY = 1024;

function table(classes: readonly (readonly [number, string])[]): Uint16Array {
  const flags = new Uint16Array(256);
  for (const [flag, characters] of classes) {
    for (const character of characters) flags[character.charCodeAt(0)]! |= flag;
  }
  for (let code = 0x80; code < 0x100; code += 1) flags[code]! |= DISPLAY;
  return flags;
}

const tokenCharacters = `${ALPHA}${DIGITS}-.!%*_+\`'~`;
const unreserved = `${ALPHA}${DIGITS}-_.!~*'()`;

const CLASSES = table([
  [TOKEN | WORD | VALUE | DISPLAY, tokenCharacters],
  [WORD, '()<>:\\"/[]?{}'],
  [VALUE, '[]:'],
  [URI, `${unreserved};/?:@&=+$,[]#`],
  [HOST, `${ALPHA}${DIGITS}-._`],
  [DIGIT, DIGITS],
  [HEX, `${DIGITS}abcdefABCDEF`],
  [LWS, ' \t\r\n'],
  [USERINFO, `${unreserved}%&=+$,;?/:#`],
  [PARAM, `${unreserved}%[]/:&+$`],
]);

/** Whether the byte at `position` belongs to one of the classes; false past the end. */
export function isOf(text: string, position: number, classes: number): boolean {
  // undefined past the end and above latin1: `undefined & n` is 0
  return (CLASSES[text.charCodeAt(position)]! & classes) !== 0;
}

/** @returns the first position from `start` on that is not of the classes, at most `end` */
export function skip(text: string, start: number, end: number, classes: number): number {
  let position = start;
  while (position < end && (CLASSES[text.charCodeAt(position)]! & classes) !== 0) position += 1;
  return position;
}

/** Like `skip`, backwards: the first position that has only bytes of the classes between it and `end`. */
export function skipBack(text: string, start: number, end: number, classes: number): number {
  let position = end;
  while (position > start && (CLASSES[text.charCodeAt(position - 1)]! & classes) !== 0) position -= 1;
  return position;
}

/** Whether the whole of [start, end) is of the classes and not empty. */
export function isAll(text: string, start: number, end: number, classes: number): boolean {
  return end > start && skip(text, start, end, classes) === end;
}

/**
 * RFC 3261 §25.1 quoted-string: any byte but `"` and `\`, or a backslash and any byte but CR and LF.
 * @param start position of the opening quote
 * @returns the position behind the closing quote; -1 when it never closes
 */
export function skipQuoted(text: string, start: number, end: number): number {
  let position = start + 1;
  while (position < end) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return position + 1;
    if (code === 0x5c) {
      const escaped = text.charCodeAt(position + 1);
      if (escaped === 13 || escaped === 10) return -1;
      position += 1;
    }
    position += 1;
  }
  return -1;
}

/**
 * 1*DIGIT only: no sign, no blanks, no hexadecimal, no exponent, leading zeros allowed (RFC 4475 §3.1.1.1).
 * @returns the number, or -1 when it is not one or exceeds `max`
 */
export function digits(text: string, start: number, end: number, max: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let position = start; position < end; position += 1) {
    const digit = text.charCodeAt(position) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
    if (value > max) return -1;
  }
  return value;
}

/**
 * Skips URI characters; a `%` only counts with two hexadecimal digits behind it (RFC 3261 §25.1 escaped).
 * @returns the first position that is none, at most `end`
 */
export function skipUri(text: string, start: number, end: number): number {
  let at = skip(text, start, end, URI);
  while (at + 2 < end && text.charCodeAt(at) === 0x25 && isOf(text, at + 1, HEX) && isOf(text, at + 2, HEX)) {
    at = skip(text, at + 3, end, URI);
  }
  return at;
}
