import type { SipHeaders, SipMessage } from 'drachtio-srf';

/** Compact names that drachtio-srf does not expand (RFC 3515, 3892, 4028, 6665). */
const COMPACT: Readonly<Record<string, string>> = {
  'session-expires': 'x', event: 'o', 'allow-events': 'u', 'refer-to': 'r', 'referred-by': 'b',
};

// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f]+/;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x1f\x7f]+/g;

/**
 * A header's value on one line without control characters, so that it can be logged and sent on; undefined when absent.
 * `name` is the long name in lower case. Lines of the same name come joined with a comma (RFC 3261 §7.3.1).
 */
export function headerOf(message: SipMessage, name: string): string | undefined {
  const value = message.headers[name] ?? valueByCompact(message, name);
  if (typeof value !== 'string') return undefined;
  return CONTROL.test(value) ? value.replace(CONTROLS, ' ').trim() : value.trim();
}

function valueByCompact(message: SipMessage, name: string): string | undefined {
  const compact = COMPACT[name];
  return compact === undefined ? undefined : message.headers[compact];
}

/**
 * The same for a name that may have kept its case.
 * Interop: drachtio-srf keeps the case of names that start with X- or P-.
 */
export function headerInAnyCase(message: SipMessage, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const key = Object.keys(message.headers).find((each) => each.toLowerCase() === wanted);
  return key === undefined ? undefined : headerOf(message, key);
}

/** Lower-case tokens of a comma list without parameters: Allow, Supported, Require. */
export function tokensOf(message: SipMessage, name: string): readonly string[] {
  const value = headerOf(message, name);
  if (value === undefined) return [];
  return value.split(',').map((token) => token.trim().toLowerCase()).filter((token) => token !== '');
}

/** The number of a digits-only header; null when absent, NaN when it is anything else (RFC 3261 §25.1, 1*DIGIT). */
export function numberOf(message: SipMessage, name: string): number | null {
  const value = headerOf(message, name);
  if (value === undefined) return null;
  return /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
}

/** Transport token of the top Via, lower case: ws and wss keep their names here, other than in drachtio's own field. */
export function viaTransport(message: SipMessage): string {
  const via = message.headers['via'] ?? '';
  return /^\s*SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z]+)/.exec(via.slice(0, 64))?.[1]?.toLowerCase() ?? 'udp';
}

/** A body as it goes on to the other leg. */
export interface Body {
  readonly body: string;
  readonly contentType: string;
}

/** Body and its type; null without a body. */
export function bodyOf(message: SipMessage): Body | null {
  const body = message.body;
  if (body === undefined || body === '') return null;
  return { body, contentType: headerOf(message, 'content-type') ?? 'application/sdp' };
}

/** Content-Type of a body that goes along; nothing without one. */
export function typeOf(body: Body | null): SipHeaders {
  return body === null ? {} : { 'Content-Type': body.contentType };
}
