import t from 'tap';
import { networkList } from '../../../../../sip/edge/transport/local-address.js';
import { Bans } from '../../../../../sip/edge/protection/bans.js';
import { defaultProtectionLimits } from '../../../../../sip/edge/protection/limits.js';
import { LiveBindings } from '../../../../../sip/edge/protection/live-bindings.js';
import { OldestOut } from '../../../../../sip/edge/protection/oldest-out.js';
import { SourceGate } from '../../../../../sip/edge/protection/source-gate.js';
import { fullBucket, takeToken } from '../../../../../sip/edge/protection/token-bucket.js';
import { UnknownUsers } from '../../../../../sip/edge/protection/unknown-users.js';

const limits = { ...defaultProtectionLimits, sourceMessagesPerSecond: 100 };

t.test('a bucket fills with the clock and no further than it holds', async (t) => {
  const rate = { perSecond: 10, burst: 20 };
  const bucket = fullBucket(rate, 0);
  const taken = (now: number, tries: number): number => Array.from({ length: tries }, () => takeToken(bucket, rate, now)).filter(Boolean).length;
  t.equal(taken(0, 30), 20, 'a burst');
  t.equal(taken(0, 1), 0, 'then nothing');
  t.equal(taken(500, 30), 5, 'half a second: half a rate');
  t.equal(taken(400, 1), 0, 'a clock read earlier gives nothing');
  t.equal(taken(100_000, 30), 20, 'never more than the burst');
});

t.test('the oldest goes when a table is full', async (t) => {
  const table = new OldestOut<number>(2);
  table.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  t.strictSame([...table], [['b', 2], ['c', 4]]);
});

function gateAt(trusted: readonly string[] = []) {
  const state = { now: 0, floods: [] as string[] };
  const bans = new Bans(limits);
  const live = new LiveBindings();
  const gate = new SourceGate(limits, { bans, live, trusted: networkList(trusted), now: () => state.now }, (address) => state.floods.push(address));
  const send = (address: string, count: number): number => Array.from({ length: count }, () => gate.admits(address)).filter(Boolean).length;
  return { state, bans, live, gate, send };
}

t.test('the gate', async (t) => {
  const { state, bans, live, gate, send } = gateAt(['198.51.100.0/24', '2001:db8::/32']);
  t.equal(send('192.0.2.1', 250), 200, 'a stranger has its rate and its burst');
  t.equal(send('192.0.2.2', 1), 1, 'others have their own');
  t.equal(send('198.51.100.9', 1_000), 1_000, 'a trusted source has no limit');
  t.equal(send('2001:db8::9', 1_000), 1_000, 'in IPv6 as well');
  t.strictSame(state.floods, [], 'a burst is no flood');
  send('192.0.2.1', 200);
  t.strictSame(state.floods, ['192.0.2.1'], 'going on is one');
  bans.ban('192.0.2.1', 'flood', state.now);
  gate.refresh('192.0.2.1');
  state.now = 10_000;
  t.equal(send('192.0.2.1', 10), 0, 'a banned one is not read');
  t.notOk(gate.accepts('192.0.2.1'), 'nor its connections taken');
  t.equal(gate.droppedBanned, 10);
  t.equal(gate.closedBanned, 1);
  live.bind('192.0.2.1', '101', 60_000);
  gate.refresh('192.0.2.1');
  t.equal(send('192.0.2.1', 1_000), 1_000, 'with a live binding all is read, also under a ban');
  t.ok(gate.accepts('192.0.2.1'));
  live.unbind('192.0.2.1', '101');
  gate.refresh('192.0.2.1');
  t.equal(send('192.0.2.1', 1), 0);
  state.now = 60_001;
  t.equal(send('192.0.2.1', 1), 1, 'a ban ends');
});

t.test('a flood is told once for each ban, and slow excess adds up to nothing', async (t) => {
  const { state, send } = gateAt();
  for (let second = 0; second < 60; second += 1) {
    state.now = second * 1_000;
    send('192.0.2.1', 90);
  }
  t.strictSame(state.floods, [], 'below the rate for a minute');
  for (let second = 60; second < 64; second += 1) {
    state.now = second * 1_000;
    send('192.0.2.1', 500);
  }
  t.ok(state.floods.length >= 1, 'five times the rate is a flood');
});

t.test('bans double, end, and are forgotten', async (t) => {
  const bans = new Bans({ ...limits, banSeconds: 60, longestBanSeconds: 200 });
  const length = (now: number): number => (bans.ban('a', 'flood', now).until - now) / 1_000;
  t.strictSame([length(0), length(100_000), length(300_000), length(600_000)], [60, 120, 200, 200], 'doubling up to the cap');
  t.ok(bans.inForce('a', 700_000));
  t.notOk(bans.inForce('a', 800_000), 'it ends');
  t.strictSame(bans.list(800_000), []);
  t.equal(length(800_000 + 86_400_000), 60, 'a day of peace begins anew');
  t.equal(bans.ban('b', 'by-hand', 0, 5).until, 5_000, 'by hand as long as was said');
  t.ok(bans.lift('b', 1_000));
  t.notOk(bans.lift('b', 1_000), 'lifted once');
});

t.test('live bindings', async (t) => {
  const live = new LiveBindings();
  live.bind('a', '101', 1_000);
  live.bind('a', '102', 5_000);
  live.bind('b', '103', 1_000);
  t.equal(live.until('a'), 5_000);
  t.ok(live.has('a', '101', 999));
  t.notOk(live.has('a', '101', 1_000));
  t.notOk(live.has('b', '101', 0), 'of that address only');
  t.ok(live.unbind('a', '102'), 'one is left');
  t.strictSame([...live.sweep(2_000)].sort(), ['a', 'b']);
  t.equal(live.until('a'), 0);
  t.equal(live.sources, 0);
});

t.test('unknown users', async (t) => {
  const unknown = new UnknownUsers(300_000);
  t.equal(unknown.failed('a', '1', 0), 1);
  t.equal(unknown.failed('a', '1', 10), 1, 'the same user counts once');
  t.equal(unknown.failed('a', '2', 20), 2);
  t.equal(unknown.failed('b', '3', 30), 1, 'each address for itself');
  for (let user = 0; user < 5_000; user += 1) unknown.challenged('c', `u${user}`, 0);
  t.equal(unknown.challenged('c', 'u0', 9_000), 0, 'an office that is asked for its passwords all at once is no scanner');
  unknown.succeeded('c', 'u1');
  t.ok(unknown.challenged('c', 'u0', 10_000) > 4_000, 'those who never answered are');
  t.equal(unknown.failed('a', '4', 300_020), 1, 'old ones are forgotten');
  unknown.forget('a');
  t.equal(unknown.failed('a', '5', 300_021), 1);
});
