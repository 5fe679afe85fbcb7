import t from 'tap';
import { createConfigHint } from '../../src/storage/redis/config-hint.js';
import { startTestRedis } from '../support/redis.js';

t.test('a hint reaches the other nodes, and not the one that gave it', async (t) => {
  const redis = await startTestRedis(t);
  const hints = await Promise.all(['one', 'two'].map(async (nodeId) => createConfigHint({ client: await redis.client(), nodeId, log: redis.log })));
  const [one, two] = hints;
  if (one === undefined || two === undefined) throw new Error('no hints');
  t.teardown(() => hints.forEach((hint) => hint.close()));
  const heard = { one: 0, two: 0 };
  let hear = (): void => undefined;
  const next = (): Promise<void> => new Promise((resolve) => (hear = resolve));
  const subscribed = next();
  t.teardown(one.listen(() => void (heard.one += 1)));
  t.teardown(two.listen(() => {
    heard.two += 1;
    hear();
  }));
  await subscribed;
  t.equal(heard.two, 1, 'a new subscription is a hint itself: those before it were missed');
  const told = next();
  one.tell();
  await told;
  t.equal(heard.two, 2);
  const again = next();
  one.tell();
  await again;
  t.ok(heard.one <= 1, 'its own words are none to itself');
});
