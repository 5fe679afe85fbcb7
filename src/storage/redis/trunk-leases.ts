import type { TrunkLeases } from '../../ports/trunks.js';
import type { RedisClient } from './client.js';
import { trunkLeaseKey } from './keys.js';
import type { Scripts } from './scripts.js';

export function createTrunkLeases({ client, scripts }: { readonly client: Pick<RedisClient, 'run'>; readonly scripts: Scripts }): TrunkLeases {
  return {
    hold: async (id, holder, ttlMs) => await client.run(scripts['hold-lease'], [trunkLeaseKey(id)], [holder, ttlMs]) === 1,
    release: async (id, holder) => {
      await client.run(scripts['release-lease'], [trunkLeaseKey(id)], [holder]);
    },
  };
}
