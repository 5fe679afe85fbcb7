import { HEX, PARAM, TOKEN, USERINFO, isAll, isOf, skip, skipUri } from './charset.js';
import { hostPort, scanHostPort } from './host.js';
import type { Parameter } from './lists.js';

/** sip or sips URI (RFC 3261 §19.1.1). Parts are as written: nothing is unescaped (see `unescaped`). */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** IPv6 with brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly parameters: readonly Parameter[];
  /** What follows `?`, without it; undefined when there is none. */
  readonly headers: string | undefined;
}

/** A URI of another scheme (RFC 3986): `tel:`, `urn:`, … */
export interface OtherUri {
  readonly scheme: string;
  readonly rest: string;
}

export type Uri = { readonly kind: 'sip'; readonly uri: SipUri } | { readonly kind: 'other'; readonly uri: OtherUri };

/** The colon of the scheme; -1 when there is no scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) */
function schemeEnd(text: string, start: number, end: number): number {
  const colon = skip(text, start, end, TOKEN);
  const first = text.charCodeAt(start) | 0x20;
  return colon < end && text.charCodeAt(colon) === 0x3a && first >= 0x61 && first <= 0x7a ? colon : -1;
}

function isSip(text: string, start: number, colon: number): boolean {
  const length = colon - start;
  return (length === 3 || length === 4) && (text.charCodeAt(start) | 0x20) === 0x73
    && (text.charCodeAt(start + 1) | 0x20) === 0x69 && (text.charCodeAt(start + 2) | 0x20) === 0x70
    && (length === 3 || (text.charCodeAt(start + 3) | 0x20) === 0x73);
}

/** Spans of a sip URI; one object reused, read it before the next call. -1 stands for absent. */
const span = { userEnd: -1, hostStart: 0, hostEnd: 0, port: -1, parametersEnd: 0 };

/** Checks [start, end) = what follows `sip:`; fills `span`. */
function scanSip(text: string, start: number, end: number): boolean {
  let hostStart = start;
  span.userEnd = -1;
  const at = text.indexOf('@', start);
  if (at >= 0 && at < end) {
    // RFC 3261 §25.1: userinfo is not empty before the "@"
    if (!isAll(text, start, at, USERINFO) || text.charCodeAt(start) === 0x3a) return false;
    span.userEnd = at;
    hostStart = at + 1;
  }
  let position = scanHostPort(text, hostStart, end, false);
  if (position < 0) return false;
  span.hostStart = hostPort.hostStart;
  span.hostEnd = hostPort.hostEnd;
  span.port = hostPort.port;
  while (position < end && text.charCodeAt(position) === 0x3b) {
    const nameEnd = skip(text, position + 1, end, PARAM);
    if (nameEnd === position + 1) return false;
    position = nameEnd;
    if (text.charCodeAt(position) === 0x3d && position < end) {
      position = skip(text, nameEnd + 1, end, PARAM);
      if (position === nameEnd + 1) return false;
    }
  }
  span.parametersEnd = position;
  return position === end || text.charCodeAt(position) === 0x3f;
}

/** What `checkUri` found. */
export type UriCheck = 'sip' | 'sip-with-headers' | 'other' | 'bad';

/** Checks a URI's syntax in place, without building anything. No blanks, no `<>`, escapes whole. */
export function checkUri(text: string, start: number, end: number): UriCheck {
  if (skipUri(text, start, end) !== end) return 'bad';
  const colon = schemeEnd(text, start, end);
  if (colon < 0 || colon + 1 === end) return 'bad';
  if (!isSip(text, start, colon)) return 'other';
  if (!scanSip(text, colon + 1, end)) return 'bad';
  return span.parametersEnd < end ? 'sip-with-headers' : 'sip';
}

/**
 * @param text an absolute URI without brackets or blanks around it
 * @returns undefined when it is none (RFC 3261 §25.1 SIP-URI, SIPS-URI, absoluteURI)
 */
export function parseUri(text: string): Uri | undefined {
  const check = checkUri(text, 0, text.length);
  if (check === 'bad') return undefined;
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  if (check === 'other') return { kind: 'other', uri: { scheme, rest: text.slice(colon + 1) } };
  const userinfo = span.userEnd < 0 ? undefined : text.slice(colon + 1, span.userEnd);
  const password = userinfo?.indexOf(':') ?? -1;
  return {
    kind: 'sip',
    uri: {
      scheme: scheme === 'sips' ? 'sips' : 'sip',
      user: password < 0 ? userinfo : userinfo?.slice(0, password),
      password: password < 0 ? undefined : userinfo?.slice(password + 1),
      host: text.slice(span.hostStart, span.hostEnd),
      port: span.port < 0 ? undefined : span.port,
      parameters: uriParameters(text.slice(portEnd(), span.parametersEnd)),
      headers: span.parametersEnd < text.length ? text.slice(span.parametersEnd + 1) : undefined,
    },
  };

  function portEnd(): number {
    const semicolon = text.indexOf(';', span.hostEnd);
    return semicolon < 0 ? span.parametersEnd : Math.min(semicolon, span.parametersEnd);
  }
}

function uriParameters(text: string): readonly Parameter[] {
  if (text === '') return [];
  return text.slice(1).split(';').map((part) => {
    const equals = part.indexOf('=');
    return equals < 0
      ? { name: part.toLowerCase(), value: undefined }
      : { name: part.slice(0, equals).toLowerCase(), value: part.slice(equals + 1) };
  });
}

/**
 * `%HH` escapes resolved exactly once (RFC 4475 §3.1.1.3); never throws, a `%` that is no escape stays. The result may
 * hold any byte, NUL and `@` included: compare with it, do not build messages from it.
 */
export function unescaped(text: string): string {
  let at = text.indexOf('%');
  if (at < 0) return text;
  let plain = '';
  let from = 0;
  while (at >= 0) {
    if (isOf(text, at + 1, HEX) && isOf(text, at + 2, HEX)) {
      plain += text.slice(from, at) + String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16));
      from = at + 3;
      at = text.indexOf('%', from);
    } else {
      at = text.indexOf('%', at + 1);
    }
  }
  return plain + text.slice(from);
}
