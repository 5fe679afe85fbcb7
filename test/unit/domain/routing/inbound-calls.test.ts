import t from 'tap';
import { INBOUND_RULES } from '../../../../src/domain/routing/inbound-rules.js';
import type { CallFacts, TrunkSource } from '../../../../src/domain/routing/call-facts.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { ACCOUNT, callFacts, candidate, phone, poolNumber, targetOf, TRUNK, userParty } from '../../../support/call-facts-office.js';
import { aGateway } from '../../../support/sample-trunk.js';

const ben = userParty('ben', '1002');
const target = targetOf(ben, [candidate(phone('b'))]);
const number = { kind: 'number', e164: '+12125550102', digits: '+12125550102', country: 'US' } as const;
const calledNumber = poolNumber('+12125550102', { extensionId: ben.extension.id });
const from = (changes: Partial<TrunkSource> = {}): TrunkSource => (
  { kind: 'trunk', trunk: TRUNK, gateway: aGateway(), caller: { name: 'Zoe', number: '+12125550199' }, looped: false, ...changes });
const inbound = (changes: Partial<CallFacts> = {}): CallFacts => ({
  ...callFacts(), source: from(), dialled: number, calledNumber, target, inboundCaller: { kind: 'outside', number: '+12125550199' }, ...changes,
});

t.test('a call that a trunk brings', async (t) => {
  const rows: readonly (readonly [rule: string, facts: CallFacts, outcome: string, by: string])[] = [
    ['a number of the account rings whoever has it', inbound(), 'ring', 'targets'],
    ['no plan, switch or outbound rule is asked', inbound({ outboundBlocks: [{ prefix: '+1', scope: 'account', holder: 'the account' }] }), 'ring', 'targets'],
    ['an extension is never dialled from outside', inbound({ dialled: { kind: 'extension', digits: '1002', siteCode: null, number: '1002' }, calledNumber: null }), 'unknown-number', 'dialled'],
    ['nor a feature code', inbound({ dialled: { kind: 'feature-code', feature: 'hot-desk-sign-in', argument: '' }, calledNumber: null }), 'unknown-number', 'dialled'],
    ['nor an emergency number', inbound({ dialled: { kind: 'emergency', number: '911', test: false }, calledNumber: null, target: { kind: 'none' } }), 'unknown-number', 'dialled'],
    ['a number of others goes nowhere', inbound({ calledNumber: null, target: { kind: 'none' } }), 'unknown-number', 'dialled'],
    ['nor one that nobody has', inbound({ calledNumber: poolNumber('+12125550102'), target: { kind: 'none' } }), 'number-unassigned', 'inbound'],
    ['nor one for outgoing calls', inbound({ calledNumber: { ...calledNumber, incoming: false } }), 'number-outgoing-only', 'inbound'],
    ['a blocked prefix holds back outsiders', inbound({ inboundBlocks: [{ number: '+1212', match: 'prefix', scope: 'account', holder: 'the account' }] }), 'caller-blocked', 'inbound'],
    ['a call of ours that comes back', inbound({ source: from({ looped: true }) }), 'call-loop', 'source'],
    ['a trunk that is switched off', inbound({ source: from({ trunk: { ...TRUNK, enabled: false } }) }), 'trunk-disabled', 'source'],
    ['without hops left', inbound({ hopsLeft: 0 }), 'too-many-hops', 'source'],
    ['to phones that are away', inbound({ target: targetOf(ben, [candidate(phone('b'), false)]) }), 'not-registered', 'targets'],
  ];
  for (const [rule, facts, expected, by] of rows) {
    const { outcome, chain } = routeCall(facts);
    t.equal(outcome.kind === 'reject' ? outcome.reason : outcome.kind, expected, rule);
    t.equal(chain.at(-1)?.rule, by, `${rule}: decided by ${by}`);
    t.same(chain.map(({ rule: asked }) => asked), INBOUND_RULES.slice(0, chain.length).map(({ rule: known }) => known), 'in their order');
  }
});

t.test('who is shown to the called phones', async (t) => {
  const shown = (facts: CallFacts): unknown => {
    const { outcome } = routeCall(facts);
    return outcome.kind === 'ring' && outcome.callerId;
  };
  t.same(shown(inbound()), { name: 'Zoe', number: '+12125550199' });
  t.same(shown(inbound({ externalName: 'Zoe of Acme' })), { name: 'Zoe of Acme', number: '+12125550199' }, 'the name that the account gave the number');
  t.same(shown(inbound({ source: from({ caller: { name: 'Zoe', number: null } }) })), { name: '', number: '' }, 'a withheld number withholds the name');
  t.equal(ACCOUNT.id, TRUNK.accountId);
});
