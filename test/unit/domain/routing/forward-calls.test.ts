import t from 'tap';
import { asId, type ExtensionId } from '../../../../src/domain/ids.js';
import { PLAIN_RULES, type HandlingRules } from '../../../../src/domain/forwarding/call-handling.js';
import { FORWARD_RULES, MOST_FORWARDS } from '../../../../src/domain/routing/forward-rules.js';
import type { CallFacts, ForwardCallFacts, ForwardSource } from '../../../../src/domain/routing/call-facts.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { blockOf, callFacts, candidate, phone, poolNumber, SITE, targetOf, userParty } from '../../../support/call-facts-office.js';

const ann = userParty('ann', '1001');
const ben = userParty('ben', '1002', { callingPlans: [200] });
const MOBILE = { kind: 'number', e164: '+12125550199', digits: '+12125550199', country: 'US' } as const;
const caller = { name: 'Zoe', number: '+12125550177' };
const source = (changes: Partial<ForwardSource> = {}): ForwardSource => ({
  kind: 'forward', by: 'handling', because: 'no-answer', device: null, site: SITE, acting: ben, number: '+12125550102', via: [],
  origin: { source: callFacts().source, callerId: caller, outside: caller, inboundCaller: { kind: 'inside', forms: [] } }, ...changes,
});
const forward = (changes: Partial<ForwardCallFacts> = {}): ForwardCallFacts => ({ ...callFacts(), source: source(), dialled: MOBILE, ...changes });
const inside = (changes: Partial<ForwardCallFacts> = {}): ForwardCallFacts => forward({
  dialled: { kind: 'extension', digits: '1001', siteCode: null, number: '1001' }, target: targetOf(ann, [candidate(phone('x'))]), ...changes,
});

t.test('a call that is sent on is a call of whoever sends it', async (t) => {
  const poor = userParty('ben', '1002');
  const via = Array.from({ length: MOST_FORWARDS }, (_, index) => asId<ExtensionId>(`e${index}`));
  const rows: readonly (readonly [rule: string, facts: ForwardCallFacts, outcome: string, by: string])[] = [
    ['to a number, by their plan', forward(), 'dial-trunk', 'targets'],
    ['without a plan', forward({ source: source({ acting: poor }) }), 'no-calling-plan', 'entitlement'],
    ['abroad', forward({ dialled: { ...MOBILE, e164: '+442079460000', country: 'GB' } }), 'international-off', 'entitlement'],
    ['switched off', forward({ switchedOff: [{ setting: 'outbound_calling', holder: 'user Ben', origin: 'account' }] }), 'outbound-calling-off', 'calling-switches'],
    ['a blocked number', forward({ outboundBlocks: [blockOf('+1212')] }), 'outbound-blocked', 'outbound-restrictions'],
    ['past a cap', forward({ limits: { caps: [{ scope: 'user', id: 'x', name: 'Ben', limit: 1, running: 1 }], fullTrunks: new Set() } }), 'user-call-limit', 'caps'],
    ['never to help', forward({ dialled: { kind: 'emergency', number: '911', test: false } }), 'unknown-number', 'emergency'],
    ['nor to a feature code', forward({ dialled: { kind: 'feature-code', feature: 'hot-desk-sign-in', argument: '' } }), 'unknown-number', 'dialled'],
    ['by somebody deactivated', forward({ source: source({ acting: { ...ben, user: { ...ben.user, status: 'deactivated' } } }) }), 'user-deactivated', 'acting-party'],
    ['by a locked phone', forward({ source: source({ by: 'phone', device: { ...phone('b'), locked: true } }) }), 'device-locked', 'device-lock'],
    ['too often', forward({ source: source({ via }) }), 'too-many-hops', 'source'],
    ['without hops left', forward({ hopsLeft: 0 }), 'too-many-hops', 'source'],
    ['to a colleague', inside(), 'ring', 'targets'],
    ['to a colleague without any plan', inside({ source: source({ acting: poor }) }), 'ring', 'targets'],
    ['back to who sent it on', inside({ source: source({ via: [ann.extension.id] }) }), 'call-loop', 'source'],
    ['to who sends it on', inside({ target: targetOf(ben, [candidate(phone('b'))]) }), 'call-loop', 'source'],
    ['to a colleague who blocks the caller', inside({
      source: source(), inboundCaller: { kind: 'outside', number: caller.number }, inboundBlocks: [{ number: caller.number, match: 'number', scope: 'extension', holder: 'Ann' }],
    }), 'caller-blocked', 'inbound'],
    ['the phone that calls does not ring itself', inside({ target: targetOf(ann, [candidate(phone('a'))]) }), 'not-registered', 'targets'],
  ];
  for (const [rule, facts, expected, by] of rows) {
    const { outcome, chain } = routeCall(facts);
    t.equal(outcome.kind === 'reject' ? outcome.reason : outcome.kind, expected, rule);
    t.equal(chain.at(-1)?.rule, by, `${rule}: decided by ${by}`);
    t.same(chain.map(({ rule: asked }) => asked), FORWARD_RULES.slice(0, chain.length).map(({ rule: known }) => known), 'in their order');
  }
  t.match(routeCall(forward({ callerNumbers: { ...callFacts().callerNumbers, own: [poolNumber('+12125550102')] } })).outcome, {
    callerId: { number: '+12125550102' }, diversion: { number: '+12125550102', because: 'no-answer', caller, times: 1 },
  }, 'the network learns who calls and who sends the call on');
  t.match(routeCall(inside()).outcome, { callerId: caller }, 'a colleague sees who calls');
});

t.test('what a called extension does with a call', async (t) => {
  const to = (changes: Partial<HandlingRules>, candidates = [candidate(phone('b'))], more: Partial<CallFacts> = {}) => routeCall({
    ...callFacts(), target: targetOf(ben, candidates), handling: { ...PLAIN_RULES, ...changes }, ...more,
  }).outcome;
  const mobile = { kind: 'number', number: MOBILE.e164, description: '' } as const;
  const ringing = { id: asId<HandlingRules['numbers'][number]['id']>('n'), number: MOBILE.e164, description: '', enabled: true, delaySeconds: 0, ringSeconds: null };
  t.notOk('plan' in to({}), 'phones alone need no plan');
  t.match(to({ numbers: [ringing], busy: mobile }), { kind: 'ring', ring: [{}], plan: { steps: [{ phones: true, numbers: [MOBILE.e164] }] }, otherwise: { busy: mobile } });
  t.match(to({ numbers: [ringing] }, []), { kind: 'ring', ring: [], plan: { steps: [{ phones: false }] } }, 'numbers ring where no phone can');
  t.match(to({ unanswered: mobile }, []), { kind: 'forward', to: mobile, by: 'handling', because: 'no-answer' }, 'nothing can ring: on at once');
  t.match(to({ unanswered: mobile, phones: { ...PLAIN_RULES.phones, enabled: false } }), { kind: 'forward', because: 'unconditional' });
  t.match(to({ phones: { ...PLAIN_RULES.phones, enabled: false } }), { kind: 'reject', reason: 'no-device' });
  t.match(to({}, [], { numberForward: { id: asId('n'), accountId: callFacts().account.id, extensionId: ben.extension.id, number: MOBILE.e164, description: '' } }), {
    kind: 'forward', to: { number: MOBILE.e164 }, by: 'number', because: 'unconditional',
  });
});
