import t from 'tap';
import { StorageFault } from '../../src/ports/runtime.js';
import { EPOCH_KEY, bindingsKey } from '../../src/storage/redis/keys.js';
import type { RedisClient } from '../../src/storage/redis/client.js';
import { collectEvents, registerCommand, startTestRedis, testAccount, testDevice } from '../support/redis.js';

const URI = 'sip:desk@192.0.2.7:5060';

function comesBack(client: RedisClient): Promise<void> {
  return new Promise((resolve) => {
    if (client.available) resolve();
    else client.onAvailability((available) => { if (available) resolve(); });
  });
}

async function elapsed<T>(work: () => Promise<T>): Promise<readonly [ms: number, outcome: T | Error]> {
  const start = performance.now();
  const outcome = await work().catch((error: unknown) => error instanceof Error ? error : new Error(String(error)));
  return [performance.now() - start, outcome];
}

t.test('Redis hangs (SIGSTOP): faults in 600 ms, then at once; memory answers; back within 5 s', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  await service.register(registerCommand([{ uri: URI }], { natted: new Set([URI]) }));
  redis.signal('SIGSTOP');
  const [firstMs, fault] = await elapsed(() => service.register(registerCommand([{ uri: URI }], { cseq: 2 })));
  t.ok(fault instanceof StorageFault && fault.part === 'redis', String(fault));
  t.ok(firstMs < 650, `first fault after ${firstMs.toFixed(0)} ms`);
  const [nextMs, next] = await elapsed(() => service.register(registerCommand([{ uri: URI }], { cseq: 3 })));
  t.ok(next instanceof StorageFault && nextMs < 50, `next fault after ${nextMs.toFixed(0)} ms`);
  for (const [name, work] of Object.entries({
    list: () => service.list(testAccount, null, 10), count: () => service.count(testAccount), sweep: () => service.sweep(Date.now(), 10),
    drop: () => service.drop(testDevice(1), null, 'dropped'), endStreamBindings: () => service.endStreamBindings(),
  })) t.ok((await elapsed<unknown>(work))[1] instanceof StorageFault, name);

  const expiresAt = Date.now() + 60_000;
  const [factsMs, facts] = await elapsed(() => service.callFacts({ nonce: 'n', count: 1, expiresAt }, [testDevice(1), testDevice(2)]));
  t.ok(factsMs < 50, `call facts after ${factsMs.toFixed(0)} ms`);
  if (facts instanceof Error) throw facts;
  t.same([...facts.bindings].map(([device, [binding]]) => [device, binding?.contactUri]), [[testDevice(1), URI]]);
  t.equal((await service.callFacts({ nonce: 'n', count: 1, expiresAt }, [testDevice(1)])).nonceReplayed, true, 'replays are refused meanwhile');
  t.equal((await service.bindings([testDevice(1)])).size, 1);
  t.equal((await service.nattedBindings()).length, 1, 'NATs are kept open meanwhile');
  t.equal(redis.log.lines.filter(({ level }) => level === 'warn' || level === 'error').length, 1, 'one line for the outage');

  redis.signal('SIGCONT');
  const [backMs] = await elapsed(() => comesBack(client));
  t.ok(backMs < 5000, `back after ${backMs.toFixed(0)} ms`);
  const result = await service.register(registerCommand([{ uri: URI }], { cseq: 9 }));
  t.equal(result.kind, 'registered');
  t.equal((await service.callFacts({ nonce: 'n', count: 1, expiresAt }, [])).nonceReplayed, true, 'a use of the outage stays used');
});

t.test('a registration that timed out may be obeyed later, and its repetition is harmless', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  redis.signal('SIGSTOP');
  const [, fault] = await elapsed(() => service.register(registerCommand([{ uri: URI }], { cseq: 1 })));
  t.ok(fault instanceof StorageFault);
  redis.signal('SIGCONT');
  await comesBack(client);
  const again = await service.register(registerCommand([{ uri: URI }], { cseq: 2 }));
  t.same(again.kind === 'registered' && again.bindings.map(({ contactUri, cseq }) => [contactUri, cseq]), [[URI, 2]]);
  t.equal(await service.count(testAccount), 1);
});

t.test('during an outage nothing expires in memory: no phone could refresh', async (t) => {
  const redis = await startTestRedis(t);
  let now = Date.now();
  const { service, client } = await redis.location({ clock: { now: () => now } });
  await service.register(registerCommand([{ uri: URI, seconds: 60 }], { at: now }));
  redis.signal('SIGSTOP');
  await elapsed(() => service.count(testAccount));
  now += 3_600_000;
  t.equal((await service.bindings([testDevice(1)])).size, 1);
  redis.signal('SIGCONT');
  await comesBack(client);
  t.equal((await service.bindings([testDevice(1)])).size, 0, 'afterwards its time counts again');
});

