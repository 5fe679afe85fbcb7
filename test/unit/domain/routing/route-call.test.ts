import fc from 'fast-check';
import t from 'tap';
import type { Dialled } from '../../../../src/domain/numbering/dialled.js';
import { NO_TRUNKS } from '../../../../src/domain/routing/trunk-routes.js';
import type { Reason } from '../../../../src/domain/reasons.js';
import type { CallOutcome, PolicyRule } from '../../../../src/domain/routing/call-decision.js';
import type { ActingParty, DeviceCallFacts } from '../../../../src/domain/routing/call-facts.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { areaParty, BERLIN, blockOf, callFacts, candidate, phone, SITE, targetOf, userParty } from '../../../support/call-facts-office.js';

const ben = userParty('ben', '1002');
const toBen: Partial<DeviceCallFacts> = { target: targetOf(ben, [candidate(phone('b')), candidate(phone('b2'), false)]) };
const unassigned: ActingParty = { kind: 'unassigned' };
const number: Dialled = { kind: 'number', e164: '+12125550100', digits: '2125550100', country: 'US' };
const abroad: Dialled = { kind: 'number', e164: '+442079460000', digits: '011442079460000', country: 'GB' };
const sos: Dialled = { kind: 'emergency', number: '911', test: false };
const sosTest: Dialled = { kind: 'emergency', number: '933', test: true };
const signIn: Dialled = { kind: 'feature-code', feature: 'hot-desk-sign-in', argument: '1002' };
const signOut: Dialled = { kind: 'feature-code', feature: 'hot-desk-sign-out', argument: '' };
const lockCode: Dialled = { kind: 'feature-code', feature: 'device-lock', argument: '' };
const activation: Dialled = { kind: 'feature-code', feature: 'phone-activation', argument: '' };
const lockedDesk: DeviceCallFacts['source'] = { kind: 'device', device: { ...phone('a'), locked: true }, site: SITE, acting: userParty('ann', '1001') };
const spare = (hotDesking: 'on' | 'off'): DeviceCallFacts['source'] => ({ kind: 'device', device: { ...phone('a'), hotDesking }, site: SITE, acting: unassigned });
const planned = userParty('ann', '1001', { callingPlans: [200] });
const gone = userParty('ann', '1001', { status: 'deactivated', callingPlans: [200] });

type Outcome = Reason | Exclude<CallOutcome['kind'], 'reject'>;
type Row = readonly [name: string, facts: Parameters<typeof callFacts>[0], rule: PolicyRule, outcome: Outcome];

const EMERGENCY: readonly Row[] = [
  ['with a trunk', { dialled: sos }, 'emergency', 'dial-trunk'],
  ['from an unassigned device', { dialled: sos, acting: unassigned }, 'emergency', 'dial-trunk'],
  ['from a deactivated user', { dialled: sos, acting: gone }, 'emergency', 'dial-trunk'],
  ['without hops left', { dialled: sos, hopsLeft: 0 }, 'emergency', 'dial-trunk'],
  ['on an outbound blocked list', { dialled: sos, outboundBlocks: [blockOf('911', 'account')] }, 'emergency', 'dial-trunk'],
  ['without a trunk fails loudly', { dialled: sos, trunks: NO_TRUNKS }, 'emergency', 'emergency-no-route'],
  ['the test number goes to the trunk', { dialled: sosTest }, 'emergency', 'dial-trunk'],
  ['the test number without a trunk', { dialled: sosTest, trunks: NO_TRUNKS }, 'emergency', 'emergency-test-no-route'],
];

