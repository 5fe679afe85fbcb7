import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { SecretHasher } from '../ports/crypto.js';

const COST = { N: 16_384, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
/** scrypt runs in libuv's pool; more than two at once would starve file and DNS work of the process. */
const AT_ONCE = 2;

/** scrypt (RFC 7914) with a random salt; the text names its own cost, so that a later rise keeps old hashes readable. */
export function createSecretHasher(cost: number = COST.N): SecretHasher {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function derive(clear: string, salt: Buffer, n: number): Promise<Buffer> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        scrypt(clear, salt, KEY_BYTES, { N: n, r: COST.r, p: COST.p }, (error, key) => (error ? reject(error) : resolve(key)));
      });
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  }

  return {
    async hash(clear) {
      const salt = randomBytes(16);
      const key = await derive(clear, salt, cost);
      return `scrypt$${cost}$${salt.toString('base64url')}$${key.toString('base64url')}`;
    },
    async verify(clear, hash) {
      const [scheme, n, salt, key] = hash.split('$');
      const known = scheme === 'scrypt' && n !== undefined && salt !== undefined && key !== undefined;
      // An unreadable hash costs the same as a readable one and never matches.
      const expected = known ? Buffer.from(key, 'base64url') : Buffer.alloc(KEY_BYTES);
      const actual = await derive(clear, Buffer.from(salt ?? '', 'base64url'), known ? Number(n) : cost);
      return known && expected.length === actual.length && timingSafeEqual(expected, actual);
    },
  };
}
