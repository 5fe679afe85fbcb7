import t from 'tap';
import { CALLING_PLANS, SEATS, callingPlan, isInternational, planCovers, seatByNameOrCode } from '../../../../src/domain/licensing/catalogue.js';
import type { CallingPlanCode } from '../../../../src/domain/licensing/plans.js';

t.test('every public code, once', async (t) => {
  t.same(CALLING_PLANS.map(({ code }) => code), [100, 101, 102, 103, 104, 107, 200, 201, 202, 203, 204, 207, 1000, 1001]);
  t.same(SEATS.filter(({ kind }) => kind === 'package').map(({ code }) => code), [1, 3000, 3010, 3040]);
  t.same(SEATS.filter(({ kind }) => kind === 'add-on').map(({ code }) => code), [4000, 4010]);
  t.equal(new Set(SEATS.map(({ name }) => name)).size, SEATS.length, 'names differ');
  for (const seat of SEATS) {
    for (const text of [String(seat.code), seat.name, seat.name.toUpperCase(), seat.constant, ` ${seat.name} `]) t.equal(seatByNameOrCode(text)?.code, seat.code, text);
  }
});

t.test('what is no plan', async (t) => {
  for (const text of ['', '999', 'no such plan', '300', '1.0e2', 'constructor']) t.equal(seatByNameOrCode(text), undefined, text);
  t.equal(callingPlan(3000), undefined, 'a package is no calling plan');
  t.match(callingPlan(200), { kind: 'unlimited', region: 'US_CA' });
});

const COVERS: readonly (readonly [name: string, plans: readonly CallingPlanCode[], home: string, country: string | null, international: boolean, verdict: string])[] = [
  ['no plan opens nothing', [], 'US', 'US', true, 'no-calling-plan'],
  ['inside the region', [200], 'US', 'US', false, 'covered'],
  ['the region\'s other country', [100], 'US', 'CA', false, 'covered'],
  ['letter case does not matter', [100], 'us', 'ca', false, 'covered'],
  ['abroad with international calling off', [200], 'US', 'GB', false, 'international-off'],
  ['abroad with international calling on', [200], 'US', 'GB', true, 'covered'],
  ['a second plan opens its region', [200, 102], 'US', 'IE', false, 'covered'],
  ['at home outside the plan\'s region', [200], 'DE', 'DE', false, 'plan-region'],
  ['a global plan serves home', [1001], 'BR', 'BR', false, 'covered'],
  ['a global plan serves nothing else', [1000], 'BR', 'US', false, 'international-off'],
  ['numbers of no country', [200], 'US', null, true, 'plan-region'],
  ['EUR-A', [103], 'DE', 'FR', false, 'covered'],
  ['EUR-B is not EUR-A', [103], 'DE', 'PL', false, 'international-off'],
];

t.test('call-policy rule 5', async (t) => {
  for (const [name, plans, home, country, international, expected] of COVERS) {
    const verdict = planCovers(plans, home, country, international);
    t.equal(verdict.kind === 'covered' ? 'covered' : verdict.reason, expected, name);
  }
});

t.test('what is international to a place depends on no licence', async (t) => {
  const rows: readonly (readonly [string, string, string | null, boolean])[] = [
    ['the own country', 'US', 'US', false], ['in any case', 'us', 'US', false], ['the own region', 'US', 'CA', false], ['the own region of Europe', 'DE', 'FR', false],
    ['another region', 'US', 'GB', true], ['another region of Europe', 'DE', 'PL', true], ['a country of no region', 'ZA', 'NA', true],
    ['its own calls', 'ZA', 'ZA', false], ['a number of no country', 'US', null, true],
  ];
  for (const [name, home, number, expected] of rows) t.equal(isInternational(home, number), expected, name);
});
