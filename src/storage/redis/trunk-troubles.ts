import { asId, type TrunkId } from '../../domain/ids.js';
import type { TrunkTrouble, TrunkTroubles } from '../../ports/trunks.js';
import type { RedisClient } from './client.js';
import { TRUNK_TROUBLES_KEY } from './keys.js';

/** Three looks of a node; what one that died said is forgotten then. */
const REMEMBERED_MS = 50_000;

/** One sorted set by the instant at which it is forgotten: `node trunk part`; neither holds a space. */
export function createTrunkTroubles({ client }: { readonly client: Pick<RedisClient, 'ask'> }): TrunkTroubles {
  return {
    tell: (nodeId, troubles, now) => client.ask(async (redis) => {
      const said = troubles.map(({ trunkId, part }) => `${nodeId} ${trunkId} ${part}`);
      const members = await redis.zrangebyscore(TRUNK_TROUBLES_KEY, `(${now}`, '+inf');
      const over = members.filter((member) => member.startsWith(`${nodeId} `) && !said.includes(member));
      const others = members.filter((member) => !member.startsWith(`${nodeId} `));
      await redis.zremrangebyscore(TRUNK_TROUBLES_KEY, '-inf', now);
      if (over.length > 0) await redis.zrem(TRUNK_TROUBLES_KEY, ...over);
      if (said.length > 0) await redis.zadd(TRUNK_TROUBLES_KEY, ...said.flatMap((member) => [now + REMEMBERED_MS, member]));
      return [...others, ...said].map(troubleOf);
    }),
  };
}

function troubleOf(member: string): TrunkTrouble {
  const [nodeId = '', trunkId = '', part = ''] = member.split(' ');
  return { nodeId, trunkId: asId<TrunkId>(trunkId), part };
}
