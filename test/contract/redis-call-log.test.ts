import t from 'tap';
import type { CallEvent } from '../../src/domain/calls/call-event.js';
import { asId } from '../../src/domain/ids.js';
import type { CallLogEntry, CallLogReader } from '../../src/ports/call-log.js';
import { createCallLog } from '../../src/storage/redis/call-log.js';
import { createCallLogReader } from '../../src/storage/redis/call-log-reader.js';
import type { RedisClient } from '../../src/storage/redis/client.js';
import { CALL_LOG_KEY, LEASES_KEY } from '../../src/storage/redis/keys.js';
import { createNodeLeases } from '../../src/storage/redis/node-leases.js';
import { loadScripts } from '../../src/storage/redis/scripts.js';
import { startTestRedis, testAccount, type TestRedis } from '../support/redis.js';

const scripts = loadScripts();
const FAULT = { name: 'StorageFault', part: 'redis' };

function event(number: number): CallEvent {
  return { kind: 'answered', callId: asId(`call-${number}`), accountId: testAccount, at: number, legDeviceId: null };
}

function numbers(entries: readonly CallLogEntry[]): readonly number[] {
  return entries.map((entry) => entry.event.at);
}

async function readAll(reader: CallLogReader, total: number): Promise<readonly CallLogEntry[]> {
  const all: CallLogEntry[] = [];
  while (all.length < total) {
    const some = await reader.read(100, 2000);
    if (some.length === 0) break;
    all.push(...some);
    await reader.acknowledge(some.map(({ streamId }) => streamId));
  }
  return all;
}

function up(client: RedisClient): Promise<void> {
  return new Promise((resolve) => {
    if (client.available) resolve();
    else client.onAvailability((available) => { if (available) resolve(); });
  });
}

async function setUp(t: Parameters<typeof startTestRedis>[0], options: { readonly mostQueued?: number; readonly flushTimeoutMs?: number } = {}) {
  const redis: TestRedis = await startTestRedis(t);
  const client = await redis.client();
  const callLog = createCallLog({ client, scripts, log: redis.log, ...options });
  const reader = (consumer: string, staleMs = 30_000): CallLogReader => {
    const made = createCallLogReader({ client, log: redis.log, consumer, staleMs });
    t.teardown(() => made.close());
    return made;
  };
  return { redis, client, callLog, reader };
}

t.test('events come out as they went in, in order, and leave nothing once acknowledged', async (t) => {
  const { client, callLog, reader } = await setUp(t);
  const one = reader('node-a');
  for (let i = 1; i <= 250; i += 1) callLog.append(event(i));
  await callLog.flush();
  t.same(callLog.figures(), { call_events_queued: 0, call_events_dropped: 0 });
  const all = await readAll(one, 250);
  t.same(numbers(all), Array.from({ length: 250 }, (_, i) => i + 1));
  t.same(all[0]?.event, event(1));
  t.equal(new Set(all.map(({ streamId }) => streamId)).size, 250);
  t.equal(await client.ask((raw) => raw.xlen(CALL_LOG_KEY)), 0);
  t.same(await one.read(10, 20), [], 'the wait ends');
});

t.test('a reader that waits gets what comes', async (t) => {
  const { callLog, reader } = await setUp(t);
  const one = reader('node-a');
  t.same(await one.read(10, 1), []);
  const waiting = one.read(10, 10_000);
  callLog.append(event(1));
  t.same(numbers(await waiting), [1]);
});

t.test('what is not acknowledged comes again: to the same reader, and after a restart of it', async (t) => {
  const { callLog, reader } = await setUp(t);
  for (let i = 1; i <= 3; i += 1) callLog.append(event(i));
  await callLog.flush();
  const one = reader('node-a');
  const first = await one.read(10, 100);
  t.same(numbers(first), [1, 2, 3]);
  await one.acknowledge(first.slice(0, 1).map(({ streamId }) => streamId));
  t.same(numbers(await one.read(10, 100)), [2, 3]);
  await one.close();
  t.same(await one.read(10, 100), [], 'closed');
  const again = reader('node-a');
  callLog.append(event(4));
  await callLog.flush();
  const old = await again.read(10, 100);
  t.same(numbers(old), [2, 3], 'the old ones first');
  await again.acknowledge(old.map(({ streamId }) => streamId));
  t.same(numbers(await again.read(10, 100)), [4]);
});

t.test('two readers share; what one left behind goes to the other', async (t) => {
  const { callLog, reader } = await setUp(t);
  const one = reader('node-a', 0);
  const two = reader('node-b', 0);
  for (let i = 1; i <= 4; i += 1) callLog.append(event(i));
  await callLog.flush();
  t.same(numbers(await one.read(2, 100)), [1, 2]);
  await one.close();
  const taken: number[] = [];
  while (taken.length < 4) {
    const some = await two.read(10, 100);
    taken.push(...numbers(some));
    await two.acknowledge(some.map(({ streamId }) => streamId));
  }
  t.same(taken.sort(), [1, 2, 3, 4]);
  t.same(await two.read(10, 1), []);
});

t.test('the log survives an outage in order, each event once', async (t) => {
  const { redis, client, callLog, reader } = await setUp(t, { flushTimeoutMs: 100 });
  callLog.append(event(1));
  await callLog.flush();
  redis.signal('SIGSTOP');
  // Sent and perhaps obeyed, but its answer is lost.
  for (let i = 2; i <= 10; i += 1) callLog.append(event(i));
  await t.rejects(callLog.flush(), FAULT);
  await client.ask((raw) => raw.get('x')).catch(() => undefined);
  for (let i = 11; i <= 400; i += 1) callLog.append(event(i));
  redis.signal('SIGCONT');
  await up(client);
  await callLog.flush();
  t.same(numbers(await readAll(reader('node-a'), 400)), Array.from({ length: 400 }, (_, i) => i + 1));
  t.same(await reader('node-b').read(10, 1), []);
});

