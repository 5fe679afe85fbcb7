import { createHash, createHmac } from 'node:crypto';
import type { DigestHash } from '../../src/domain/auth/digest.js';

/** The domain's hash argument by Node.js' own crypto. */
export const nodeHash: DigestHash = (algorithm, text) => createHash(algorithm).update(text, 'utf8').digest('hex');

/** A keyed hash as the nonce wants it. */
export function nodeMac(key: string): (text: string) => string {
  return (text) => createHmac('sha256', key).update(text, 'utf8').digest('base64url').slice(0, 22);
}
