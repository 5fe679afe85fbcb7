import { createHmac, hkdfSync } from 'node:crypto';
import type { AccountId } from '../domain/ids.js';
import type { PinHasher } from '../ports/crypto.js';
import { createSecretHasher } from './secret-hasher.js';

/**
 * scrypt's cost for PINs, about 10 ms: a million PINs are tried in hours at any cost that a batch of new users can bear. What
 * protects them is the pepper, which no copy of the database holds.
 */
const PIN_COST = 4096;
/** Unreadable, so that it never matches; the hasher spends the same on it. */
const NO_HASH = '';

/** PINs under a pepper of each account (HKDF-SHA256, RFC 5869, of the key derived for PINs), then scrypt with a salt. */
export function createPinHasher(pinKey: Uint8Array, cost: number = PIN_COST): PinHasher {
  const hasher = createSecretHasher(cost);
  const peppered = (accountId: AccountId, purpose: 'pin' | 'digits', text: string): string => {
    const pepper = Buffer.from(hkdfSync('sha256', pinKey, Buffer.alloc(0), `${purpose}/${accountId}`, 32));
    return createHmac('sha256', pepper).update(text).digest('base64url');
  };
  return {
    hash: (accountId, pin) => hasher.hash(peppered(accountId, 'pin', pin)),
    verify: (accountId, pin, hash) => hasher.verify(peppered(accountId, 'pin', pin), hash ?? NO_HASH),
    keyOf: (accountId, digits) => `digits:${peppered(accountId, 'digits', digits).slice(0, 22)}`,
  };
}