t.test('what a flush took is stored again, in order', async (t) => {
  const { redis, client, callLog, reader } = await setUp(t);
  for (let i = 1; i <= 150; i += 1) callLog.append(event(i));
  await callLog.flush();
  const noticed = new Promise<void>((resolve) => void client.onDataLoss(() => resolve()));
  await client.ask((raw) => raw.flushall());
  // Stored in the emptied Redis, before anybody knows.
  callLog.append(event(151));
  await callLog.flush();
  await noticed;
  callLog.append(event(152));
  await callLog.flush();
  const all = numbers(await readAll(reader('node-a'), 153));
  t.same(all, [151, ...Array.from({ length: 152 }, (_, i) => i + 1)], 'an event may come twice, the fold takes it once');
  t.same(callLog.figures(), { call_events_queued: 0, call_events_dropped: 0 });
  redis.signal('SIGKILL');
  await redis.restart();
  await up(client);
  callLog.append(event(153));
  await callLog.flush();
  t.equal(numbers(await readAll(reader('node-a'), 1)).at(-1), 153);
});

t.test('past its bound the queue drops the oldest, says so once, and goes on', async (t) => {
  const { redis, client, callLog, reader } = await setUp(t, { mostQueued: 50 });
  redis.signal('SIGSTOP');
  await client.ask((raw) => raw.get('x')).catch(() => undefined);
  for (let i = 1; i <= 80; i += 1) callLog.append(event(i));
  t.same(callLog.figures(), { call_events_queued: 50, call_events_dropped: 30 });
  const flushed = callLog.flush();
  redis.signal('SIGCONT');
  await flushed;
  t.same(numbers(await readAll(reader('node-a'), 50)), Array.from({ length: 50 }, (_, i) => i + 31));
  t.equal(redis.log.lines.filter(({ level }) => level === 'error').length, 1);
});

t.test('a reader lives through a hang, a flush and damaged entries', async (t) => {
  const { redis, client, callLog, reader } = await setUp(t);
  const one = reader('node-a');
  callLog.append(event(1));
  await callLog.flush();
  t.same(numbers(await readAll(one, 1)), [1]);
  redis.signal('SIGSTOP');
  const start = performance.now();
  await t.rejects(one.read(10, 50), FAULT);
  t.ok(performance.now() - start < 2500, 'no hang');
  redis.signal('SIGCONT');
  await up(client);
  t.same(await one.read(10, 1), [], 'reads again');
  await client.ask((raw) => raw.flushall());
  await t.rejects(one.read(10, 50), FAULT, 'the group is gone');
  callLog.append(event(2));
  await callLog.flush();
  await client.ask((raw) => raw.xadd(CALL_LOG_KEY, '*', 'event', '{"half":'));
  await client.ask((raw) => raw.xadd(CALL_LOG_KEY, '*', 'other', 'x'));
  callLog.append(event(3));
  await callLog.flush();
  t.same(numbers(await readAll(one, 2)), [2, 3]);
  t.equal(await client.ask((raw) => raw.xlen(CALL_LOG_KEY)), 0, 'damaged ones are put away');
});

t.test('entries trimmed before they were acknowledged do not stop a reader', async (t) => {
  const { client, callLog, reader } = await setUp(t);
  const one = reader('node-a');
  for (let i = 1; i <= 3; i += 1) callLog.append(event(i));
  await callLog.flush();
  const [first] = await one.read(10, 100);
  await client.ask((raw) => raw.xdel(CALL_LOG_KEY, first?.streamId ?? ''));
  t.same(numbers(await one.read(10, 100)), [2, 3]);
});

t.test('leases: a node lives until its lease is over or given back', async (t) => {
  const { client } = await setUp(t);
  let now = 1_760_000_000_000;
  const leases = createNodeLeases({ client, clock: { now: () => now } });
  await leases.renew('node-a', now, 10_000);
  await leases.renew('node-b', now, 20_000);
  t.same(await leases.live(now), new Set(['node-a', 'node-b']));
  t.same(await leases.live(now + 9999), new Set(['node-a', 'node-b']));
  t.same(await leases.live(now + 10_000), new Set(['node-b']));
  await leases.renew('node-a', now + 10_000, 10_000);
  t.same(await leases.live(now + 15_000), new Set(['node-a', 'node-b']));
  await leases.release('node-b');
  t.same(await leases.live(now + 15_000), new Set(['node-a']));
  now += 90_000_000;
  t.same(await leases.live(now), new Set());
  t.equal(await client.ask((raw) => raw.exists(LEASES_KEY)), 0, 'old ones are forgotten');
});

t.test('leases: after a flush nobody is declared dead for a minute', async (t) => {
  const { client } = await setUp(t);
  let now = 1_760_000_000_000;
  const leases = createNodeLeases({ client, clock: { now: () => now } });
  await leases.renew('node-a', now, 300_000);
  const lost = new Promise((resolve) => client.onDataLoss(resolve));
  await client.ask((raw) => raw.flushall());
  client.suspectDataLoss();
  await lost;
  await t.rejects(leases.live(now), FAULT);
  now += 60_000;
  await leases.renew('node-b', now, 300_000);
  t.same(await leases.live(now), new Set(['node-b']));
});
