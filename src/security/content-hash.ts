import { createHash } from 'node:crypto';
import type { ContentHash } from '../ports/crypto.js';

/** SHA-256 (FIPS 180-4). */
export function createContentHash(): ContentHash {
  const hash = createHash('sha256');
  return { update: (data) => void hash.update(data), hex: () => hash.digest('hex') };
}
