import t from 'tap';
import type { Binding } from '../../../src/domain/registration/binding.js';
import { createKeepNatOpen } from '../../../src/usecases/keep-nat-open.js';
import { createReachability } from '../../../src/usecases/reachability.js';
import { testDevice, createTestLog } from '../../support/redis.js';

const binding = (number: number): Binding => ({
  deviceId: testDevice(number), contactUri: `sip:p${number}@10.0.0.${number}`, contactParams: '', q: 1000, expiresAt: 1e12, callId: 'c', cseq: 1,
  flow: { transport: 'udp', address: '192.0.2.1', port: 5000 + number }, behindNat: true, userAgent: '', registeredAt: 0,
});

function scene(bindings: Binding[], answers: (binding: Binding) => boolean) {
  let now = 0;
  const pinged: { readonly at: number; readonly uri: string }[] = [];
  const reachability = createReachability();
  const nat = createKeepNatOpen({
    location: { nattedBindings: async () => bindings }, reachability, clock: { now: () => now }, log: createTestLog(), jitter: () => 0.5,
    pinger: {
      ping: async (target) => {
        pinged.push({ at: now, uri: target.contactUri });
        return answers(target);
      },
    },
  });
  return {
    pinged, reachability,
    async run(ms: number) {
      for (const until = now + ms; now < until;) {
        now += 1000;
        await nat.tick();
      }
    },
  };
}

t.test('each phone is asked every 25 s', async (t) => {
  const { pinged, run } = scene([binding(1), binding(2)], () => true);
  await run(120_000);
  for (const uri of ['sip:p1@10.0.0.1', 'sip:p2@10.0.0.2']) {
    const times = pinged.filter((ping) => ping.uri === uri).map(({ at }) => at);
    t.ok(times.length >= 4 && times.length <= 6, `${times.length} pings in two minutes`);
    for (const [index, at] of times.entries()) if (index > 0) t.ok(at - (times[index - 1] ?? 0) <= 30_000, 'never later than 30 s');
  }
});

t.test('a phone that misses three is silent until it is heard again', async (t) => {
  let answering = false;
  const phone = binding(1);
  const { reachability, run, pinged } = scene([phone], () => answering);
  while (pinged.length < 2) await run(1000);
  t.notOk(reachability.silent(phone), 'two may be lost');
  while (pinged.length < 3) await run(1000);
  await run(1000);
  t.ok(reachability.silent(phone));
  answering = true;
  await run(30_000);
  t.notOk(reachability.silent(phone), 'an answer counts');
});

t.test('a REGISTER counts as a sign of life', (t) => {
  const reachability = createReachability();
  for (let miss = 0; miss < 3; miss += 1) reachability.missed(binding(1));
  t.ok(reachability.silent(binding(1)));
  t.notOk(reachability.silent(binding(2)));
  reachability.heard(binding(1));
  t.notOk(reachability.silent(binding(1)));
  t.end();
});

t.test('what is registered no more is forgotten', async (t) => {
  const list = [binding(1)];
  const { reachability, run, pinged } = scene(list, () => false);
  await run(120_000);
  t.ok(reachability.silent(binding(1)));
  list.length = 0;
  await run(6_000);
  const count = pinged.length;
  await run(60_000);
  t.equal(pinged.length, count, 'no ping any more');
  t.notOk(reachability.silent(binding(1)));
});
