import t from 'tap';
import { CALL_BACK_MS, pinOf, type CallBackPin } from '../../src/domain/emergency/call-back-pin.js';
import { asId, type AccountId, type DeviceId } from '../../src/domain/ids.js';
import { createCallBackPins, type RedisCallBackPins } from '../../src/storage/redis/call-back-pins.js';
import { newId } from '../support/sample-account.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const accountId = asId<AccountId>('account');
const NUMBER = '+14085550100';

function pinAt(at: number, changes: { readonly elin?: string; readonly deviceId?: DeviceId } = {}): CallBackPin {
  const pin = pinOf({ accountId, deviceId: changes.deviceId ?? newId<DeviceId>(), elin: changes.elin ?? '', deskNumber: NUMBER, at });
  if (pin === null) throw new Error('no pin');
  return pin;
}

async function nodeOn(redis: TestRedis, clock: { now(): number }): Promise<RedisCallBackPins> {
  return createCallBackPins({ client: await redis.client(), clock, log: redis.log });
}

t.test('a pin holds an hour, is known to the other nodes, and outlives the process', async (t) => {
  const redis = await startTestRedis(t);
  let now = Date.now();
  const clock = { now: () => now };
  const [one, two] = [await nodeOn(redis, clock), await nodeOn(redis, clock)];
  const pin = pinAt(now);
  one.pin(pin);
  t.same(one.pinned(accountId, NUMBER), [pin], 'at once where the call was');
  t.same(two.pinned(accountId, NUMBER), []);
  await one.exchange();
  await two.exchange();
  t.same(two.pinned(accountId, NUMBER), [pin], 'with the next exchange elsewhere');
  t.same(two.pinned(asId<AccountId>('other'), NUMBER), [], 'of its account only');
  t.same(two.pinned(accountId, '+14085550101'), [], 'of its number only');

  const restarted = await nodeOn(redis, clock);
  await restarted.exchange();
  t.same(restarted.pinned(accountId, NUMBER), [pin], 'after a restart');

  now += CALL_BACK_MS - 1;
  t.equal(restarted.pinned(accountId, NUMBER).length, 1, 'until the last moment');
  now += 1;
  t.same(restarted.pinned(accountId, NUMBER), []);
  await one.exchange();
  const fresh = await nodeOn(redis, { now: () => 0 });
  await fresh.exchange();
  t.same(fresh.pinned(accountId, NUMBER), [], 'Redis has forgotten it as well');
});

t.test('several desks under one number; a second call of one desk lengthens its hour', async (t) => {
  const redis = await startTestRedis(t);
  const node = await nodeOn(redis, { now: () => 1_000 });
  const deviceId = newId<DeviceId>();
  const [first, second, other] = [pinAt(1_000, { deviceId }), pinAt(2_000, { deviceId }), pinAt(1_500)];
  for (const pin of [second, first, other]) node.pin(pin);
  t.same(node.pinned(accountId, NUMBER), [second, other], 'the newest first, each desk once');
});

t.test('while Redis is away memory answers; a Redis that lost everything gets it back', { timeout: 60_000 }, async (t) => {
  const redis = await startTestRedis(t);
  const clock = { now: () => Date.now() };
  const client = await redis.client();
  const node = createCallBackPins({ client, clock, log: redis.log });
  const away = new Promise<void>((resolve) => {
    const end = client.onAvailability((available) => {
      if (available) return;
      end();
      resolve();
    });
  });
  redis.signal('SIGSTOP');
  const pin = pinAt(clock.now());
  const began = performance.now();
  node.pin(pin);
  t.ok(performance.now() - began < 50, 'nobody waits');
  t.same(node.pinned(accountId, NUMBER), [pin]);
  await away;
  t.same(node.pinned(accountId, NUMBER), [pin]);
  const back = new Promise<void>((resolve) => void client.onAvailability((available) => available && resolve()));
  redis.signal('SIGCONT');
  await back;
  await node.exchange();

  const lost = new Promise<void>((resolve) => void client.onDataLoss(() => resolve()));
  await client.ask((connection) => connection.flushall());
  client.suspectDataLoss();
  await lost;
  const later = new Promise<void>((resolve) => setImmediate(resolve));
  await later;
  await node.exchange();
  const restarted = await nodeOn(redis, clock);
  await restarted.exchange();
  t.same(restarted.pinned(accountId, NUMBER), [pin]);
});

t.test('a call that showed no number leaves no pin; an ELIN is preferred to the number of the desk', async (t) => {
  t.equal(pinOf({ accountId, deviceId: newId(), elin: '', deskNumber: '', at: 0 }), null);
  t.match(pinOf({ accountId, deviceId: newId(), elin: '+14085550199', deskNumber: NUMBER, at: 0 }), { number: '+14085550199', elin: true, until: CALL_BACK_MS });
  t.match(pinAt(0), { number: NUMBER, elin: false });
});
