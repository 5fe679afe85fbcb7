import { randomFillSync, randomInt, randomUUID } from 'node:crypto';

const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz0123456789';
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** 13 random letters and digits, about 75 bits: RFC 3261 §19.3 asks for 32. */
function randomText(): string {
  if (used + 13 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (let end = used + 13; used < end; used += 1) text += ALPHABET[(pool[used] ?? 0) % ALPHABET.length];
  return text;
}

export const newTag = randomText;

/** RFC 3261 §8.1.1.7: with the magic cookie. */
export const newBranch = (): string => `z9hG4bK${randomText()}`;

export const newCallId = (): string => randomUUID();

export const newTransactionId = (): string => randomUUID();

/** RFC 3261 §8.1.1.5 proposes the clock: half the seconds since 1970, 27 bits. */
export const firstCSeq = (epochMs: number): number => Math.floor(epochMs / 2_000) & 0x7ffffff;

/** RFC 3262 §3: the first RSeq is chosen at random between 1 and 2^31 - 1; headroom is left for the following ones. */
export const firstRSeq = (): number => randomInt(1, 2 ** 31 - 65_536);

/** RFC 3261 §14.2: seconds between 0 and 10. */
export const retryAfterGlare = (): string => String(randomInt(0, 11));
