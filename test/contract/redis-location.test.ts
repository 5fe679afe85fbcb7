import t from 'tap';
import type { AccountId, DeviceId } from '../../src/domain/ids.js';
import { asId } from '../../src/domain/ids.js';
import type { BindingEvent } from '../../src/ports/location-service.js';
import { ACCOUNT_PREFIX, DEVICE_PREFIX, EXPIRIES_KEY } from '../../src/storage/redis/keys.js';
import { collectEvents, registerCommand, startTestRedis, testAccount, testDevice } from '../support/redis.js';

t.test('sweep: what has expired goes, and is told exactly once, with two sweepers', async (t) => {
  const redis = await startTestRedis(t);
  const one = await redis.location({ nodeId: 'node-a' });
  const two = await redis.location({ nodeId: 'node-b' });
  const now = Date.now();
  const total = 600;
  await Promise.all(Array.from({ length: total }, (_, i) => one.service.register(registerCommand([{ uri: `sip:d${i}@192.0.2.7`, seconds: 60 }], {
    deviceId: testDevice(i), at: now,
  }))));
  await one.service.register(registerCommand([{ uri: 'sip:stays@192.0.2.7', seconds: 61 }], { deviceId: testDevice(5000), at: now }));
  t.equal(await one.service.sweep(now + 59_999, 10_000), 0, 'nothing before its time');

  const ended: string[] = [];
  const last = new Promise<void>((resolve) => one.service.subscribe((event) => {
    if (event.kind === 'ended') ended.push(`${String(event.end)} ${event.binding.contactUri}`);
    if (event.kind === 'added') resolve();
  }));
  t.equal(await one.service.sweep(now + 60_000, 50), 50, 'the limit holds');
  const gone = await Promise.all([one.service.sweep(now + 60_000, 10_000), two.service.sweep(now + 60_000, 10_000)]);
  t.equal(gone[0] + gone[1], total - 50);
  // Events come in order: this one closes the list.
  await two.service.register(registerCommand([{ uri: 'sip:mark@192.0.2.7' }], { deviceId: testDevice(6000), at: now }));
  await last;
  t.equal(ended.length, total);
  t.same(new Set(ended), new Set(Array.from({ length: total }, (_, i) => `expired sip:d${i}@192.0.2.7`)));
  t.equal(await one.service.count(testAccount), 2);
  t.equal(await one.service.sweep(now + 60_000, 10_000), 0);
});

t.test('sweep mends an index that is behind its binding', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  const now = Date.now();
  await service.register(registerCommand([{ uri: 'sip:a@192.0.2.7', seconds: 300 }], { at: now }));
  const [member = ''] = await client.ask((raw) => raw.zrange(EXPIRIES_KEY, 0, -1));
  await client.ask((raw) => raw.zadd(EXPIRIES_KEY, now - 1, member, now - 1, `${testAccount} nobody sip:x@y`));
  t.equal(await service.sweep(now, 100), 0);
  t.same(await client.ask((raw) => raw.zrange(EXPIRIES_KEY, 0, -1, 'WITHSCORES')), [member, String(now + 300_000)]);
});

t.test('list: 1,000 bindings in pages, each once, while others come and go', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  const now = Date.now();
  // Not all at once: what waits for its turn longer than the patience with Redis is a fault.
  for (let from = 0; from < 1000; from += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, at) => from + at).map((i) => service.register(registerCommand([{ uri: `sip:d${i}@192.0.2.7` }], {
      deviceId: testDevice(i * 2), at: now,
    }))));
  }
  const stranger: AccountId = asId('01hz0000000000000000000zzz');
  await service.register(registerCommand([{ uri: 'sip:other@192.0.2.7' }], { accountId: stranger, deviceId: testDevice(3), at: now }));
  const seen: string[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const page: Awaited<ReturnType<typeof service.list>> = await service.list(testAccount, after, 300);
    seen.push(...page.items.map(({ contactUri }) => contactUri));
    after = page.next;
    pages += 1;
    if (pages === 1) {
      await service.register(registerCommand([{ uri: 'sip:early@192.0.2.7' }], { deviceId: testDevice(1), at: now }));
      await service.drop(testDevice(0), null, 'dropped');
    }
  } while (after !== null);
  t.equal(pages, 4);
  t.equal(seen.length, 1000);
  t.same(new Set(seen), new Set(Array.from({ length: 1000 }, (_, i) => `sip:d${i}@192.0.2.7`)));
  t.equal(await service.count(testAccount), 1000);
  t.equal(await service.count(stranger), 1);
});

