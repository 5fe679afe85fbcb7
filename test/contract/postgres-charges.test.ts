import fc from 'fast-check';
import t from 'tap';
import type { CallEvent } from '../../src/domain/calls/call-event.js';
import type { FraudGuard, FraudIncident } from '../../src/domain/fraud/guard.js';
import { asId, type CallRecordId, type FraudGuardId, type FraudIncidentId, type RateDeckId, type TrunkId } from '../../src/domain/ids.js';
import { rateKey } from '../../src/domain/charges/rate-import.js';
import type { Rate, RateDeck } from '../../src/domain/charges/rate.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import { createRerating } from '../../src/storage/postgres/rerating.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { NO_PARTY } from '../support/past-calls.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, newId } from '../support/sample-account.js';

const RATE: Rate = {
  prefix: '+1', destination: 'Here', currency: 'USD', perMinute: 6_500, connectFee: 0, firstSeconds: 6, nextSeconds: 6, includedBy: [], effectiveFrom: 0,
};
const DAY_MS = 86_400_000;

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const { account, site } = await accountWithSite(createUnitOfWork(db, { onCommitted: async () => undefined }));
  const [t1, t2] = [asId<TrunkId>('trunk-1'), asId<TrunkId>('trunk-2')];
  const deckOf = (changes: Partial<RateDeck>): RateDeck => (
    { id: newId<RateDeckId>(), accountId: account.id, name: 'All', direction: 'outbound', trunkId: null, rateSet: newId(), createdAt: AT, ...changes });
  const [all, own] = [deckOf({}), deckOf({ name: 'Own', trunkId: t1 })];

  await t.test('decks: one a place, each name once; rates by set, prefix and time', async (t) => {
    await stores.rateDecks.insert(all);
    await stores.rateDecks.insert(own);
    t.same(await stores.rateDecks.all(account.id), [all, own]);
    await t.rejects(stores.rateDecks.insert(deckOf({ name: 'OWN', trunkId: t2 })), new UniqueViolation('rate_decks_name_unique'));
    await t.rejects(stores.rateDecks.insert(deckOf({ name: 'Second' })), new UniqueViolation('rate_decks_place_unique'));
    const rates = [{ ...RATE, prefix: '' }, RATE, { ...RATE, effectiveFrom: AT }, { ...RATE, prefix: '+44', perMinute: 12_000, firstSeconds: 60, nextSeconds: 60 }];
    await stores.rates.add(account.id, all.rateSet, rates, AT);
    await stores.rates.add(account.id, own.rateSet, [{ ...RATE, prefix: '', perMinute: 1, connectFee: 5 }], AT);
    const first = await stores.rates.page(all.rateSet, { size: 2, after: null });
    t.match(first, { total: 4, next: rateKey(RATE), items: rates.slice(0, 2) });
    t.same((await stores.rates.rows(all.rateSet, { size: 9, after: first.next })).items, rates.slice(2));
    t.same((await stores.rates.withPrefixes(all.rateSet, ['+44', '+4420', ''])).map(({ prefix }) => prefix).sort(), ['', '+44']);
    t.same(await stores.rateDecks.counts([all.rateSet, own.rateSet, 'none']), new Map([[all.rateSet, 4], [own.rateSet, 1]]));
    await stores.rates.add(account.id, 'left behind', [RATE], AT);
    t.equal(await stores.rates.deleteUnnamed(AT + 1, 100), 1);
    t.equal(await stores.rates.deleteUnnamed(AT + 1, 100), 0);
    await stores.planAllowances.replace(account.id, [{ plan: 100, minutes: 30 }, { plan: 200, minutes: null }]);
    t.same(await stores.planAllowances.all(account.id), [{ plan: 100, minutes: 30 }, { plan: 200, minutes: null }]);
    await stores.planAllowances.replace(account.id, []);
    t.same(await stores.planAllowances.all(account.id), []);
  });

  await t.test('a day of calls: charges add up to what each trunk costs, however often and in whatever pieces events are folded', async (t) => {
    const sink = createCallRecordSink(db);
    let stream = 0;
    let day = 0;
    await t.resolves(fc.assert(fc.asyncProperty(fc.array(fc.record({
      second: fc.nat(86_000), talk: fc.nat(4000), to: fc.constantFrom('+12125550199', '+442071838750', '+33140000000', '+4915112345678'), trunk: fc.constantFrom(t1, t2),
      answered: fc.boolean(), emergency: fc.constantFrom(false, false, false, true),
    }), { maxLength: 30 }), fc.integer({ min: 1, max: 17 }), async (calls, piece) => {
      const start = AT + (day += 1) * DAY_MS;
      const entries = calls.flatMap(({ second, talk, to, trunk, answered, emergency }) => {
        const callId = newId<CallRecordId>();
        const base = { callId, accountId: account.id };
        const at = start + second * 1000;
        const events: readonly CallEvent[] = [
          { ...base, kind: 'attempted', at, nodeId: 'n', sipCallId: callId, direction: 'outbound', dialled: to, caller: { ...NO_PARTY, siteId: site.id, number: '+12025550100' }, callee: { ...NO_PARTY, number: to }, emergency },
          ...(answered ? [{ ...base, kind: 'answered' as const, at, legDeviceId: null, legTrunkId: trunk }] : []),
          { ...base, kind: 'ended', at: at + talk * 10, cause: 'caller-hangup', reason: null, status: answered ? 200 : 487, legs: [], holdMs: 0 },
        ];
        return events.map((event) => ({ streamId: `9-${(stream += 1)}`, event }));
      });
      for (let from = 0; from < entries.length; from += piece) {
        await sink.fold(entries.slice(from, from + piece));
        await sink.fold(entries.slice(Math.max(0, from - piece), from + piece));
      }
      // By hand: whole increments at the price of each number, in exact arithmetic.
      const expected = new Map<TrunkId, bigint>();
      for (const { talk, to, trunk, answered, emergency } of calls) {
        if (!answered || emergency) continue;
        const seconds = Math.max(1, Math.ceil(talk * 10 / 1000));
        const [price, step] = trunk === t1 ? [1n, 6] : to.startsWith('+44') ? [12_000n, 60] : [6_500n, 6];
        const billed = BigInt(Math.ceil(seconds / step) * step);
        expected.set(trunk, (expected.get(trunk) ?? 0n) + (price * billed + 30n) / 60n + (trunk === t1 ? 5n : 0n));
      }
      const totals = await stores.charges.totals(account.id, { from: start, to: start + DAY_MS - 1 });
      return totals.length === expected.size && totals.every(({ trunkId, total }) => trunkId !== null && expected.get(trunkId) === BigInt(total));
    }), { numRuns: 12 }), '12 days');
  });

  await t.test('rating again without a change of prices changes nothing', async (t) => {
    const steps = [];
    for await (const step of createRerating(db).steps({ accountId: account.id, from: AT, to: AT + 40 * DAY_MS, apply: true, at: AT })) steps.push(step);
    t.same(steps.flatMap(({ differences }) => differences), []);
  });

  await t.test('guards and what they found', async (t) => {
    const guard: FraudGuard = {
      id: newId<FraudGuardId>(), accountId: account.id, name: 'Night', enabled: true, metric: 'after-hours', destinations: { prefixes: ['+1900'], countries: ['FR'], international: true },
      siteId: site.id, extensionId: null, warning: null, critical: 3, currency: '', hours: { from: '08:00', to: '18:00', days: [1, 2] }, holdMinutes: 5, createdAt: AT,
    };
    await stores.fraudGuards.insert(guard);
    t.same(await stores.fraudGuards.everywhere(), [guard]);
    await t.rejects(stores.fraudGuards.insert({ ...guard, id: newId<FraudGuardId>(), name: 'NIGHT' }), new UniqueViolation('fraud_guards_name_unique'));
    const changed: FraudGuard = { ...guard, hours: null, metric: 'cost-per-day', currency: 'USD', warning: 1, siteId: null };
    await stores.fraudGuards.update(changed);
    t.same(await stores.fraudGuards.get(account.id, guard.id), changed);
    const incident = (changes: Partial<FraudIncident>): FraudIncident => ({
      id: newId<FraudIncidentId>(), accountId: account.id, guardId: guard.id, guardName: 'Night', metric: 'after-hours', level: 'critical', extensionId: asId('ext'), callerName: 'Ann',
      number: '+33', value: 4, threshold: 3, at: AT, heldUntil: AT + 1000, liftedAt: null, liftedBy: '', ...changes,
    });
    const [one, two] = [incident({}), incident({ at: AT + 10, level: 'warning', heldUntil: null })];
    for (const each of [one, two]) await stores.fraudIncidents.insert(each);
    const page = (more: object) => stores.fraudIncidents.page(account.id, { from: AT, to: AT + 99, at: AT + 1, ...more }, { size: 1, after: null });
    t.match(await page({}), { total: 2, items: [two], next: two.id });
    t.match(await page({ held: true }), { total: 1, items: [one], next: null });
    t.equal(await stores.fraudIncidents.toldSince(guard.id, one.extensionId, 'critical', AT - 1), true);
    t.equal(await stores.fraudIncidents.toldSince(guard.id, one.extensionId, 'critical', AT), false);
    await stores.fraudIncidents.lift(one.id, AT + 5, 'client:1');
    t.match(await stores.fraudIncidents.get(account.id, one.id), { liftedAt: AT + 5, liftedBy: 'client:1' });
    t.equal(await stores.fraudIncidents.toldSince(guard.id, one.extensionId, 'critical', AT - 1), false, 'after a lift it is told again');
    await stores.fraudGuards.delete(guard.id);
    t.same(await stores.fraudGuards.all(account.id), []);
  });
});
