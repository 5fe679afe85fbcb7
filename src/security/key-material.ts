import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { KeyedHash, TextSigner } from '../ports/crypto.js';

/** Purposes a key is derived for; one never serves two. */
export type KeyPurpose =
  | 'nonce' | 'token' | 'device-password' | 'pin' | 'webhook-secret' | 'mail' | 'edge' | 'kept-answer' | 'provisioning' | 'trunk-password';

/** Derives a 32-byte key for one purpose from the installation's secret key (HKDF-SHA256, RFC 5869). */
export function deriveKey(secretKey: Uint8Array, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), `cordboard/${purpose}`, 32));
}

/** A keyed hash over text: base64url HMAC-SHA256 cut to `bytes`. */
export function keyedHash(key: Buffer): KeyedHash {
  // A key object is prepared once; a buffer would be at every call, and there is one for each challenge.
  const prepared = createSecretKey(key);
  return (text, bytes) => createHmac('sha256', prepared).update(text).digest().subarray(0, bytes).toString('base64url');
}

/** HMAC-SHA256 in hex, keyed with the secret as it was shown to its owner. */
export const signText: TextSigner = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');