t.test('list: a page is full even when expired bindings lie between', async (t) => {
  const redis = await startTestRedis(t);
  let now = Date.now();
  const { service } = await redis.location({ clock: { now: () => now } });
  for (let i = 0; i < 12; i += 1) {
    await service.register(registerCommand([{ uri: `sip:d${i}@192.0.2.7`, seconds: i % 3 === 0 ? 300 : 60 }], { deviceId: testDevice(i), at: now }));
  }
  now += 61_000;
  const first = await service.list(testAccount, null, 2);
  t.same(first.items.map(({ contactUri }) => contactUri), ['sip:d0@192.0.2.7', 'sip:d3@192.0.2.7']);
  const second = await service.list(testAccount, first.next, 2);
  t.same(second.items.map(({ contactUri }) => contactUri), ['sip:d6@192.0.2.7', 'sip:d9@192.0.2.7']);
  t.same(second.next === null ? [] : (await service.list(testAccount, second.next, 2)).items, []);
});

t.test('call facts: several devices in one answer, nobody missing, nobody too much', async (t) => {
  const redis = await startTestRedis(t);
  let now = Date.now();
  const { service } = await redis.location({ clock: { now: () => now } });
  await service.register(registerCommand([{ uri: 'sip:a1@192.0.2.7', q: 100 }, { uri: 'sip:a2@192.0.2.7', q: 900 }], { deviceId: testDevice(1), at: now }));
  await service.register(registerCommand([{ uri: 'sip:b@192.0.2.7', seconds: 60 }], { deviceId: testDevice(2), at: now }));
  const uris = async (devices: readonly DeviceId[]) => {
    const { bindings } = await service.callFacts(null, devices);
    return [...bindings].map(([device, list]) => [device, list.map(({ contactUri }) => contactUri)]);
  };
  t.same(await uris([testDevice(1), testDevice(3), testDevice(2)]), [
    [testDevice(1), ['sip:a2@192.0.2.7', 'sip:a1@192.0.2.7']], [testDevice(2), ['sip:b@192.0.2.7']],
  ]);
  now += 60_000;
  t.same(await uris([testDevice(2)]), [], 'expired, though not swept yet');
  t.same(await uris([]), []);
});

t.test('stream bindings of a node end when it starts again; those of others and UDP stay', async (t) => {
  const redis = await startTestRedis(t);
  const a = await redis.location({ nodeId: 'node-a' });
  const b = await redis.location({ nodeId: 'node-b' });
  const at = Date.now();
  const register = (node: typeof a, number: number, transport: string) => node.service.register(registerCommand(
    [{ uri: `sip:${transport}${number}@192.0.2.7` }], { deviceId: testDevice(number), at, flow: { transport, address: '192.0.2.7', port: 1000 + number } }));
  await register(a, 1, 'udp');
  for (const [index, transport] of ['tcp', 'tls', 'ws', 'wss'].entries()) await register(a, 2 + index, transport);
  await register(b, 7, 'tls');
  const again = await redis.location({ nodeId: 'node-a' });
  const events = collectEvents(again.service, 4);
  t.equal(await again.service.endStreamBindings(), 4);
  t.same([...new Set((await events).map(({ kind, end }) => `${kind} ${String(end)}`))], ['ended flow-lost']);
  t.same((await again.service.list(testAccount, null, 10)).items.map(({ contactUri }) => contactUri), ['sip:udp1@192.0.2.7', 'sip:tls7@192.0.2.7']);
  const only = await redis.location({ nodeId: 'new-name', onlyNode: true });
  t.equal(await only.service.endStreamBindings(), 1, 'an only node owns every flow, whatever its name was');
});

t.test('a full reading at start: NAT bindings of the run before are known', async (t) => {
  const redis = await startTestRedis(t);
  const before = await redis.location();
  const uris = Array.from({ length: 450 }, (_, i) => `sip:d${i}@10.0.0.1`);
  await Promise.all(uris.map((uri, i) => before.service.register(registerCommand([{ uri }], { deviceId: testDevice(i), natted: new Set([uri]) }))));
  before.service.close();
  const after = await redis.location();
  t.same(new Set((await after.service.nattedBindings()).map(({ contactUri }) => contactUri)), new Set(uris));
  t.equal(after.service.figures()['bindings_in_memory'], 450);
});

t.test('a listener that throws harms nobody', async (t) => {
  const redis = await startTestRedis(t);
  const { service } = await redis.location();
  service.subscribe(() => { throw new Error('listener'); });
  const heard = new Promise<BindingEvent>((resolve) => service.subscribe(resolve));
  await service.register(registerCommand([{ uri: 'sip:a@192.0.2.7' }]));
  t.equal((await heard).kind, 'added');
  t.ok(redis.log.lines.some(({ event }) => event === 'binding listener failed'));
});

t.test('nothing stays behind when the last binding is gone', async (t) => {
  const redis = await startTestRedis(t);
  const { service, client } = await redis.location();
  const at = Date.now();
  await service.register(registerCommand([{ uri: 'sip:a@192.0.2.7' }, { uri: 'sip:b@192.0.2.7' }], { at }));
  await service.register(registerCommand('remove-all', { at, cseq: 2 }));
  t.same(await client.ask((raw) => raw.exists(EXPIRIES_KEY, ACCOUNT_PREFIX + testAccount, DEVICE_PREFIX + testDevice(1))), 0);
});
