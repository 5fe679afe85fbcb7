import type { NodeLeases } from '../../ports/call-log.js';
import { StorageFault, type Clock } from '../../ports/runtime.js';
import type { RedisClient } from './client.js';
import { LEASES_KEY, LEASE_MEMORY_MS } from './keys.js';

/** After a flush every node needs time to say again that it lives. */
const SETTLE_MS = 60_000;

/** Leases of the nodes in one sorted set. After data was lost `live` faults for a minute rather than declare nodes dead. */
export function createNodeLeases(options: { readonly client: RedisClient; readonly clock: Clock }): NodeLeases {
  const { client, clock } = options;
  let lostAt: number | null = null;
  client.onDataLoss((loss) => {
    if (loss === 'emptied') lostAt = clock.now();
  });
  return {
    async renew(nodeId, now, ttlMs) {
      await client.ask((redis) => redis.zadd(LEASES_KEY, now + ttlMs, nodeId));
    },
    async live(now) {
      if (lostAt !== null && clock.now() - lostAt < SETTLE_MS) {
        throw new StorageFault('redis', new Error('leases were lost a moment ago'));
      }
      const [, live] = await client.ask((redis) => Promise.all([
        redis.zremrangebyscore(LEASES_KEY, '-inf', now - LEASE_MEMORY_MS),
        redis.zrangebyscore(LEASES_KEY, `(${now}`, '+inf'),
      ]));
      return new Set(live);
    },
    async release(nodeId) {
      await client.ask((redis) => redis.zrem(LEASES_KEY, nodeId));
    },
  };
}
