/** Tokens of one source or user; a plain object, for there are many. */
export interface TokenBucket {
  tokens: number;
  /** When tokens were last added, ms. */
  at: number;
}

export interface BucketRate {
  readonly perSecond: number;
  /** What a bucket holds. */
  readonly burst: number;
}

export const fullBucket = (rate: BucketRate, now: number): TokenBucket => ({ tokens: rate.burst, at: now });

/** Takes one token where there is one. @param now ms, any clock that never goes back */
export function takeToken(bucket: TokenBucket, rate: BucketRate, now: number): boolean {
  if (now > bucket.at) {
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) * rate.perSecond) / 1_000);
    bucket.at = now;
  }
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
