import fc from 'fast-check';
import t from 'tap';
import type { Dialled } from '../../../../src/domain/numbering/dialled.js';
import type { CallingPlanCode } from '../../../../src/domain/licensing/plans.js';
import { CALLING_PLANS, isInternational } from '../../../../src/domain/licensing/catalogue.js';
import type { ActingParty, DeviceCallFacts } from '../../../../src/domain/routing/call-facts.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { areaParty, BERLIN, blockOf, callFacts, candidate, phone, SITE, targetOf, userParty } from '../../../support/call-facts-office.js';
import { guestSession } from '../../../support/guest-session.js';

type Area = Parameters<typeof areaParty>[2];
const to = (e164: string, country: string | null): Dialled => ({ kind: 'number', e164, digits: e164, country });
const HOME = to('+12125550100', 'US');
const CANADA = to('+14165550100', 'CA');
const GERMANY = to('+4930123456', 'DE');
const BRITAIN = to('+442079460000', 'GB');

/** Ben of Berlin, guest at desk a in the US. */
function guest(changes: Parameters<typeof userParty>[2] = {}): ActingParty {
  const party = userParty('ben', '1002', { siteId: BERLIN.id, callingPlans: [100, 1001], internationalCalling: true, ...changes });
  return { ...party, session: guestSession(phone('a'), party.user) };
}
const atLobby = (area: Area, changes: Partial<DeviceCallFacts> & { readonly acting?: ActingParty } = {}): DeviceCallFacts =>
  callFacts({ acting: guest(), actingSite: BERLIN, desk: { commonArea: areaParty('lobby', '1100', area).commonArea }, ...changes });
const outcomeOf = (facts: DeviceCallFacts): string => {
  const { outcome } = routeCall(facts);
  return outcome.kind === 'reject' ? outcome.reason : outcome.kind;
};

const ROWS: readonly (readonly [rule: string, facts: DeviceCallFacts, expected: string])[] = [
  ['a lobby without international calls gives its guest none', atLobby({}, { dialled: BRITAIN }), 'international-off'],
  ['not even to the guest\'s own country', atLobby({}, { dialled: GERMANY }), 'international-off'],
  ['calls inside the lobby\'s country go on', atLobby({}, { dialled: HOME }), 'dial-trunk'],
  ['and inside its region', atLobby({}, { dialled: CANADA }), 'dial-trunk'],
  ['the lobby\'s own country counts before its site\'s', atLobby({ country: 'GB' }, { dialled: BRITAIN }), 'dial-trunk'],
  ['with international calls the guest\'s own rights hold', atLobby({ internationalCalling: true }, { dialled: BRITAIN }), 'dial-trunk'],
  ['which the lobby never widens', atLobby({ internationalCalling: true }, { dialled: BRITAIN, acting: guest({ internationalCalling: false }) }), 'international-off'],
  ['nor does the lobby\'s plan', atLobby({ callingPlans: [100] }, { dialled: HOME, acting: guest({ callingPlans: [] }) }), 'no-calling-plan'],
  ['a lobby without a plan narrows nothing', atLobby({ callingPlans: [] }, { dialled: HOME }), 'dial-trunk'],
  ['a deactivated lobby neither', atLobby({ status: 'deactivated' }, { dialled: HOME }), 'dial-trunk'],
  ['a block of the lobby', atLobby({}, { dialled: HOME, outboundBlocks: [blockOf('+1212', 'extension', 'common area lobby')] }), 'outbound-blocked'],
  ['at a user\'s phone the owner\'s rights are nobody\'s business', atLobby({}, { dialled: BRITAIN, desk: { commonArea: null } }), 'dial-trunk'],
  ['the lobby itself is judged by its plan', callFacts({ acting: areaParty('lobby', '1100', { callingPlans: [100], internationalCalling: true }), dialled: BRITAIN }), 'dial-trunk'],
  ['a deactivated guest makes no calls', atLobby({}, { dialled: HOME, acting: guest({ status: 'deactivated' }) }), 'user-deactivated'],
  ['but emergency', atLobby({}, { dialled: { kind: 'emergency', number: '911', test: false }, acting: guest({ status: 'deactivated' }) }), 'dial-trunk'],
  ['and makes room for another guest', atLobby({}, { dialled: { kind: 'feature-code', feature: 'hot-desk-sign-in', argument: '' }, acting: guest({ status: 'deactivated' }) }), 'run-feature'],
  ['extensions are nobody\'s number', atLobby({}, { target: targetOf(userParty('cara', '1003'), [candidate(phone('c'))]) }), 'ring'],
];