const WHO: readonly Row[] = [
  ['no hops left', { ...toBen, hopsLeft: 0 }, 'source', 'too-many-hops'],
  ['a feature code needs no hop', { dialled: signOut, hopsLeft: 0 }, 'targets', 'run-feature'],
  ['an unassigned device dials emergency only', { ...toBen, acting: unassigned }, 'acting-party', 'device-unassigned'],
  ['no feature code either', { dialled: signOut, source: spare('on') }, 'acting-party', 'device-unassigned'],
  ['nor the device lock', { dialled: lockCode, source: spare('on') }, 'acting-party', 'device-unassigned'],
  ['nor signing in', { dialled: signIn, source: spare('off') }, 'acting-party', 'device-unassigned'],
  ['but it may be activated', { dialled: activation, source: spare('off') }, 'targets', 'run-feature'],
  ['a phone that is somebody\'s says so itself', { dialled: activation }, 'targets', 'run-feature'],
  ['a locked phone is not activated', { dialled: activation, source: lockedDesk }, 'device-lock', 'device-locked'],
  ['unless the device takes guests', { dialled: signIn, source: spare('on') }, 'targets', 'run-feature'],
  ['nor an unknown number', { dialled: { kind: 'unknown', digits: '' }, acting: unassigned }, 'acting-party', 'device-unassigned'],
  ['a deactivated user makes no calls', { ...toBen, acting: gone }, 'acting-party', 'user-deactivated'],
  ['nor signs out', { dialled: signOut, acting: gone }, 'acting-party', 'user-deactivated'],
  ['a guest may sign in at a deactivated owner\'s desk', { dialled: signIn, acting: gone }, 'targets', 'run-feature'],
  ['a deactivated common area makes no calls', { ...toBen, acting: areaParty('lobby', '1100', { status: 'deactivated' }) }, 'acting-party', 'user-deactivated'],
];

const LOCKED: readonly Row[] = [
  ['a locked phone makes no calls', { ...toBen, source: lockedDesk }, 'device-lock', 'device-locked'],
  ['nor to numbers', { dialled: number, source: { ...lockedDesk, acting: planned } }, 'device-lock', 'device-locked'],
  ['nor does it sign out', { dialled: signOut, source: lockedDesk }, 'device-lock', 'device-locked'],
  ['whoever acts', { ...toBen, source: { ...lockedDesk, acting: gone } }, 'device-lock', 'device-locked'],
  ['emergency goes out', { dialled: sos, source: lockedDesk }, 'emergency', 'dial-trunk'],
  ['the lock\'s own code is answered', { dialled: lockCode, source: lockedDesk }, 'targets', 'run-feature'],
  ['and the sign-in code, by which its own user unlocks it', { dialled: signIn, source: lockedDesk }, 'targets', 'run-feature'],
];

const DIALLED: readonly Row[] = [
  ['neither code, extension nor number', { dialled: { kind: 'unknown', digits: '*69' } }, 'dialled', 'unknown-number'],
  ['an extension nobody has', {}, 'dialled', 'unknown-number'],
  ['*91', { dialled: signIn }, 'targets', 'run-feature'],
  ['*92', { dialled: signOut }, 'targets', 'run-feature'],
  ['the device lock', { dialled: lockCode }, 'targets', 'run-feature'],
  ['*91 at a phone that takes no guests is answered too', { dialled: signIn, source: { ...lockedDesk, device: { ...phone('a'), hotDesking: 'off' } } }, 'targets', 'run-feature'],
];

const TARGETS: readonly Row[] = [
  ['a registered phone rings', toBen, 'targets', 'ring'],
  ['from a common area', { ...toBen, acting: areaParty('lobby', '1100') }, 'targets', 'ring'],
  ['to a common area', { target: targetOf(areaParty('lobby', '1002'), [candidate(phone('l'))]) }, 'targets', 'ring'],
  ['no phone at all', { target: targetOf(ben, []) }, 'targets', 'no-device'],
  ['no phone registered', { target: targetOf(ben, [candidate(phone('b'), false)]) }, 'targets', 'not-registered'],
  ['a deactivated user gets no calls', { target: targetOf(userParty('ben', '1002', { status: 'deactivated' }), [candidate(phone('b'))]) }, 'targets', 'callee-deactivated'],
  ['a deactivated common area gets no calls', { target: targetOf(areaParty('lobby', '1002', { status: 'deactivated' }), [candidate(phone('l'))]) }, 'targets', 'callee-deactivated'],
  ['the only phone is lent to a guest', { target: targetOf(ben, [], [{ device: phone('b'), because: 'guest' }]) }, 'targets', 'phone-lent'],
  ['the only phone is locked', { target: targetOf(ben, [], [{ device: phone('b'), because: 'locked' }]) }, 'targets', 'callee-locked'],
  ['one lent, the other not registered', { target: targetOf(ben, [candidate(phone('b2'), false)], [{ device: phone('b'), because: 'guest' }]) }, 'targets', 'not-registered'],
  ['one lent, the other rings', { target: targetOf(ben, [candidate(phone('b2'))], [{ device: phone('b'), because: 'guest' }]) }, 'targets', 'ring'],
  ['a deactivated user with a lent phone', { target: targetOf(userParty('ben', '1002', { status: 'deactivated' }), [], [{ device: phone('b'), because: 'guest' }]) }, 'targets', 'callee-deactivated'],
  ['an extension whose holder is gone', { target: { kind: 'extension', extension: ben.extension, party: unassigned, candidates: [], silent: [] } }, 'targets', 'no-device'],
  ['the own extension rings the other phones', { target: targetOf(userParty('ann', '1001'), [candidate(phone('a')), candidate(phone('a2'))]) }, 'targets', 'ring'],
  ['the own extension with this phone alone', { target: targetOf(userParty('ann', '1001'), [candidate(phone('a'))]) }, 'targets', 'not-registered'],
  ['an extension is called without a plan or a trunk', { ...toBen, trunks: NO_TRUNKS, outboundBlocks: [blockOf('+', 'account')] }, 'targets', 'ring'],
];

