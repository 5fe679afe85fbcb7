import t from 'tap';
import type { FraudGuard } from '../../../../src/domain/fraud/guard.js';
import { judgeGuards } from '../../../../src/domain/fraud/judge-guards.js';
import { isWithin, readingOf, watches, type WatchedCall } from '../../../../src/domain/fraud/watched-call.js';
import { asId } from '../../../../src/domain/ids.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { callFacts, userParty } from '../../../support/call-facts-office.js';

const GUARD: FraudGuard = {
  id: asId('g'), accountId: asId('account'), name: 'Toll fraud', enabled: true, metric: 'calls-per-minute', destinations: { prefixes: [], countries: [], international: false },
  siteId: null, extensionId: null, warning: 2, critical: 4, currency: '', hours: null, holdMinutes: 0, createdAt: 0,
};
const CALL: WatchedCall = {
  extensionId: asId('ann'), siteId: asId('site-us'), home: 'US', number: '+33140000000', country: 'FR', clock: { time: '10:00', weekday: 1 }, day: '2026-11-23',
};
const only = (destinations: Partial<FraudGuard['destinations']>): FraudGuard => ({ ...GUARD, destinations: { ...GUARD.destinations, ...destinations } });

t.test('which calls a guard watches', async (t) => {
  const office = { from: '09:00', to: '17:00', days: [1, 2, 3, 4, 5] };
  for (const [name, guard, call, expected] of [
    ['every number', GUARD, CALL, true], ['a guard that is off', { ...GUARD, enabled: false }, CALL, false], ['one without thresholds', { ...GUARD, warning: null, critical: null }, CALL, false],
    ['a prefix', only({ prefixes: ['+3314'] }), CALL, true], ['another prefix', only({ prefixes: ['+44'] }), CALL, false],
    ['a country', only({ countries: ['FR'] }), CALL, true], ['one of several', only({ prefixes: ['+44'], countries: ['FR'] }), CALL, true],
    ['abroad', only({ international: true }), CALL, true], ['at home', only({ international: true }), { ...CALL, country: 'US' }, false],
    ['no country at all', only({ international: true }), { ...CALL, country: null }, true],
    ['another site', { ...GUARD, siteId: asId('site-de') }, CALL, false], ['the caller', { ...GUARD, extensionId: asId('ann') }, CALL, true], ['another caller', { ...GUARD, extensionId: asId('bob') }, CALL, false],
    ['in working hours', { ...GUARD, metric: 'after-hours', hours: office }, CALL, false],
    ['in the evening', { ...GUARD, metric: 'after-hours', hours: office }, { ...CALL, clock: { time: '17:00', weekday: 1 } }, true],
    ['at the weekend', { ...GUARD, metric: 'after-hours', hours: office }, { ...CALL, clock: { time: '10:00', weekday: 6 } }, true],
  ] as const) t.equal(watches(guard as FraudGuard, call as WatchedCall), expected, name);
  const night = { from: '22:00', to: '06:00', days: [5] };
  for (const [time, weekday, expected] of [['23:00', 5, true], ['05:59', 6, true], ['06:00', 6, false], ['23:00', 6, false], ['05:00', 5, false]] as const) {
    t.equal(isWithin(night, { time, weekday }), expected, `${time} on day ${weekday}`);
  }
});

t.test('what is read for each metric', async (t) => {
  for (const [metric, expected] of [
    ['calls-per-minute', { kind: 'attempts', key: 'guard:g:ann', spanMs: 60_000 }], ['after-hours', { kind: 'attempts', spanMs: 3_600_000 }],
    ['concurrent-calls', { kind: 'running' }], ['same-number', { kind: 'in-a-row', text: '+33140000000' }], ['new-countries', { kind: 'first-seen', text: 'FR' }],
    ['minutes-per-day', { kind: 'kept', key: 'minutes:ann:2026-11-23' }], ['cost-per-day', { kind: 'kept', key: 'cost:ann:2026-11-23:USD' }],
  ] as const) t.match(readingOf({ ...GUARD, metric, currency: 'USD' }, CALL), expected, metric);
});

t.test('warning and critical', async (t) => {
  for (const [name, guard, value, held, expected] of [
    ['few', GUARD, 2, false, []], ['a warning', GUARD, 3, false, [{ level: 'warning', threshold: 2 }]], ['the fourth still goes', GUARD, 4, false, [{ level: 'warning' }]],
    ['the fifth does not', GUARD, 5, false, [{ level: 'critical', threshold: 4 }]], ['held', GUARD, 1, true, [{ level: 'critical', held: true }]],
    ['no refusal', { ...GUARD, critical: null }, 99, false, [{ level: 'warning' }]], ['what was used up counts when reached', { ...GUARD, metric: 'cost-per-day' }, 4, false, [{ level: 'critical' }]],
  ] as const) t.match(judgeGuards([{ guard: guard as FraudGuard, value, held }]), expected, name);
  t.same(judgeGuards([{ guard: GUARD, value: 3, held: false }, { guard: { ...GUARD, name: 'b' }, value: 9, held: false }]).map(({ guard }) => guard.name), ['b', 'Toll fraud'], 'the gravest first');
});

t.test('the rule of the call policy', async (t) => {
  const facts = callFacts({ acting: userParty('ann', '1001', { callingPlans: [200] }), dialled: { kind: 'number', digits: '+12125550123', e164: '+12125550123', country: 'US' } });
  const decide = (value: number, held = false) => routeCall({ ...facts, limits: { caps: [], fullTrunks: new Set(), guards: [{ guard: GUARD, value, held }] } });
  t.match(decide(5), { outcome: { kind: 'reject', reason: 'fraud-calls-per-minute' } });
  t.match(decide(5).chain.at(-1)?.note, /^Guard Toll fraud counts 5, of at most 4\. /);
  t.match(decide(1, true), { outcome: { kind: 'reject', reason: 'fraud-held' } });
  t.match(decide(3).chain.find(({ rule }) => rule === 'fraud-guards'), { verdict: 'passed', note: 'Guard Toll fraud warns: it counts 3, of 2.' });
  const full = routeCall({ ...facts, limits: { caps: [{ scope: 'user', id: 'x', name: 'Ann', limit: 1, running: 1 }], fullTrunks: new Set(), guards: [] } });
  t.match(full, { outcome: { kind: 'reject', reason: 'user-call-limit' } });
});
