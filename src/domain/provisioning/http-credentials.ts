import { digestMatches, equalConstantTime, deviceHa1, type DigestCredentials, type DigestHash } from '../auth/digest.js';

/** The one realm of phones' files: another for each device would tell which devices there are. */
export const PHONE_REALM = 'phones';

/** What a phone shows that it is itself, besides the address of its files. */
export interface HttpCredentials {
  readonly userName: string;
  readonly password: string;
}

/** An Authorization header as it was read. */
export type PhoneAuthorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly userName: string; readonly password: string }
  | { readonly kind: 'digest'; readonly credentials: DigestCredentials }
  /** Another scheme, or nothing that anybody can read. */
  | { readonly kind: 'unreadable' };

export interface CredentialsQuestion {
  readonly expected: HttpCredentials;
  readonly method: string;
  /** Path of the request as it came, with its query. */
  readonly target: string;
  /** Whether the digest's nonce is ours and young. */
  readonly freshNonce: boolean;
  readonly hash: DigestHash;
}

/** Whether a phone knows its credentials (RFC 7617 §2, RFC 7616 §3.4). Without qop no digest counts: it would not be bound to the request. */
export function credentialsMatch(sent: PhoneAuthorization, { expected, method, target, freshNonce, hash }: CredentialsQuestion): boolean {
  switch (sent.kind) {
    case 'none':
    case 'unreadable':
      return false;
    case 'basic':
      return [equalConstantTime(sent.userName, expected.userName), equalConstantTime(sent.password, expected.password)].every(Boolean);
    case 'digest': {
      const { credentials } = sent;
      // RFC 7616 §3.4.6: the resource is the one of the request line; some write the whole URL there.
      const named = pathOf(credentials.uri) === pathOf(target);
      const ours = credentials.realm === PHONE_REALM && credentials.qop === 'auth' && credentials.username === expected.userName;
      return digestMatches(credentials, { method, ha1: deviceHa1(hash, expected.userName, PHONE_REALM, expected.password), hash }) && named && ours && freshNonce;
    }
  }
}

function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/i, '');
}
