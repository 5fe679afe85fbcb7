import t from 'tap';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { NO_TRUNKS } from '../../../../src/domain/routing/trunk-routes.js';
import type { DeviceCallFacts } from '../../../../src/domain/routing/call-facts.js';
import { NO_CALLER_NUMBERS } from '../../../../src/domain/numbering/caller-id.js';
import { calleeParty, callerParty, directionOf } from '../../../../src/usecases/call-parties.js';
import { blockOf, callFacts, candidate, phone, poolNumber, targetOf, userParty } from '../../../support/call-facts-office.js';

const ben = userParty('ben', '1002');
const target = targetOf(ben, [candidate(phone('b'))]);
const dialled = { kind: 'number', e164: '+12125550102', digits: '+12125550102', country: 'US' } as const;
const bens = poolNumber('+12125550102', { extensionId: ben.extension.id });
const anns = poolNumber('+12125550101', { extensionId: userParty('ann', '1001').extension.id });
const planned = userParty('ann', '1001', { callingPlans: [200] });

t.test('a number of the account rings inside', async (t) => {
  const rows: readonly (readonly [string, Partial<DeviceCallFacts>, string, string])[] = [
    ['without plan, trunk, and past outbound lists', { calledNumber: bens, target, trunks: NO_TRUNKS, outboundBlocks: [blockOf('+1', 'account')] }, 'ring', 'targets'],
    ['assigned to nobody', { calledNumber: poolNumber('+12125550102') }, 'number-unassigned', 'inbound'],
    ['assigned to nobody, never sent out by trunk', { calledNumber: poolNumber('+12125550102') }, 'number-unassigned', 'inbound'],
    ['for calls out alone', { calledNumber: poolNumber('+12125550102', { extensionId: ben.extension.id, incoming: false }) }, 'number-outgoing-only', 'inbound'],
    ['of somebody deactivated', { calledNumber: bens, target: targetOf(userParty('ben', '1002', { status: 'deactivated' }), [candidate(phone('b'))]) }, 'callee-deactivated', 'targets'],
    ['of somebody without a registered phone', { calledNumber: bens, target: targetOf(ben, [candidate(phone('b'), false)]) }, 'not-registered', 'targets'],
    ['another number needs a plan', {}, 'no-calling-plan', 'entitlement'],
  ];
  for (const [name, changes, expected, rule] of rows) {
    const { outcome, chain } = routeCall(callFacts({ dialled, ...changes }));
    t.equal(outcome.kind === 'reject' ? outcome.reason : outcome.kind, expected, name);
    t.equal(chain.at(-1)?.rule, rule, `${name}: ${rule} decides`);
  }
});

t.test('inside the extension is shown, and the record keeps both numbers', async (t) => {
  const facts = callFacts({ dialled, calledNumber: bens, target, callerNumbers: { ...NO_CALLER_NUMBERS, own: [anns] } });
  t.match(routeCall(facts).outcome, { kind: 'ring', callerId: { name: 'Ann', number: '1001' } });
  t.match(callerParty(facts), { extensionNumber: '1001', number: '+12125550101' });
  t.match(calleeParty(facts), { extensionNumber: '1002', number: '+12125550102' });
  t.equal(directionOf(facts), 'internal');
  t.equal(directionOf(callFacts({ dialled })), 'outbound');
});

t.test('outside a permitted number is shown in place of whatever the phone claims', async (t) => {
  const sales = poolNumber('+12125550110', { displayName: 'Sales' });
  const choice = { id: planned.extension.id, accountId: anns.accountId, phoneNumberId: null };
  const rows = [
    ['the own number', { ...NO_CALLER_NUMBERS, own: [anns] }, { name: 'Ann', number: '+12125550101' }, /a number of their own/],
    ['a permitted one, by its own name', { ...NO_CALLER_NUMBERS, site: [sales] }, { name: 'Sales', number: '+12125550110' }, /permitted to the site/],
    ['withheld', { ...NO_CALLER_NUMBERS, own: [anns], choice }, { name: 'Anonymous', number: '' }, /chose to withhold/],
    ['none', NO_CALLER_NUMBERS, { name: 'Ann', number: '' }, /none that the caller may show/],
  ] as const;
  for (const [name, callerNumbers, callerId, why] of rows) {
    const { outcome, chain } = routeCall(callFacts({ dialled, acting: planned, callerNumbers }));
    t.match(outcome, { kind: 'dial-trunk', callerId }, name);
    t.match(chain.find(({ rule }) => rule === 'caller-id')?.note, why, `${name}: explained`);
  }
});

t.test('an emergency call shows the desk\'s number, never the guest\'s', async (t) => {
  const facts = callFacts({
    dialled: { kind: 'emergency', number: '911', test: false }, deskNumber: '+12125550150', callerNumbers: { ...NO_CALLER_NUMBERS, own: [anns] },
  });
  t.match(routeCall(facts).outcome, { callerId: { number: '+12125550150' } });
  t.equal(callerParty(facts).number, '+12125550150', 'in the record too');
});