const NUMBERS: readonly Row[] = [
  ['no plan', { dialled: number }, 'entitlement', 'no-calling-plan'],
  ['a plan', { dialled: number, acting: planned }, 'targets', 'dial-trunk'],
  ['a common area\'s plan', { dialled: number, acting: areaParty('lobby', '1100', { callingPlans: [100] }) }, 'targets', 'dial-trunk'],
  ['abroad, international calling off', { dialled: abroad, acting: planned }, 'entitlement', 'international-off'],
  ['abroad, international calling on', { dialled: abroad, acting: userParty('ann', '1001', { callingPlans: [200], internationalCalling: true }) }, 'targets', 'dial-trunk'],
  ['a number of no country', { dialled: { ...abroad, country: null }, acting: planned }, 'entitlement', 'plan-region'],
  ['home is the acting person\'s site', { dialled: { ...number, country: 'DE' }, actingSite: BERLIN, acting: userParty('ann', '1001', { callingPlans: [1001] }) }, 'targets', 'dial-trunk'],
  ['home is the common area\'s own country', { dialled: { ...number, country: 'FR' }, acting: areaParty('lobby', '1100', { callingPlans: [1001], country: 'FR' }) }, 'targets', 'dial-trunk'],
  ['an outbound block', { dialled: number, acting: planned, outboundBlocks: [blockOf('+1212', 'site')] }, 'outbound-restrictions', 'outbound-blocked'],
  ['another prefix blocks nothing', { dialled: number, acting: planned, outboundBlocks: [blockOf('+1213', 'site'), blockOf('', 'account')] }, 'targets', 'dial-trunk'],
  ['entitlement before blocks', { dialled: number, outboundBlocks: [blockOf('+1', 'account')] }, 'entitlement', 'no-calling-plan'],
  ['blocks before trunks', { dialled: number, acting: planned, outboundBlocks: [blockOf('+1', 'account')], trunks: NO_TRUNKS }, 'outbound-restrictions', 'outbound-blocked'],
  ['no trunk', { dialled: number, acting: planned, trunks: NO_TRUNKS }, 'targets', 'no-trunk'],
];

for (const [title, rows] of [['emergency', EMERGENCY], ['who calls', WHO], ['the device lock', LOCKED], ['what was dialled', DIALLED], ['targets', TARGETS], ['numbers', NUMBERS]] as const) {
  t.test(title, async (t) => {
    for (const [name, changes, rule, expected] of rows) {
      const { outcome, chain } = routeCall(callFacts(changes));
      t.equal(outcome.kind === 'reject' ? outcome.reason : outcome.kind, expected, name);
      t.match(chain.at(-1), { rule, verdict: 'decided' }, `${name}: decided by ${rule}`);
    }
  });
}