t.test('kill -9 and restart: at most the last second is missing, and memory writes even that back', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  const register = (number: number) => service.register(registerCommand([{ uri: `sip:d${number}@192.0.2.7` }], { deviceId: testDevice(number) }));
  await Promise.all(Array.from({ length: 300 }, (_, i) => register(i)));
  const away = new Promise<void>((resolve) => client.onAvailability((available) => { if (!available) resolve(); }));
  // Stands for a write of the last second, which the append-only file never got.
  await client.ask((raw) => raw.del(bindingsKey(testDevice(5))));
  redis.signal('SIGKILL');
  await away;
  t.equal((await service.bindings([testDevice(7)])).size, 1, 'calls go on');
  await redis.restart();
  const [backMs] = await elapsed(() => comesBack(client));
  t.ok(backMs < 5000, `back after ${backMs.toFixed(0)} ms`);
  while (!redis.log.lines.some(({ event }) => event === 'bindings written back')) await new Promise((resolve) => setImmediate(resolve));
  // The second node has no memory of its own: what it finds is in Redis.
  const fresh = await redis.location({ nodeId: 'node-b' });
  const heard = collectEvents(service, 1);
  await service.drop(testDevice(0), null, 'dropped');
  await heard;
  t.equal(await fresh.service.count(testAccount), 299);
  t.equal((await fresh.service.bindings([testDevice(5)])).size, 1, 'written back from memory');
  t.equal((await service.register(registerCommand([{ uri: URI }], { deviceId: testDevice(900) }))).kind, 'registered', 'scripts are taught again');
});

t.test('a flush is noticed without a broken connection, and bindings are written back', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  const other = await redis.location({ nodeId: 'node-b' });
  for (let i = 0; i < 5; i += 1) await service.register(registerCommand([{ uri: `sip:d${i}@192.0.2.7` }], { deviceId: testDevice(i) }));
  const epoch = await client.ask((raw) => raw.get(EPOCH_KEY));
  const losses: string[] = [];
  const told = [client, other.client].map((one) => new Promise<void>((resolve) => one.onDataLoss((loss) => { losses.push(loss); resolve(); })));
  await client.ask((raw) => raw.flushall());
  t.equal((await service.bindings([testDevice(3)])).size, 1, 'empty is not nobody: memory answers until it is written back');
  await Promise.all(told);
  t.same(losses, ['emptied', 'emptied']);
  while (await service.count(testAccount) < 5) await new Promise((resolve) => setImmediate(resolve));
  t.equal(await service.count(testAccount), 5);
  t.not(await client.ask((raw) => raw.get(EPOCH_KEY)), epoch);
  const late = await redis.location({ nodeId: 'node-c' });
  t.equal((await late.service.bindings([testDevice(0), testDevice(4)])).size, 2);
  t.equal((await late.service.register(registerCommand('query', { deviceId: testDevice(2) }))).kind, 'registered');
});

t.test('an empty Redis never used is no loss', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  let losses = 0;
  client.onDataLoss(() => { losses += 1; });
  t.equal((await service.bindings([testDevice(1)])).size, 0);
  t.equal(losses, 0);
  t.ok(await client.ask((raw) => raw.get(EPOCH_KEY)));
});

t.test('a binding that ended while a node could not hear is forgotten by it', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  const other = await redis.location({ nodeId: 'node-b', onlyNode: true });
  await service.register(registerCommand([{ uri: URI }], { natted: new Set([URI]) }));
  while ((await other.service.nattedBindings()).length === 0) await new Promise((resolve) => setImmediate(resolve));
  // Cuts the connection of events only, and drops the binding before it can come back.
  const client = await redis.client();
  await Promise.all([client.ask((raw) => raw.client('KILL', 'TYPE', 'pubsub')), service.drop(testDevice(1), null, 'dropped')]);
  while ((await other.service.nattedBindings()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  t.same(await other.service.nattedBindings(), [], 'forgotten after the next reading');
});

t.test('commands in flight fail when the connection closes, and none is left hanging', async (t) => {
  const redis = await startTestRedis(t);
  const { client } = await redis.location();
  redis.signal('SIGSTOP');
  const pending = Array.from({ length: 20 }, () => elapsed(() => client.ask((raw) => raw.get('x'))));
  redis.signal('SIGKILL');
  for (const [ms, outcome] of await Promise.all(pending)) t.ok(outcome instanceof StorageFault && ms < 600);
});
