import t from 'tap';
import type { CallBackPhone, CallFacts, TrunkSource } from '../../../../src/domain/routing/call-facts.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { callFacts, candidate, phone, poolNumber, targetOf, TRUNK, userParty } from '../../../support/call-facts-office.js';
import { aGateway } from '../../../support/sample-trunk.js';

const ben = userParty('ben', '1002');
const target = targetOf(ben, [candidate(phone('b'))]);
const gone = targetOf({ ...ben, user: { ...ben.user, status: 'deactivated' } }, [candidate(phone('b'))]);
const number = { kind: 'number', e164: '+12125550102', digits: '+12125550102', country: 'US' } as const;
const calledNumber = poolNumber('+12125550102', { extensionId: ben.extension.id });
const from = (changes: Partial<TrunkSource> = {}): TrunkSource => (
  { kind: 'trunk', trunk: TRUNK, gateway: aGateway(), caller: { name: 'Centre', number: '+12125550911' }, looped: false, ...changes });
const inbound = (changes: Partial<CallFacts> = {}): CallFacts => ({
  ...callFacts(), source: from(), dialled: number, calledNumber, target, inboundCaller: { kind: 'outside', number: '+12125550911' }, ...changes,
});
const desk = (id: string, { elin = false, registered = true }: { readonly elin?: boolean; readonly registered?: boolean } = {}): CallBackPhone => (
  { device: phone(id), bindings: candidate(phone(id), registered).bindings, elin });
const blocks = [{ number: '+1212', match: 'prefix', scope: 'account', holder: 'the account' }] as const;
const nobody = { calledNumber: poolNumber('+12125550102'), target: { kind: 'none' } } as const;

t.test('whoever calls back reaches the desk that called for help', async (t) => {
  const rows: readonly (readonly [rule: string, facts: CallFacts, rings: string, by: string])[] = [
    ['an ELIN that one desk used rings that desk alone', inbound({ callBack: [desk('x', { elin: true })] }), 'x', 'call-back'],
    ['an ELIN that several used rings them, and whom it usually reaches', inbound({ callBack: [desk('x', { elin: true }), desk('y', { elin: true })] }), 'x y b', 'call-back'],
    ["a desk's own number rings the desk besides its holder's phones", inbound({ callBack: [desk('x')] }), 'x b', 'call-back'],
    ['a phone that rings anyway rings once', inbound({ callBack: [desk('b')] }), 'b', 'call-back'],
    ['past blocked lists', inbound({ callBack: [desk('x')], inboundBlocks: blocks }), 'x', 'call-back'],
    ['past a deactivated owner', inbound({ callBack: [desk('b')], target: gone }), 'b', 'call-back'],
    ['past guest and device lock', inbound({ callBack: [desk('b')], target: targetOf(ben, [], [{ device: phone('b'), because: 'guest' }]) }), 'b', 'call-back'],
    ['a number that nobody has', inbound({ callBack: [desk('x')], ...nobody }), 'x', 'call-back'],
    ['an ELIN that is no number of the account', inbound({ callBack: [desk('x', { elin: true })], calledNumber: null, target: { kind: 'none' } }), 'x', 'call-back'],
    ['without hour or call, as usual', inbound(), 'b', 'targets'],
    ['a desk that cannot be reached leaves everything as usual', inbound({ callBack: [desk('x', { elin: true, registered: false })] }), 'b', 'call-back'],
    ['of several the one that can be reached rings, with those as usual', inbound({ callBack: [desk('x', { elin: true, registered: false }), desk('y', { elin: true })] }), 'y b', 'call-back'],
    ['a call of ours that comes back is no call-back', inbound({ callBack: [desk('x')], source: from({ looped: true }) }), 'call-loop', 'source'],
    ['nor is one without hops', inbound({ callBack: [desk('x')], hopsLeft: 0 }), 'too-many-hops', 'source'],
    ['colleagues reach the desk as well', callFacts({ dialled: number, calledNumber, target, callBack: [desk('x', { elin: true })] }), 'x', 'call-back'],
    ['though it is no number of the account', callFacts({ dialled: number, callBack: [desk('x', { elin: true })] }), 'x', 'call-back'],
    ['the desk itself does not ring itself', callFacts({ dialled: number, calledNumber, target, callBack: [desk('a')] }), 'b', 'call-back'],
    ['nobody calls from a locked phone', callFacts({ dialled: number, calledNumber, target, callBack: [desk('x')], source: { ...callFacts().source, device: { ...phone('a'), locked: true } } }), 'device-locked', 'device-lock'],
  ];
  for (const [rule, facts, expected, by] of rows) {
    const { outcome, chain } = routeCall(facts);
    const seen = outcome.kind === 'reject' ? outcome.reason : outcome.kind === 'ring' ? outcome.ring.map(({ device }) => device.id).join(' ') : outcome.kind;
    t.equal(seen, expected, rule);
    t.equal(chain.at(-1)?.rule, by, `${rule}: ${by}`);
  }
});

t.test('it rings without a session, under the name of the desk, with the caller as outside callers are shown', async (t) => {
  const { outcome, chain } = routeCall(inbound({ callBack: [desk('x', { elin: true })] }));
  t.match(outcome, { extension: null, calleeName: 'Desk x', callerId: { name: 'Centre', number: '+12125550911' }, ring: [{ session: null }] });
  t.equal(chain.at(-1)?.note, 'A call for help showed this number within the last hour: Desk x rings.');
  t.match(routeCall(inbound({ callBack: [desk('x')] })).outcome, { extension: ben.extension, calleeName: 'Ben' });
});
