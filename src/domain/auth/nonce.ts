import { equalConstantTime } from './digest.js';

/** Keyed hash of `text`, base64url; the key stays outside. */
export type NonceMac = (text: string) => string;

export interface NonceSeed {
  /** Epoch milliseconds of making. */
  readonly at: number;
  /** Unguessable, at least 8 characters of a URL-safe alphabet. */
  readonly random: string;
  readonly mac: NonceMac;
}

export type NonceCheck =
  | { readonly kind: 'valid' | 'expired'; readonly expiresAt: number }
  | { readonly kind: 'forged' };

/**
 * A nonce that proves its own origin and age, so that a challenge stores nothing (RFC 7616 §3.3 leaves the making to us):
 * time in base 36, random text, keyed hash over both, joined by dots.
 */
export function makeNonce(seed: NonceSeed): string {
  const signed = `${seed.at.toString(36)}.${seed.random}`;
  return `${signed}.${seed.mac(signed)}`;
}

/** Says whether a nonce was made here and is still good at `at`; `expired` wants a challenge with stale=true, no failure counted. */
export function checkNonce(nonce: string, now: { readonly at: number; readonly lifetimeMs: number; readonly mac: NonceMac }): NonceCheck {
  const first = nonce.indexOf('.');
  const last = nonce.lastIndexOf('.');
  if (first < 1 || last <= first) return { kind: 'forged' };
  const signed = nonce.slice(0, last);
  if (!equalConstantTime(now.mac(signed), nonce.slice(last + 1))) return { kind: 'forged' };
  const madeAt = Number.parseInt(nonce.slice(0, first), 36);
  const expiresAt = madeAt + now.lifetimeMs;
  // One from the far future was made before the clock was set back: its age says nothing, so it is renewed.
  const good = now.at < expiresAt && madeAt - now.at <= now.lifetimeMs;
  return { kind: good ? 'valid' : 'expired', expiresAt };
}
