/** One element of a Contact, From or To header (RFC 3261 §25.1, name-addr / addr-spec). */
export interface NameAddr {
  /** Without quotes and escapes; '' when absent. */
  readonly display: string;
  /** As written between the angle brackets, or the bare addr-spec. */
  readonly uri: string;
  /** In order; names in lower case, values as written (quotes kept); null without `=`. */
  readonly params: readonly (readonly [name: string, value: string | null])[];
}

/** Cuts a list at commas outside quotes and angle brackets (RFC 3261 §7.3.1). Linear in the length. */
export function splitList(value: string, separator: ',' | ';' = ','): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let i = 0; i < value.length; i += 1) {
    const char = value[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '<') bracketed = true;
    else if (char === '>') bracketed = false;
    else if (char === separator && !bracketed) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== '');
}

/** Reads one element; null when it is none. */
export function parseNameAddr(text: string): NameAddr | null {
  const open = openingBracket(text);
  if (open < 0) {
    // RFC 3261 §20: without angle brackets, parameters after the URI are the header's.
    const [uri, ...params] = splitList(text, ';');
    if (uri === undefined || /[\s"<>]/.test(uri)) return null;
    return { display: '', uri, params: params.map(parameter) };
  }
  const close = text.indexOf('>', open);
  if (close < 0) return null;
  const uri = text.slice(open + 1, close).trim();
  const rest = text.slice(close + 1).trim();
  if (uri === '' || /[\s"<]/.test(uri) || (rest !== '' && !rest.startsWith(';'))) return null;
  return { display: displayName(text.slice(0, open).trim()), uri, params: splitList(rest, ';').map(parameter) };
}

/** The value of a parameter, '' when it has none, undefined when absent. */
export function paramOf(address: NameAddr, name: string): string | undefined {
  const found = address.params.find(([key]) => key === name);
  return found === undefined ? undefined : found[1] ?? '';
}

/** A display name as a quoted string (RFC 3261 §25.1), fit to stand before `<`; '' for an empty one. */
export function quoteDisplay(name: string): string {
  // eslint-disable-next-line no-control-regex
  const clean = name.replace(/[\x00-\x1f\x7f]+/g, ' ').trim().slice(0, 128);
  return clean === '' ? '' : `"${clean.replace(/[\\"]/g, '\\$&')}" `;
}

function openingBracket(text: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '<') return i;
  }
  return -1;
}

function displayName(text: string): string {
  const quoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return quoted ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}

function parameter(text: string): readonly [string, string | null] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text.trim().toLowerCase(), null];
  return [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}
