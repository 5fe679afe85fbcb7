import { createHash, randomBytes } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import type { HashFunction, RandomSource } from '../ports/crypto.js';
import type { Clock, IdSource } from '../ports/runtime.js';

/** 32 letters and digits without those that people confuse (0 O, 1 l I): one character is exactly five random bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Randomness of the operating system. */
export const systemRandom: RandomSource = {
  token: (length) => Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte & 31)).join(''),
  bytes: (length) => randomBytes(length),
};

/** Lower-case ULIDs, rising even within one millisecond. */
export function createIdSource(clock: Clock): IdSource {
  const ulid = monotonicFactory();
  return { next: () => ulid(clock.now()).toLowerCase() };
}

/** Hex digest of UTF-8 text, for pure code that is handed a hash. MD5 is SIP digest's, never used for secrets at rest. */
export const hashText: HashFunction = (algorithm, text) => createHash(algorithm).update(text).digest('hex');
