import { createHash, randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { HashFunction, RandomSource } from '../ports/crypto.js';
import type { Clock, IdSource } from '../ports/runtime.js';

/** 32 letters and digits without those that people confuse (0 O, 1 l I): one character is exactly five random bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Drawn ahead: a nonce for each challenge would otherwise cost a call into the operating system. */
const POOL_BYTES = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/** Bytes never given out before; those of the pool are erased as they go. */
function draw(length: number): Buffer {
  if (length > POOL_BYTES) return randomBytes(length);
  if (used + length > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + length));
  pool.fill(0, used, used += length);
  return bytes;
}

/** Randomness of the operating system. */
export const systemRandom: RandomSource = {
  token(length) {
    let text = '';
    for (const byte of draw(length)) text += ALPHABET.charAt(byte & 31);
    return text;
  },
  bytes: draw,
};

/** Lower-case ULIDs, rising even within one millisecond. */
export function createIdSource(clock: Clock): IdSource {
  // Its own source asks the operating system once for every character.
  const ulid = monotonicFactory(() => draw(4).readUInt32LE() / 2 ** 32);
  return { next: () => ulid(clock.now()).toLowerCase() };
}

/** Hex digest of UTF-8 text, for pure code that is handed a hash. MD5 is SIP digest's, never used for secrets at rest. */
export const hashText: HashFunction = (algorithm, text) => createHash(algorithm).update(text).digest('hex');
