import type { DigestAlgorithm } from '../identity/account.js';
import type { DeviceHa1 } from '../device/device.js';
import { parseSipUri, unescapeUri } from '../addressing/sip-uri.js';
import { parseAuthParams } from './auth-params.js';

/** Lower-case hex of the digest of `text` (UTF-8); handed in, the domain has no crypto of its own. */
export type DigestHash = (algorithm: 'md5' | 'sha256', text: string) => string;

export type DigestQop = 'auth' | 'auth-int';

/** What an Authorization or Proxy-Authorization header claims. `nonce`, `uri`, `cnonce` are the text between the quotes, as hashed. */
export interface DigestCredentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  /** MD5 where the parameter is missing (RFC 7616 §3.4); null = one we do not know. */
  readonly algorithm: DigestAlgorithm | null;
  /** Null for the form without qop that RFC 3261 §22.4 point 8 still allows. */
  readonly qop: DigestQop | null;
  readonly nc: number | null;
  /** The count as sent: it is hashed as text. */
  readonly ncText: string;
  readonly cnonce: string;
  readonly opaque: string;
}

export type AuthorizationParse =
  | { readonly kind: 'digest'; readonly credentials: DigestCredentials }
  | { readonly kind: 'malformed'; readonly reason: string };

const HASH_OF: Readonly<Record<DigestAlgorithm, 'md5' | 'sha256'>> = { 'MD5': 'md5', 'SHA-256': 'sha256' };
const HEX_LENGTH: Readonly<Record<DigestAlgorithm, number>> = { 'MD5': 32, 'SHA-256': 64 };
const REQUIRED = ['username', 'realm', 'nonce', 'uri', 'response'] as const;

/**
 * Reads the value of an Authorization or Proxy-Authorization header (RFC 7616 §3.4, RFC 3261 §25.1).
 * `malformed` names the field at fault. Never throws.
 */
export function parseAuthorization(value: string): AuthorizationParse {
  const scheme = /^\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s+/.exec(value);
  if (scheme === null) return malformed('no authentication scheme');
  if (scheme[1]?.toLowerCase() !== 'digest') return malformed(`scheme ${scheme[1]} is not Digest`);
  const params = parseAuthParams(value.slice(scheme[0].length));
  if (params.kind === 'malformed') return params;
  const text = (name: string): string => params.values.get(name) ?? '';
  for (const name of REQUIRED) if (text(name) === '') return malformed(`${name} is missing`);

  const qop = params.values.get('qop')?.toLowerCase() ?? null;
  if (qop !== null && qop !== 'auth' && qop !== 'auth-int') return malformed('qop is neither auth nor auth-int');
  const ncText = text('nc');
  // Interop: fewer than the eight digits of RFC 7616 §3.4 are read too; the hash takes the text as sent.
  if (ncText !== '' && !/^[0-9a-fA-F]{1,8}$/.test(ncText)) return malformed('nc is not a hexadecimal count');
  // RFC 7616 §3.4: with qop, both nc and cnonce MUST be there.
  if (qop !== null && ncText === '') return malformed('nc is missing');
  if (qop !== null && text('cnonce') === '') return malformed('cnonce is missing');
  return {
    kind: 'digest',
    credentials: {
      username: unquotePairs(text('username')),
      realm: unquotePairs(text('realm')),
      nonce: text('nonce'),
      uri: text('uri'),
      response: text('response').toLowerCase(),
      algorithm: algorithmNamed(params.values.get('algorithm')),
      qop,
      nc: ncText === '' ? null : Number.parseInt(ncText, 16),
      ncText,
      cnonce: text('cnonce'),
      opaque: unquotePairs(text('opaque')),
    },
  };
}

export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm;
  /** The nonce is too old or its count was used, the password may still be right (RFC 7616 §3.3). */
  readonly stale: boolean;
}

