import { unescapeUri } from '../addressing/sip-uri.js';

/** What a Request-URI asks for, before any dial plan: an emergency service by name, or what was dialled. */
export type RequestTarget =
  | { readonly kind: 'service'; readonly service: 'sos' | 'test.sos' }
  /** Digits with `+`, `*`, `#`; anything else as it came, cut to a length fit for records. */
  | { readonly kind: 'dialled'; readonly text: string };

/** Longer than any number, short enough for a record. */
const MAX_TEXT = 64;

/**
 * Reads the dialled text of a sip, sips, tel or urn Request-URI, or of digits alone: %-escapes undone, user parameters,
 * phone-context, password and visual separators (RFC 3966 §3) cut. Never throws.
 */
export function readRequestUri(requestUri: string): RequestTarget {
  const uri = requestUri.slice(0, 1024).trim();
  const colon = uri.indexOf(':');
  const scheme = uri.slice(0, Math.max(colon, 0)).toLowerCase();
  switch (scheme) {
    case 'urn':
      return readUrn(uri.slice(colon + 1));
    case 'tel':
      return dialled(uri.slice(colon + 1));
    case 'sip':
    case 'sips':
      return dialled(userOf(uri.slice(colon + 1)));
    default:
      return dialled(uri.includes('@') ? userOf(uri) : uri);
  }
}

/** RFC 5031 §4.2: `sos` and everything below it; RFC 6881 §17 tests with `test.sos`. */
function readUrn(rest: string): RequestTarget {
  const name = unescapeUri(rest).toLowerCase();
  if (/^service:sos(?:\.[a-z0-9.-]*)?$/.test(name)) return { kind: 'service', service: 'sos' };
  if (/^service:test\.sos(?:\.[a-z0-9.-]*)?$/.test(name)) return { kind: 'service', service: 'test.sos' };
  return dialled(rest);
}

/** The user part; a URI without one asks for nobody (RFC 3261 §19.1.1). */
function userOf(rest: string): string {
  const at = rest.indexOf('@');
  if (at < 0) return '';
  const userInfo = rest.slice(0, at);
  const colon = userInfo.indexOf(':');
  return colon < 0 ? userInfo : userInfo.slice(0, colon);
}

function dialled(raw: string): RequestTarget {
  const semicolon = raw.indexOf(';');
  const text = unescapeUri(semicolon < 0 ? raw : raw.slice(0, semicolon)).split(';', 1)[0] ?? '';
  // RFC 3966 §5.1.1: "-", ".", "(" and ")" are never significant; people and address books add spaces.
  const digits = text.replace(/[-.()\s]/g, '');
  const kept = /^[+*#0-9]+$/.test(digits) ? digits : withoutControls(text);
  return { kind: 'dialled', text: kept.slice(0, MAX_TEXT) };
}

/** Control characters would reach logs, rows and files; PostgreSQL refuses NUL in text. */
function withoutControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim();
}
