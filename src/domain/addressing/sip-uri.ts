/** The parts of a SIP or SIPS URI as sent, nothing unescaped (RFC 3261 §19.1.1). */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Null where the URI names no user; '' never. */
  readonly user: string | null;
  readonly password: string | null;
  /** Lower case; IPv6 references keep their brackets. */
  readonly host: string;
  /** Null where none was written: that differs from a written default port (RFC 3261 §19.1.4). */
  readonly port: number | null;
  /** In order, without the semicolons. */
  readonly params: readonly UriParam[];
  /** Text after `?`; '' = none. */
  readonly headers: string;
}

export interface UriParam {
  /** Lower case: parameter names compare without regard to case (RFC 3261 §7.3.1). */
  readonly name: string;
  /** Null for a parameter without `=`. */
  readonly value: string | null;
}

const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/;

/** Reads a SIP or SIPS URI without angle brackets; null for anything else. Never throws, linear in the text's length. */
export function parseSipUri(text: string): SipUri | null {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return null;
  const rest = text.slice(colon + 1);
  const at = rest.indexOf('@');
  const userInfo = at < 0 ? null : splitOnce(rest.slice(0, at), ':');
  const authority = splitOnce(rest.slice(at + 1), '?');
  const pieces = authority.before.split(';');
  const address = parseHostPort(pieces[0] ?? '');
  if (address === null || userInfo?.before === '') return null;
  return {
    scheme,
    user: userInfo?.before ?? null,
    password: userInfo?.after ?? null,
    host: address.host,
    port: address.port,
    params: pieces.slice(1).filter((piece) => piece !== '').map(parseParam),
    headers: authority.after ?? '',
  };
}

/** A parameter's value in lower case, '' for one without value, null where the URI has none of this name. */
export function uriParam(uri: SipUri, name: string): string | null {
  const found = uri.params.find((param) => param.name === name);
  return found === undefined ? null : (found.value ?? '').toLowerCase();
}

/** Undoes %-escapes byte by byte; a malformed escape stays as it is, bytes that are no UTF-8 become U+FFFD. Never throws. */
export function unescapeUri(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => {
    const bytes = run.slice(1).split('%').map((hex) => Number.parseInt(hex, 16));
    if (bytes.every((byte) => byte < 0x80)) return String.fromCharCode(...bytes);
    try {
      return decodeURIComponent(run);
    } catch {
      return bytes.map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : '\uFFFD')).join('');
    }
  });
}

function parseHostPort(text: string): { readonly host: string; readonly port: number | null } | null {
  const end = text.startsWith('[') ? text.indexOf(']') + 1 : text.indexOf(':') < 0 ? text.length : text.indexOf(':');
  const host = text.slice(0, end).toLowerCase();
  const tail = text.slice(end);
  if (!HOST.test(host)) return null;
  if (tail === '') return { host, port: null };
  if (!/^:[0-9]{1,5}$/.test(tail)) return null;
  const port = Number(tail.slice(1));
  return port > 65535 ? null : { host, port };
}

function parseParam(piece: string): UriParam {
  const { before, after } = splitOnce(piece, '=');
  return { name: unescapeUri(before).toLowerCase(), value: after };
}

function splitOnce(text: string, separator: string): { readonly before: string; readonly after: string | null } {
  const index = text.indexOf(separator);
  return index < 0 ? { before: text, after: null } : { before: text.slice(0, index), after: text.slice(index + 1) };
}
