import type { FraudCounters } from '../../ports/fraud-stores.js';
import type { RedisClient } from './client.js';
import { readingKey } from './keys.js';

export function createFraudCounters(client: Pick<RedisClient, 'ask'>): FraudCounters {
  return {
    put: async (values) => {
      await client.ask((redis) => Promise.all(values.map(({ key, value, ttlMs }) => redis.set(readingKey(key), String(Math.round(value)), 'PX', Math.max(1, Math.round(ttlMs))))));
    },
    forget: async (keys) => {
      if (keys.length > 0) await client.ask((redis) => redis.del(...keys.map(readingKey)));
    },
  };
}