const ORDER: readonly PolicyRule[] = [
  'emergency', 'source', 'device-lock', 'acting-party', 'dialled', 'entitlement', 'calling-switches', 'outbound-restrictions', 'caps', 'fraud-guards',
  'caller-id', 'inbound', 'targets',
];

t.test('the chain holds the rules in order, decided by its last alone, each with a sentence', async () => {
  const rows = [...EMERGENCY, ...WHO, ...LOCKED, ...DIALLED, ...TARGETS, ...NUMBERS];
  fc.assert(fc.property(fc.constantFrom(...rows), fc.constantFrom(...rows), ([, first], [, second]) => {
    const { chain } = routeCall(callFacts({ ...first, ...second }));
    return chain.every(({ rule, verdict, note }, index) =>
      rule === ORDER[index] && (verdict === 'decided') === (index === chain.length - 1) && /^\S.*\.$/.test(note));
  }), { numRuns: 1000 });
});

t.test('an emergency call asks no other rule and shows the desk, never the guest', async (t) => {
  const { outcome, chain } = routeCall(callFacts({ dialled: sos }));
  t.match(outcome, { kind: 'dial-trunk', number: '911', emergency: true, callerId: { name: 'Desk a', number: '' }, routes: [{ trunk: { name: 'Carrier' }, lastResort: false }] });
  t.equal(chain.length, 1);
  t.match(routeCall(callFacts({ dialled: sosTest })).outcome, { number: '933', emergency: false }, 'a test alarms nobody');
});

t.test('what rings, how long, and who is shown', async (t) => {
  const { outcome } = routeCall(callFacts(toBen));
  t.match(outcome, { kind: 'ring', calleeName: 'Ben', extension: ben.extension, ringSeconds: 60, callerId: { name: 'Ann', number: '1001' } });
  t.same(outcome.kind === 'ring' && outcome.ring.map(({ device }) => device.id), ['b'], 'only registered phones');

  const own = routeCall(callFacts({ target: targetOf(userParty('ann', '1001'), [candidate(phone('a')), candidate(phone('a2'))]) })).outcome;
  t.same(own.kind === 'ring' && own.ring.map(({ device }) => device.id), ['a2'], 'never the phone that calls');
});

t.test('a caller of another site is shown with the site code', async (t) => {
  const berliner = targetOf(userParty('ben', '201', { siteId: BERLIN.id }), [candidate(phone('b'))]);
  const coded = { ...SITE, siteCode: '10' };
  const rows = [
    ['across sites', { target: berliner, actingSite: coded }, '101001'],
    ['inside the site', { ...toBen, actingSite: coded }, '1001'],
    ['a site without code', { target: berliner }, '1001'],
    ['the device\'s code never stands before a guest\'s extension', { target: berliner, actingSite: { ...BERLIN, siteCode: '20' } }, '1001'],
  ] as const;
  for (const [name, changes, shown] of rows) t.match(routeCall(callFacts(changes)).outcome, { kind: 'ring', callerId: { number: shown } }, name);
});

t.test('outside, the number is withheld while nobody owns one', async (t) => {
  t.match(routeCall(callFacts({ dialled: number, acting: planned })).outcome, { number: '+12125550100', emergency: false, callerId: { name: 'Ann', number: '' } });
});

t.test('why a phone does not ring is told of each', async (t) => {
  const silent = [{ device: phone('b'), because: 'guest' }, { device: phone('c'), because: 'locked' }, { device: phone('d'), because: 'desk-only' }] as const;
  t.equal(routeCall(callFacts({ target: targetOf(ben, [], silent) })).chain.at(-1)?.note,
    'Ben (extension 1002) has no phone that may ring. Device Desk b is used by a guest. Device Desk c is locked. '
    + 'Device Desk d is left out while its user sits elsewhere. Guests use the phones of the called extension.');
  t.match(routeCall(callFacts({ target: targetOf(ben, [candidate(phone('e'))], silent) })).chain.at(-1)?.note, /1 phone rings for 60 s\. Device Desk b is used by a guest\./);
});

t.test('no note repeats what was dialled behind an unknown code', async (t) => {
  const { chain } = routeCall(callFacts({ dialled: { kind: 'unknown', digits: '*92123456' } }));
  t.notMatch(JSON.stringify(chain), /123456/);
});