/** Value of one WWW-Authenticate or Proxy-Authenticate header; one header an algorithm, best first (RFC 8760 §2.3). */
export function formatChallenge(challenge: Challenge): string {
  const realm = challenge.realm.replace(/["\\]/g, '\\$&');
  const stale = challenge.stale ? ', stale=true' : '';
  return `Digest realm="${realm}", nonce="${challenge.nonce}", algorithm=${challenge.algorithm}, qop="auth"${stale}`;
}

/** H(A1) for each algorithm of RFC 7616 §3.4.2, hex: what is kept instead of the password. */
export function deviceHa1(hash: DigestHash, userName: string, realm: string, password: string): DeviceHa1 {
  const a1 = `${userName}:${realm}:${password}`;
  return { 'MD5': hash('md5', a1), 'SHA-256': hash('sha256', a1) };
}

export interface DigestQuestion {
  readonly method: string;
  readonly ha1: DeviceHa1;
  readonly hash: DigestHash;
}

/**
 * Whether the response proves knowledge of the password (RFC 7616 §3.4.1). The uri is hashed as sent; the caller compares it
 * with the Request-URI by `digestUriMatches`. False for an unknown algorithm and for auth-int, which is never offered.
 */
export function digestMatches(credentials: DigestCredentials, question: DigestQuestion): boolean {
  const { algorithm, qop } = credentials;
  if (algorithm === null || qop === 'auth-int') return false;
  const expected = digestResponse({ ...credentials, algorithm, qop, method: question.method, ha1: question.ha1[algorithm] }, question.hash);
  return credentials.response.length === HEX_LENGTH[algorithm] && equalConstantTime(expected, credentials.response);
}

export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** H(A1), hex. */
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly qop: 'auth' | null;
  readonly ncText: string;
  readonly cnonce: string;
}

/** The request-digest, hex: RFC 7616 §3.4.1 with qop, RFC 2069 §2.4 without. */
export function digestResponse(input: DigestInput, hash: DigestHash): string {
  const algorithm = HASH_OF[input.algorithm];
  const ha2 = hash(algorithm, `${input.method}:${input.uri}`);
  const middle = input.qop === null ? input.nonce : `${input.nonce}:${input.ncText}:${input.cnonce}:${input.qop}`;
  return hash(algorithm, `${input.ha1}:${middle}:${ha2}`);
}

/** Compares texts in a time that depends on their lengths only. */
export function equalConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) difference |= (a.charCodeAt(index) || 0) ^ (b.charCodeAt(index) || 0);
  return difference === 0;
}

/**
 * Whether the digest's uri means the same resource as the Request-URI (RFC 7616 §3.4.6, RFC 3261 §22.4 point 6).
 * Interop: phones leave out port and parameters or write another of our host names there, and sipp leaves out the user;
 * `aliases` are hosts that are all us. Replay onto another request is stopped by the nonce count, not by this.
 */
export function digestUriMatches(digestUri: string, requestUri: string, aliases: readonly string[]): boolean {
  if (digestUri === requestUri) return true;
  const claimed = parseSipUri(digestUri);
  const asked = parseSipUri(requestUri);
  if (claimed === null || asked === null) {
    return claimed === asked && opaqueUriCore(digestUri) === opaqueUriCore(requestUri);
  }
  if ((claimed.user ?? '') !== '' && unescapeUri(claimed.user ?? '') !== unescapeUri(asked.user ?? '')) return false;
  if (claimed.host === asked.host) return true;
  const ours = new Set(aliases.map((alias) => alias.toLowerCase()));
  return ours.has(claimed.host) && ours.has(asked.host);
}

function opaqueUriCore(uri: string): string {
  return uri.toLowerCase().split(';', 1)[0] ?? '';
}

function algorithmNamed(name: string | undefined): DigestAlgorithm | null {
  switch (name?.toUpperCase()) {
    case undefined:
    case 'MD5':
      return 'MD5';
    case 'SHA-256':
      return 'SHA-256';
    default:
      return null;
  }
}

function unquotePairs(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

function malformed(reason: string): { readonly kind: 'malformed'; readonly reason: string } {
  return { kind: 'malformed', reason };
}
