/** Parameters of an authentication header by lower-case name; quotes are off, quoted pairs inside are as sent. */
export type AuthParams =
  | { readonly kind: 'params'; readonly values: ReadonlyMap<string, string> }
  | { readonly kind: 'malformed'; readonly reason: string };

const PARAM = /[\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)/sy;

/**
 * Reads `name=token` and `name="quoted string"` separated by commas (RFC 7235 §2.1); empty list elements are allowed.
 * A name given twice is refused: which of them a next reader would take is anybody's guess.
 */
export function parseAuthParams(text: string): AuthParams {
  const values = new Map<string, string>();
  let end = text.length;
  while (end > 0 && /[\s,]/.test(text.charAt(end - 1))) end -= 1;
  let position = 0;
  while (position < end) {
    PARAM.lastIndex = position;
    const match = PARAM.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined) return { kind: 'malformed', reason: `no parameter at character ${position}` };
    if (values.has(name)) return { kind: 'malformed', reason: `${name} is given twice` };
    values.set(name, match[2] ?? match[3] ?? '');
    position = PARAM.lastIndex;
  }
  return { kind: 'params', values };
}
