import t from 'tap';
import { SourceLimits } from '../../../src/http/provisioning/source-limits.js';

const made = () => {
  let at = 1_000_000;
  return { limits: new SourceLimits({ now: () => at }, { requests: 3, misses: 2, banMs: 60_000, uploads: 1 }), pass: (ms: number) => void (at += ms) };
};

t.test('so many requests in a minute', async (t) => {
  const { limits, pass } = made();
  t.same([1, 2, 3, 4].map(() => limits.request('192.0.2.1')), [0, 0, 0, 60]);
  t.equal(limits.request('192.0.2.2'), 0, 'each address by itself');
  pass(60_000);
  t.equal(limits.request('192.0.2.1'), 0);
});

t.test('so many misses, then a ban that ends', async (t) => {
  const { limits, pass } = made();
  t.same([1, 2, 3].map(() => limits.miss('192.0.2.1')), [false, false, true]);
  t.equal(limits.banned(), 1);
  t.equal(limits.request('192.0.2.1'), 60);
  pass(60_000);
  t.equal(limits.request('192.0.2.1'), 0);
  t.equal(limits.banned(), 0);
});

t.test('misses of long ago do not count', async (t) => {
  const { limits, pass } = made();
  limits.miss('192.0.2.1');
  limits.miss('192.0.2.1');
  pass(300_000);
  t.equal(limits.miss('192.0.2.1'), false);
});

t.test('an IPv6 network is one address', async (t) => {
  const { limits } = made();
  for (const [address, banned] of [['2001:db8:0:1::1', false], ['2001:db8:0:1:ffff::2', false], ['2001:db8:0:2::1', false], ['2001:db8::1:0:0:0:3', true]] as const) {
    t.equal(limits.miss(address), banned, address);
  }
});

t.test('uploads of a device', async (t) => {
  const { limits, pass } = made();
  t.same([limits.upload('a'), limits.upload('a'), limits.upload('b')], [true, false, true]);
  pass(3_600_000);
  t.equal(limits.upload('a'), true);
});
