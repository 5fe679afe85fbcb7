import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Redis } from 'ioredis';
import type { RateClass, RateLimits } from '../../ports/rate-limits.js';
import type { Log } from '../../ports/runtime.js';
import type { RedisClient } from './client.js';
import { RATE_PREFIX } from './keys.js';

/** Requests in a span of seconds; 0 requests = no limit. */
export interface Allowance {
  readonly requests: number;
  readonly seconds: number;
}

export interface RateLimitOptions {
  readonly client: Pick<RedisClient, 'open'>;
  readonly allowances: Readonly<Record<RateClass, Allowance>>;
  readonly log: Log;
}

/** Counts in Redis over a connection of its own; while Redis is away each node counts for itself. */
export async function createRateLimits({ client, allowances, log }: RateLimitOptions): Promise<RateLimits & { close(): void }> {
  const redis = client.open('commands');
  // Failures end in the limiter's own memory.
  await redis.connect().catch((error: unknown) => log.debug('rate-limits-without-redis', { err: error }));
  const limiters = new Map(Object.entries(allowances).map(([kind, allowance]) => [kind, limiterOf(redis, kind, allowance)]));
  return {
    async take(kind, caller) {
      const limiter = limiters.get(kind);
      if (!limiter) return null;
      const limit = allowances[kind].requests;
      const [allowed, state] = await limiter.consume(caller).then(
        (left) => [true, left] as const,
        (over: unknown) => [false, over] as const,
      );
      if (!(state instanceof RateLimiterRes)) {
        log.warn('rate-limit-not-counted', { err: state });
        return null;
      }
      return { allowed, limit, remaining: Math.max(0, state.remainingPoints), resetMs: Math.max(0, state.msBeforeNext) };
    },
    close: () => redis.disconnect(),
  };
}

function limiterOf(redis: Redis, kind: string, { requests, seconds }: Allowance): RateLimiterRedis | null {
  if (requests === 0) return null;
  const counted = { points: requests, duration: seconds, keyPrefix: RATE_PREFIX + kind };
  return new RateLimiterRedis({ ...counted, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: new RateLimiterMemory(counted) });
}
