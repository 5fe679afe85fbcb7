import fc from 'fast-check';
import t from 'tap';
import { LEASE_MS, type CallAsk, type CallReading } from '../../src/domain/calls/call-limits.js';
import { asId, type TrunkId } from '../../src/domain/ids.js';
import { callsKey } from '../../src/storage/redis/keys.js';
import { startTestRedis } from '../support/redis.js';

const trunk = (id: string, concurrentCalls: number, callsPerSecond = 0) => ({ trunkId: asId<TrunkId>(id), concurrentCalls, callsPerSecond });

t.test('places of calls among those that may be up at once', async (t) => {
  const redis = await startTestRedis(t);
  let at = Date.now();
  const clock = { now: () => at };
  const { service, client } = await redis.location({ clock });
  const other = await redis.location({ clock, nodeId: 'node-b' });
  let calls = 0;
  const ask = async (changes: Partial<CallAsk>, node = service) => {
    const wanted: CallAsk = { id: `call-${(calls += 1)}`, at, caps: [], trunks: [], readings: [], peek: false, ...changes };
    const { counts } = await node.callFacts(null, [], wanted);
    return { id: wanted.id, ...counts };
  };
  const userOf = (id: string, limit: number) => [{ scope: 'user' as const, id, name: id, limit }];
  const count = (key: string) => client.ask((r) => r.zcount(key, `(${at}`, '+inf'));
  const released = async (key: string, expected: number): Promise<void> => {
    for (let tries = 0; tries < 200 && await count(key) !== expected; tries += 1);
    t.equal(await count(key), expected, key);
  };

  await t.test('all or none: a full account leaves no trace at the user', async (t) => {
    const both = [...userOf('ann', 5), { scope: 'account' as const, id: 'acme', name: 'acme', limit: 1 }];
    t.match(await ask({ caps: both }), { taken: true, caps: [0, 0] });
    t.match(await ask({ caps: both }), { taken: false, caps: [1, 1] });
    t.equal(await count(callsKey('user', 'ann')), 1);
  });

  await t.test('every node counts the same calls; an end gives the place back, once', async (t) => {
    const one = await ask({ caps: userOf('bob', 2) });
    const two = await ask({ caps: userOf('bob', 2) }, other.service);
    t.match(await ask({ caps: userOf('bob', 2) }), { taken: false, caps: [2] });
    service.leases.release(one.id);
    service.leases.release(one.id);
    await released(callsKey('user', 'bob'), 1);
    t.match(await ask({ caps: userOf('bob', 2) }), { taken: true, caps: [1] });
    other.service.leases.release(two.id);
    await released(callsKey('user', 'bob'), 1);
  });

  await t.test('a call that goes on is renewed; those of a node that died are over when their lease is', async (t) => {
    const kept = await ask({ caps: userOf('cid', 9) });
    await ask({ caps: userOf('cid', 9) }, other.service);
    service.leases.keep(kept.id);
    at += LEASE_MS - 1;
    t.match(await ask({ caps: userOf('cid', 9), peek: true }), { caps: [2], taken: false });
    t.equal(await service.leases.renew(), 1, 'only what goes on');
    at += 1;
    t.match(await ask({ caps: userOf('cid', 9), peek: true }), { caps: [1] }, '30 s after the last renewal, to the millisecond');
    at += LEASE_MS;
    t.match(await ask({ caps: userOf('cid', 9), peek: true }), { caps: [0] });
    service.leases.release(kept.id);
  });

  await t.test('the first trunk with room is taken; none left is a refusal', async (t) => {
    const trunks = [trunk('t1', 1), trunk('t2', 1)];
    const first = await ask({ trunks });
    t.match(first, { taken: true, trunks: [true, true] });
    t.match(await ask({ trunks }), { taken: true, trunks: [false, true] });
    t.match(await ask({ trunks }), { taken: false, trunks: [false, false] });
    service.leases.moveTo(first.id, asId<TrunkId>('t3'));
    await released(callsKey('trunk', 't1'), 0);
    await released(callsKey('trunk', 't3'), 1);
    t.match(await ask({ trunks: [trunk('t3', 1)] }), { taken: false });
    t.match(await ask({ trunks: [trunk('fast', 0, 2)] }), { taken: true });
    t.match(await ask({ trunks: [trunk('fast', 0, 2)] }), { taken: true });
    t.match(await ask({ trunks: [trunk('fast', 0, 2)] }), { taken: false }, 'calls a second');
    at += 1000;
    t.match(await ask({ trunks: [trunk('fast', 0, 2)] }), { taken: true });
  });

  await t.test('readings count attempts, rows, what is new, and running calls; looking changes nothing', async (t) => {
    const attempts: CallReading = { kind: 'attempts', key: 'a', spanMs: 60_000 };
    const row = (text: string): CallReading => ({ kind: 'in-a-row', key: 'r', text, spanMs: 60_000 });
    const seen = (text: string): CallReading => ({ kind: 'first-seen', key: 's', text, spanMs: 60_000 });
    const running: CallReading = { kind: 'running', key: 'u' };
    const read = async (...readings: readonly CallReading[]) => (await ask({ readings })).readings;
    const before = (await ask({ readings: [attempts, row('x'), seen('FR'), running], peek: true })).readings;
    t.same(await read(attempts, row('x'), seen('FR'), running), before);
    t.same(await read(attempts, row('x'), seen('FR'), running), [2, 2, 1, 2]);
    t.same(await read(attempts, row('y'), seen('DE'), running), [3, 1, 2, 3]);
    at += 60_000;
    t.same(await read(attempts, seen('DE'), running), [1, 0, 1]);
    await client.ask((r) => r.set('cordboard:reading:k', '1234'));
    t.same(await read({ kind: 'kept', key: 'k' }, { kind: 'kept', key: 'none' }), [1234, 0]);
  });

  await t.test('whatever order calls come and go in, no limit is passed and no place is lost', async (t) => {
    await t.resolves(fc.assert(fc.asyncProperty(fc.array(fc.oneof(fc.constant('begin' as const), fc.nat(9)), { maxLength: 40 }), async (steps) => {
      const id = `p${(calls += 1)}`;
      const up: string[] = [];
      for (const step of steps) {
        if (step === 'begin') {
          const { id: call, taken } = await ask({ caps: userOf(id, 3) });
          if (taken !== (up.length < 3)) return false;
          if (taken === true) up.push(call);
        } else {
          const [gone] = up.splice(step, 1);
          if (gone !== undefined) service.leases.release(gone);
        }
        if (await count(callsKey('user', id)) !== up.length) return false;
      }
      return true;
    }), { numRuns: 25 }), '25 histories');
  });

  await t.test('a node that starts again has the places of its earlier calls at once, and no others', async (t) => {
    const attempts: CallReading = { kind: 'attempts', key: 'j', spanMs: 60_000 };
    const running: CallReading = { kind: 'running', key: 'jr' };
    const caps = userOf('jan', 9);
    await ask({ caps, trunks: [trunk('t11', 9)], readings: [attempts, running] });
    await ask({ caps, trunks: [trunk('t11', 9)], readings: [attempts, running] });
    await ask({ caps, readings: [running, { kind: 'first-seen', key: 'js', text: 'node-a FR', spanMs: 1000 }, { kind: 'in-a-row', key: 'jw', text: 'x', spanMs: 1000 }] }, other.service);
    const again = await redis.location({ clock, nodeId: 'node-a' });
    t.ok(await again.service.leases.endEarlier() >= 6);
    t.match(await ask({ caps, trunks: [trunk('t11', 9)], readings: [attempts, running], peek: true }), { caps: [1], readings: [3, 2] }, 'attempts are counted on');
    t.equal(await count(callsKey('trunk', 't11')), 0);
    const renamed = await redis.location({ clock, nodeId: 'another name', onlyNode: true });
    t.ok(await renamed.service.leases.endEarlier() >= 2);
    t.match(await ask({ caps, readings: [running], peek: true }), { caps: [0], readings: [1] });
  });

  await t.test('a call that ends while places are renewed leaves none behind', async () => {
    const many = await Promise.all(Array.from({ length: 700 }, () => ask({ caps: userOf('fay', 1000) })));
    for (const { id } of many) service.leases.keep(id);
    // Renewed in pieces: these end after the first one has left.
    const renewed = service.leases.renew();
    for (const { id } of many) service.leases.release(id);
    await renewed;
    await released(callsKey('user', 'fay'), 0);
  });

  await t.test('an emptied Redis gets the places back at once, and passes no limit meanwhile', async (t) => {
    const kept = await ask({ caps: userOf('gus', 1), trunks: [trunk('t10', 1)], readings: [{ kind: 'running', key: 'g' }] });
    service.leases.keep(kept.id);
    const ofOther = await ask({ caps: userOf('hal', 2) }, other.service);
    other.service.leases.keep(ofOther.id);
    const noticed = [client, other.client].map((one) => new Promise<void>((resolve) => void one.onDataLoss(() => resolve())));
    await client.ask((r) => r.flushall());
    t.match(await ask({ caps: userOf('gus', 1) }), { taken: false, caps: [1] }, 'memory knows better');
    t.match(await ask({ trunks: [trunk('t10', 1)] }), { taken: false }, 'of trunks too');
    await Promise.all(noticed);
    await released(callsKey('user', 'gus'), 1);
    await released(callsKey('trunk', 't10'), 1);
    await released(callsKey('user', 'hal'), 1);
    t.match(await ask({ readings: [{ kind: 'running', key: 'g' }], peek: true }), { readings: [2] });
    service.leases.release(kept.id);
    other.service.leases.release(ofOther.id);
    for (const key of [callsKey('user', 'gus'), callsKey('trunk', 't10'), callsKey('user', 'hal')]) await released(key, 0);
  });

  await t.test('after an outage longer than a lease the places are there before anybody asks', async (t) => {
    const before = await ask({ caps: userOf('ida', 3) });
    service.leases.keep(before.id);
    redis.signal('SIGSTOP');
    // The first question is obeyed late, though memory refused it.
    t.match(await ask({ caps: userOf('ida', 1) }), { taken: false, caps: [1] });
    const during = await ask({ caps: userOf('ida', 3) });
    t.match(during, { taken: true, caps: [1] });
    service.leases.keep(during.id);
    at += LEASE_MS * 2;
    const back = new Promise<void>((resolve) => void client.onAvailability((up) => { if (up) resolve(); }));
    redis.signal('SIGCONT');
    await back;
    t.match(await ask({ caps: userOf('ida', 3), peek: true }), { caps: [2] });
    service.leases.release(before.id);
    service.leases.release(during.id);
    await released(callsKey('user', 'ida'), 0);
  });

  await t.test('what ended or was refused during an outage has no place after it', async () => {
    const before = await ask({ caps: [...userOf('joe', 9), ...userOf('kit', 9)], trunks: [trunk('t12', 9)] });
    service.leases.keep(before.id);
    redis.signal('SIGSTOP');
    // Obeyed as soon as Redis goes on: it knows no such limit as memory does.
    const late = await ask({ caps: userOf('joe', 9), trunks: [trunk('t13', 9)] });
    service.leases.release(late.id);
    service.leases.release(before.id);
    const back = new Promise<void>((resolve) => void client.onAvailability((up) => { if (up) resolve(); }));
    redis.signal('SIGCONT');
    await back;
    for (const [scope, id] of [['user', 'joe'], ['user', 'kit'], ['trunk', 't12'], ['trunk', 't13']] as const) await released(callsKey(scope, id), 0);
  });

  await t.test('while Redis is away the calls of this node are counted', async (t) => {
    redis.signal('SIGKILL');
    t.match(await ask({ caps: userOf('dora', 1), readings: [{ kind: 'attempts', key: 'd', spanMs: 1000 }] }), { taken: true, caps: [0], readings: [1] });
    const second = await ask({ caps: userOf('dora', 1), readings: [{ kind: 'attempts', key: 'd', spanMs: 1000 }] });
    t.match(second, { taken: false, caps: [1], readings: [2] });
    t.match(await ask({ caps: userOf('eve', 1), trunks: [trunk('t9', 1)] }), { taken: true });
    t.match(await ask({ trunks: [trunk('t9', 1), trunk('t8', 0)] }), { taken: true, trunks: [false, true] });
  });
});
