import { TOKEN, digits, skip } from './charset.js';
import { checkUri } from './uri.js';

/** A start line taken apart (RFC 3261 §7.1, §7.2). */
export type StartLine =
  | { readonly kind: 'request'; readonly method: string; readonly uri: string }
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  /** `method` is empty when not even that could be read: nothing can be answered then. */
  | { readonly kind: 'bad'; readonly method: string; readonly status: number; readonly reason: string };

const VERSION = 'SIP/2.0';

function bad(reason: string, method = '', status = 400): StartLine {
  return { kind: 'bad', method, status, reason };
}

/** Case of "SIP" does not matter (RFC 3261 §7.1); @returns whether the text at `start` is the version, up to `end` */
function isVersion(raw: string, start: number, end: number): boolean {
  return end - start === 7 && (raw.startsWith(VERSION, start) || raw.slice(start, end).toUpperCase() === VERSION);
}

function statusLine(raw: string, end: number): StartLine {
  // RFC 3261 §7.2: SIP-Version SP Status-Code SP Reason-Phrase CRLF, the phrase may be empty
  const status = digits(raw, 8, 11, 699);
  if (raw.charCodeAt(7) !== 0x20 || status < 100) return bad('Bad Status Line');
  // Interop: the blank behind the code is missing where a phrase is empty
  if (end > 11 && raw.charCodeAt(11) !== 0x20) return bad('Bad Status Line');
  return { kind: 'response', status, reason: raw.slice(12, end) };
}

/**
 * Reads the first line.
 * @param end offset of its CRLF
 */
export function scanStartLine(raw: string, end: number): StartLine {
  const methodEnd = skip(raw, 0, end, TOKEN);
  if (methodEnd === 3 && raw.charCodeAt(3) === 0x2f && raw.slice(0, 3).toUpperCase() === 'SIP') {
    return isVersion(raw, 0, 7) ? statusLine(raw, end) : bad('Bad Status Line');
  }
  // RFC 3261 §7.1: Method SP Request-URI SP SIP-Version CRLF, single blanks, none elsewhere
  if (methodEnd === 0 || raw.charCodeAt(methodEnd) !== 0x20) return bad('Bad Request Line');
  const method = raw.slice(0, methodEnd);
  const uriEnd = raw.indexOf(' ', methodEnd + 1);
  const lastBlank = raw.lastIndexOf(' ', end - 1);
  if (uriEnd < 0 || uriEnd !== lastBlank || uriEnd >= end) return bad('Bad Request Line', lastBlank > methodEnd ? method : '');
  if (!isVersion(raw, uriEnd + 1, end)) {
    // RFC 3261 §21.5.6
    const otherSip = raw.slice(uriEnd + 1, uriEnd + 5).toUpperCase() === 'SIP/';
    return otherSip ? bad('Version Not Supported', method, 505) : bad('Bad Request Line');
  }
  const check = checkUri(raw, methodEnd + 1, uriEnd);
  // RFC 3261 §19.1.5, RFC 4475 §3.1.2.11: headers of a Request-URI never become headers of the request
  if (check === 'sip-with-headers' || check === 'bad') return bad('Bad Request-URI', method);
  const uri = raw.slice(methodEnd + 1, uriEnd);
  if (check === 'other') {
    const scheme = uri.slice(0, uri.indexOf(':')).toLowerCase();
    // RFC 3261 §8.2.2.1; tel (RFC 3966) and urn (RFC 5031, emergency services) are the application's business
    if (scheme !== 'tel' && scheme !== 'urn') return bad('Unsupported URI Scheme', method, 416);
  }
  return { kind: 'request', method, uri };
}