t.test('a guest is narrowed by the phone\'s place, never by its owner', async (t) => {
  for (const [rule, facts, expected] of ROWS) t.equal(outcomeOf(facts), expected, rule);
});

t.test('the explanation names guest, sites, lists and common area', async (t) => {
  const note = (facts: DeviceCallFacts, rule: string): string => routeCall(facts).chain.find((step) => step.rule === rule)?.note ?? '';
  const facts = atLobby({}, { dialled: HOME });
  t.equal(note(facts, 'acting-party'),
    'Guest Ben (extension 1002) acts on this device. Extensions and national numbers are read as at site Berlin, emergency numbers as at site Main.');
  t.equal(note(facts, 'outbound-restrictions'),
    'On no outbound blocked list of the account, the phone\'s site Main, the guest\'s site Berlin, extension 1002 or common area lobby, nor held back by common area lobby.');
  t.match(note(atLobby({}, { dialled: BRITAIN }), 'outbound-restrictions'), /^Common area lobby, whose phone the guest uses, makes no international calls from US\. /);
  t.match(note(atLobby({}, { dialled: HOME, outboundBlocks: [blockOf('+1212', 'site', "the guest's site Berlin")] }), 'outbound-restrictions'),
    /^\+12125550100 begins with \+1212, blocked for the guest's site Berlin\. /);
  t.equal(note(callFacts({ dialled: HOME, acting: userParty('ann', '1001', { callingPlans: [100] }) }), 'outbound-restrictions'),
    'On no outbound blocked list of the account, site Main or extension 1001.');
});

const numbers = fc.constantFrom(HOME, CANADA, GERMANY, BRITAIN, to('+870773111632', null), to('+34911234567', 'ES'));
const plans = fc.uniqueArray(fc.constantFrom<CallingPlanCode>(...CALLING_PLANS.map(({ code }) => code)), { maxLength: 4 });
const area = fc.record({
  callingPlans: plans, internationalCalling: fc.boolean(), country: fc.constantFrom(null, 'US', 'DE', 'GB'),
  status: fc.constantFrom('active' as const, 'deactivated' as const),
});
const blocks = fc.array(fc.constantFrom('+1', '+4930', '+44', '+8').map((prefix) => blockOf(prefix)), { maxLength: 2 });

t.test('property: a guest never gains what the phone\'s place forbids', async () => {
  fc.assert(fc.property(numbers, area, blocks, plans, fc.boolean(), (dialled, lobby, outboundBlocks, callingPlans, internationalCalling) => {
    const outcome = outcomeOf(atLobby(lobby, { dialled, outboundBlocks, acting: guest({ callingPlans, internationalCalling }) }));
    const isBlocked = dialled.kind === 'number' && outboundBlocks.some(({ prefix }) => dialled.e164.startsWith(prefix));
    const isAbroad = dialled.kind === 'number' && isInternational(lobby.country ?? SITE.country, dialled.country);
    return outcome !== 'dial-trunk' || !(isBlocked || (isAbroad && !lobby.internationalCalling));
  }), { numRuns: 1000 });
});

t.test('property: sitting at another\'s phone never gives more than the own phone, nor less without a common area', async () => {
  fc.assert(fc.property(numbers, area, plans, fc.boolean(), (dialled, lobby, callingPlans, internationalCalling) => {
    const rights = { callingPlans, internationalCalling };
    const own = outcomeOf(callFacts({ dialled, actingSite: BERLIN, acting: userParty('ben', '1002', { siteId: BERLIN.id, ...rights }) }));
    const atArea = outcomeOf(atLobby(lobby, { dialled, acting: guest(rights) }));
    const atUser = outcomeOf(atLobby(lobby, { dialled, acting: guest(rights), desk: { commonArea: null } }));
    return (atArea !== 'dial-trunk' || own === 'dial-trunk') && atUser === own;
  }), { numRuns: 1000 });
});

t.test('property: licence, plan and status of the common area change nothing for its guest', async () => {
  fc.assert(fc.property(numbers, area, area, plans, (dialled, lobby, other, callingPlans) => {
    const acting = guest({ callingPlans });
    const same = { ...lobby, callingPlans: other.callingPlans, status: other.status };
    return outcomeOf(atLobby(lobby, { dialled, acting })) === outcomeOf(atLobby(same, { dialled, acting }));
  }), { numRuns: 1000 });
});
