import type { AccountId } from '../domain/ids.js';

/** Hashes that pure code needs handed in: lower-case hex of the digest of `text` (UTF-8). */
export type HashFunction = (algorithm: 'md5' | 'sha256', text: string) => string;

/** Keeps small secrets that must be readable again (device passwords) sealed at rest with a key outside the database. */
export interface SecretBox {
  /** Returns an opaque text for storage; `context` (for example the device id) must be given again to open it. */
  seal(clear: string, context: string): string;
  /** Throws `SealBroken` for a text sealed with another key or context. */
  open(sealed: string, context: string): string;
}

/** Keyed hash for nonces and tokens: base64url HMAC-SHA256 of `text`, truncated to `bytes`. */
export type KeyedHash = (text: string, bytes: number) => string;

/** Lower-case hex of the HMAC-SHA256 of `text` under a secret's own characters (UTF-8): what the receiver can compute, too. */
export type TextSigner = (secret: string, text: string) => string;

/** Client secrets: slow salted hash at rest, compared in constant time. */
export interface SecretHasher {
  hash(clear: string): Promise<string>;
  verify(clear: string, hash: string): Promise<boolean>;
}

/** PINs: one to six digits, so the hash is keyed with a secret outside the database, one an account, and slow and salted. */
export interface PinHasher {
  hash(accountId: AccountId, pin: string): Promise<string>;
  /** A null hash costs the same as a real one and never matches. At most two run at once. */
  verify(accountId: AccountId, pin: string, hash: string | null): Promise<boolean>;
  /** Stands for digits that may not be kept: a keyed hash, the same for the same digits of an account. */
  keyOf(accountId: AccountId, digits: string): string;
}

export interface RandomSource {
  /** `length` characters from an unambiguous URL-safe alphabet, uniformly. */
  token(length: number): string;
  bytes(length: number): Uint8Array;
}

/** Bearer tokens of the API. */
export interface TokenIssuer {
  issue(claims: TokenClaims, lifetimeSeconds: number): Promise<string>;
  /** Null for anything not issued here, changed, or expired. */
  verify(token: string): Promise<VerifiedToken | null>;
  /** For a person who signed in. */
  issueForUser(claims: UserTokenClaims, lifetimeSeconds: number): Promise<string>;
  /** The same for tokens of people: one kind never passes for the other. */
  verifyUser(token: string): Promise<UserTokenClaims | null>;
}

export interface UserTokenClaims {
  readonly userId: string;
  readonly accountId: string;
  /** The sign-in that it belongs to, and ends with. */
  readonly sessionId: string;
}

export interface VerifiedToken extends TokenClaims {
  /** Names this one token. */
  readonly tokenId: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export interface TokenClaims {
  readonly clientId: string;
  readonly accountId: string;
  readonly role: string;
  /** The client's generation at issue; raising it revokes every token before. */
  readonly generation: number;
}

/** SHA-256 of content as it comes. */
export interface ContentHash {
  update(data: Uint8Array): void;
  /** Lower-case hex of all of it; asked once. */
  hex(): string;
}

/** One certificate of a bundle that is to be trusted. */
export interface ReadAuthority {
  /** Its subject in one line. */
  readonly name: string;
  /** SHA-256, upper-case hex with colons. */
  readonly fingerprint: string;
  readonly pem: string;
  readonly expiresAt: number;
}

/** Reads certificates of authorities, PEM one after the other; `problem` is a sentence with the remedy. */
export type AuthorityReader = (pem: string) => { readonly kind: 'authorities'; readonly authorities: readonly ReadAuthority[] } | { readonly kind: 'problem'; readonly text: string };
