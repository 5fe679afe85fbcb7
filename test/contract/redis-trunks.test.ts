import t from 'tap';
import { asId, type TrunkId } from '../../src/domain/ids.js';
import { createTrunkTroubles } from '../../src/storage/redis/trunk-troubles.js';
import { createTrunkLeases } from '../../src/storage/redis/trunk-leases.js';
import { loadScripts } from '../../src/storage/redis/scripts.js';
import { startTestRedis } from '../support/redis.js';

const A = asId<TrunkId>('trunk-a');

t.test('what nodes see wrong with trunks', async (t) => {
  const redis = await startTestRedis(t);
  const troubles = createTrunkTroubles({ client: await redis.client() });
  const told = async (...asked: Parameters<typeof troubles.tell>): Promise<readonly string[]> =>
    (await troubles.tell(...asked)).map(({ nodeId, part }) => `${nodeId} ${part}`).sort();
  t.same(await told('one', [{ trunkId: A, part: 'g1' }, { trunkId: A, part: 'registration' }], 1000), ['one g1', 'one registration']);
  t.same(await told('two', [{ trunkId: A, part: 'g1' }], 2000), ['one g1', 'one registration', 'two g1']);
  t.same(await told('one', [{ trunkId: A, part: 'g1' }], 3000), ['one g1', 'two g1'], 'a node takes back what it said');
  t.same(await told('one', [], 4000), ['two g1'], 'and nothing of another');
  t.same(await told('one', [], 60_000), [], 'a node that says nothing any more is forgotten');
});

t.test('a lease is one node\'s until it gives it up or is silent', async (t) => {
  const redis = await startTestRedis(t);
  const leases = createTrunkLeases({ client: await redis.client(), scripts: loadScripts() });
  t.same([await leases.hold(A, 'one', 5000), await leases.hold(A, 'two', 5000), await leases.hold(A, 'one', 50)], [true, false, true]);
  await new Promise((resolve) => void setTimeout(resolve, 80));
  t.same([await leases.hold(A, 'two', 5000), await leases.hold(A, 'one', 5000)], [true, false], 'Redis itself ends it');
  await leases.release(A, 'one');
  t.equal(await leases.hold(A, 'one', 5000), false);
  await leases.release(A, 'two');
  t.equal(await leases.hold(A, 'one', 5000), true);
});
