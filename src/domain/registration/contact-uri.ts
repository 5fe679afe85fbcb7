import type { Flow } from './binding.js';
import type { SipUri } from '../addressing/sip-uri.js';
import { parseSipUri, unescapeUri, uriParam } from '../addressing/sip-uri.js';
import { sameHost } from '../addressing/host.js';

/** Parameters that never match when only one of two URIs has them (RFC 3261 §19.1.4; transport by its example). */
const DISTINGUISHING = ['user', 'ttl', 'method', 'maddr', 'transport'] as const;

/** Whether two Contact URIs are the same by RFC 3261 §19.1.4; texts that are no SIP URI are compared as they are. */
export function sameContact(a: string, b: string): boolean {
  const left = parseSipUri(a);
  const right = parseSipUri(b);
  if (left === null || right === null) return a === b;
  if (canonical(left) !== canonical(right)) return false;
  // RFC 3261 §19.1.4: any other parameter counts only where both URIs have it.
  return left.params.every(({ name }) => {
    const other = valuesOf(right, name);
    return other === '' || valuesOf(left, name) === other;
  });
}

/** All values of a parameter in one text, '' where there is none: a name given twice is against RFC 3261 §19.1.1, yet compares. */
function valuesOf(uri: SipUri, name: string): string {
  return uri.params.filter((param) => param.name === name).map(({ value }) => `=${normalEscapes(value ?? '').toLowerCase()}`).sort().join(';');
}

/**
 * Canonical text of a Contact URI: equal for every pair that `sameContact` holds equal.
 * Deviation: RFC 3261 §19.1.4 is not transitive (`;a=1`, none, `;a=2`), so no key can express it wholly; parameters it ignores when
 * one-sided are left out here. Two contacts that differ only in such a parameter (`;rinstance`, `;line`) replace each other,
 * which is what a phone that restarted wants.
 */
export function contactKey(uri: string): string {
  const parsed = parseSipUri(uri);
  return parsed === null ? uri : canonical(parsed);
}

/** Whether the Contact's host or port differs from where the REGISTER came from: a NAT, or a stream's ephemeral port. */
export function behindNat(contactUri: string, flow: Flow): boolean {
  const contact = parseSipUri(contactUri);
  if (contact === null) return true;
  return !sameHost(contact.host, flow.address) || (contact.port ?? defaultPort(contact, flow)) !== flow.port;
}

/**
 * Whether sound for whoever gave this Contact is likely lost on the way: its address is not where its messages come from. The
 * ephemeral port of a stream says nothing, a WebSocket's Contact names no place at all.
 */
export function soundBehindNat(contactUri: string, flow: Flow): boolean {
  if (flow.transport === 'udp') return behindNat(contactUri, flow);
  const contact = parseSipUri(contactUri);
  return contact === null || !sameHost(contact.host, flow.address);
}

function canonical(uri: SipUri): string {
  const user = uri.user === null ? '' : `${normalEscapes(uri.user)}${uri.password === null ? '' : `:${normalEscapes(uri.password)}`}@`;
  const params = DISTINGUISHING.map((name) => {
    const value = uriParam(uri, name);
    return value === null ? '' : `;${name}=${normalEscapes(value).toLowerCase()}`;
  }).join('');
  return `${uri.scheme}:${user}${uri.host}${uri.port === null ? '' : `:${uri.port}`}${params}${canonicalHeaders(uri.headers)}`;
}

/** RFC 3261 §19.1.4: header components count and may come in any order. */
function canonicalHeaders(headers: string): string {
  if (headers === '') return '';
  const pairs = headers.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0
      ? normalEscapes(pair).toLowerCase()
      : `${normalEscapes(pair.slice(0, equals)).toLowerCase()}=${normalEscapes(pair.slice(equals + 1))}`;
  });
  return `?${pairs.sort().join('&')}`;
}

/** RFC 3261 §19.1.4: a character outside the reserved set equals its %HH form; the others stay escaped, in upper case. */
function normalEscapes(text: string): string {
  return text.replace(/%[0-9a-fA-F]{2}/g, (escape) => {
    const plain = unescapeUri(escape);
    return /^[A-Za-z0-9\-_.!~*'()]$/.test(plain) ? plain : escape.toUpperCase();
  });
}

function defaultPort(contact: SipUri, flow: Flow): number {
  if (flow.transport === 'ws') return 80;
  if (flow.transport === 'wss') return 443;
  return contact.scheme === 'sips' || flow.transport === 'tls' ? 5061 : 5060;
}
