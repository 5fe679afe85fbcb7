import { isIPv6 } from 'node:net';
import { DIGIT, HEX, HOST, LWS, digits, isOf, skip } from './charset.js';

/** What `scanHostPort` found; one object reused, read it before the next call. */
export const hostPort = { hostStart: 0, hostEnd: 0, port: -1 };

/**
 * host [ ":" port ] (RFC 3261 §25.1, RFC 5118 §4.1-4.4): a name or IPv4 address of its characters, or `[IPv6]`.
 * @param blanks whether LWS may stand around the colon, as in a Via and not in a URI
 * @returns the position behind it, -1 at a syntax error; `hostPort.port` is -1 when there is none
 */
export function scanHostPort(text: string, start: number, end: number, blanks: boolean): number {
  let at: number;
  if (text.charCodeAt(start) === 0x5b) {
    at = start + 1;
    while (at < end && (isOf(text, at, HEX) || text.charCodeAt(at) === 0x3a || text.charCodeAt(at) === 0x2e)) at += 1;
    if (at >= end || text.charCodeAt(at) !== 0x5d || !isIPv6(text.slice(start + 1, at))) return -1;
    at += 1;
  } else {
    at = skip(text, start, end, HOST);
    if (at === start) return -1;
  }
  hostPort.hostStart = start;
  hostPort.hostEnd = at;
  hostPort.port = -1;
  const colon = blanks ? skip(text, at, end, LWS) : at;
  if (colon >= end || text.charCodeAt(colon) !== 0x3a) return at;
  const portStart = blanks ? skip(text, colon + 1, end, LWS) : colon + 1;
  const portEnd = skip(text, portStart, end, DIGIT);
  hostPort.port = digits(text, portStart, portEnd, 65_535);
  return hostPort.port < 0 ? -1 : portEnd;
}

/** `[2001:db8::1]` → `2001:db8::1`; others unchanged. */
export function withoutBrackets(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** An IP literal as it stands in a URI or Via: IPv6 in brackets. */
export function bracketed(address: string): string {
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}
