import fc from 'fast-check';
import t from 'tap';
import { aCarrier, callerWithPlan, trunkOver } from '../support/carriers.js';
import { race, type RacePlan } from '../support/racing-call.js';
import { aRoute } from '../support/sample-trunk.js';
import { startOffice } from '../support/sip-office.js';
import { callsKey } from '../../src/storage/redis/keys.js';

const PLAN: RacePlan = { caller: 'wait', callerMs: 0, carrier: 'answer', rings: true, carrierMs: 0, talkMs: 0, ignoresCancel: false };

/** Each many times: which message is first differs from run to run. */
const ROWS: readonly (readonly [rule: string, plan: Partial<RacePlan>, ends: RegExp])[] = [
  ['the CANCEL crosses the 200', { caller: 'cancel', callerMs: 10, carrierMs: 10 }, /487|bye/],
  ['the 200 comes after the CANCEL was taken', { caller: 'cancel', callerMs: 0, carrierMs: 25, ignoresCancel: true }, /487|bye/],
  ['the CANCEL comes before the carrier said anything', { caller: 'cancel', rings: false, carrierMs: 60 }, /487|bye/],
  ['the BYEs cross', { caller: 'hang-up', callerMs: 5, carrier: 'answer-and-hang-up', talkMs: 5 }, /bye/],
  ["the carrier's BYE comes at once after its 200", { carrier: 'answer-and-hang-up' }, /bye/],
  ["the caller's BYE comes at once after its ACK", { caller: 'hang-up' }, /bye/],
  ['the CANCEL crosses a busy', { caller: 'cancel', callerMs: 8, carrier: 'busy', carrierMs: 8 }, /48[67]/],
  ['the CANCEL crosses the step to the next gateway', { caller: 'cancel', callerMs: 12, carrier: 'unavailable', rings: false, carrierMs: 5 }, /487|bye/],
  ['the next gateway answers', { carrier: 'unavailable', rings: false }, /bye/],
];

t.test('races of calls by trunks leave nothing behind: no place, no call, one record each', { timeout: 60_000 }, async (t) => {
  const office = await startOffice(t);
  const carriers = [await aCarrier(t, office), await aCarrier(t, office)];
  const limits = { concurrentCalls: 500, callsPerSecond: 0 };
  const trunks = carriers.map((carrier, at) => trunkOver(office, [carrier], { name: `Trunk ${at}`, limits, routes: [aRoute({ priority: at + 1 })] }));
  office.directory.settings.add([
    { scope: 'account', scopeId: office.account.id, key: 'account_concurrent_calls', value: { enable: true, limit: 500 }, locked: false },
    { scope: 'account', scopeId: office.account.id, key: 'user_concurrent_calls', value: { enable: true, limit: 500 }, locked: false },
  ]);
  const callers = await Promise.all(['101', '102', '103'].map((number) => callerWithPlan(office, number, `+12125550${number}`)));
  const client = await office.redis.client();
  const keys = [callsKey('account', office.account.id), ...trunks.map(({ id }) => callsKey('trunk', id))];
  const places = (): Promise<readonly number[]> => client.ask((redis) => Promise.all(keys.map((key) => redis.zcard(key))));
  let dialled = 0;
  const nextNumber = (): string => `+1212556${String(1000 + (dialled += 1))}`;
  const play = (plan: RacePlan, at: number): Promise<string> => race(callers[at % callers.length] ?? raise(), carriers, nextNumber(), plan);
  const nothingLeft = async (rule: string): Promise<void> => {
    const until = Date.now() + 3_000;
    let found = await places();
    while (found.some((count) => count !== 0) && Date.now() < until) found = await places();
    t.same(found, keys.map(() => 0), `${rule}: places`);
    t.equal(office.location.figures()['calls_holding_places'], 0, `${rule}: places in memory`);
    t.same(office.app.callControl.list(office.account.id), [], `${rule}: calls`);
    const ends = office.calls.events.filter(({ kind }) => kind === 'ended');
    t.equal(ends.length, dialled, `${rule}: ends`);
    t.equal(new Set(ends.map(({ callId }) => callId)).size, dialled, `${rule}: one each`);
  };

  await t.test('by the table', async (t) => {
    const played = await Promise.all(ROWS.flatMap(([rule, plan, ends]) => Array.from({ length: 4 }, async (_, at) => (
      [rule, await play({ ...PLAN, ...plan }, at), ends] as const))));
    for (const [rule, seen, ends] of played) t.match(seen, ends, rule);
  });
  await nothingLeft('the table');

  await t.test('at random', async (t) => {
    const ms = fc.integer({ min: 0, max: 40 });
    const plans = fc.sample(fc.record<RacePlan>({
      caller: fc.constantFrom('cancel', 'hang-up', 'wait'), callerMs: ms, carrier: fc.constantFrom('answer', 'answer-and-hang-up', 'busy', 'unavailable'),
      rings: fc.boolean(), carrierMs: ms, talkMs: ms, ignoresCancel: fc.boolean(),
    }), 60);
    for (let start = 0; start < plans.length; start += 30) {
      const some = plans.slice(start, start + 30);
      const seen = await Promise.all(some.map((plan, at) => play(plan, at)));
      seen.forEach((how, at) => t.match(how, /^(?:bye|4\d\d|503)$/, JSON.stringify(some[at])));
    }
  });
  await nothingLeft('at random');
  t.same(office.log.lines.filter(({ level }) => level === 'error'), []);
});

function raise(): never {
  throw new Error('nobody calls');
}
