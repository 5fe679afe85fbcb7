import fc from 'fast-check';
import t from 'tap';
import type { Dialled } from '../../../../src/domain/numbering/dialled.js';
import { readStatisticId, statisticId } from '../../../../src/domain/routing/blocked-number.js';
import type { DeviceCallFacts, HeldChain } from '../../../../src/domain/routing/call-facts.js';
import { inboundBlocked, type InboundBlock, type InboundCaller } from '../../../../src/domain/routing/inbound-blocked.js';
import { resolveOutbound, type OutboundLevel, type OutboundRule } from '../../../../src/domain/routing/outbound-rules.js';
import { routeCall } from '../../../../src/domain/routing/route-call.js';
import { REASONS } from '../../../../src/domain/reasons.js';
import { blockOf, callFacts, candidate, phone, targetOf, userParty } from '../../../support/call-facts-office.js';

type Says = { readonly exception?: OutboundRule; readonly country?: OutboundRule };
const level = (scope: OutboundLevel['scope'], { exception, country }: Says): OutboundLevel => ({
  scope, holder: scope === 'account' ? 'the account' : `${scope} X`, country: country ?? null,
  exception: exception === undefined ? null : { number: '+4420', rule: exception },
});
const chain = (account: Says, site: Says = {}, extension: Says = {}): readonly OutboundLevel[] =>
  [level('account', account), level('site', site), level('extension', extension)];

const RESOLVED: readonly (readonly [rule: string, levels: readonly OutboundLevel[], expected: string])[] = [
  ['nobody says anything: allowed', chain({}), 'nothing'],
  ['the account\'s rule is inherited', chain({ country: 'block' }), 'block by country of account'],
  ['the site overrides it', chain({ country: 'block' }, { country: 'allow' }), 'allow by country of site'],
  ['the extension overrides both', chain({ country: 'allow' }, { country: 'allow' }, { country: 'block' }), 'block by country of extension'],
  ['an exception before the country at its level', chain({ country: 'block', exception: 'allow' }), 'allow by exception of account'],
  ['an exception further out is inherited', chain({ exception: 'allow', country: 'block' }, {}), 'allow by exception of account'],
  ['a country blocked further in closes it', chain({ exception: 'allow', country: 'block' }, {}, { country: 'block' }), 'block by country of extension'],
  ['a country allowed further in keeps a number out that was singled out', chain({ exception: 'block' }, {}, { country: 'allow' }), 'block by exception of account'],
  ['which an exception further in lifts', chain({ exception: 'block' }, {}, { exception: 'allow' }), 'allow by exception of extension'],
  ['also under a country allowed still further in', chain({ exception: 'block' }, { exception: 'allow' }, { country: 'allow' }), 'allow by country of extension'],
  ['the nearest exception decides', chain({ exception: 'allow' }, { exception: 'block' }), 'block by exception of site'],
];

t.test('levels are asked from the innermost outwards', async (t) => {
  for (const [rule, levels, expected] of RESOLVED) {
    const verdict = resolveOutbound(levels);
    t.equal(verdict === null ? 'nothing' : `${verdict.rule} by ${verdict.by} of ${verdict.level.scope}`, expected, rule);
  }
});

const says = fc.record({
  exception: fc.option(fc.constantFrom<OutboundRule>('allow', 'block'), { nil: undefined }), country: fc.option(fc.constantFrom<OutboundRule>('allow', 'block'), { nil: undefined }),
}, { requiredKeys: [] }).map(({ exception, country }): Says => ({ ...(exception && { exception }), ...(country && { country }) }));

t.test('property: a level that says nothing changes nothing; a block at the innermost level always holds', async () => {
  fc.assert(fc.property(says, says, says, (account, site, extension) => {
    const told = (levels: readonly OutboundLevel[]): string => `${resolveOutbound(levels)?.rule ?? 'allow'}`;
    const without = told([level('account', account), level('extension', extension)]) === told(chain(account, {}, extension));
    const held = (extension.exception ?? extension.country) !== 'block' || told(chain(account, site, extension)) === 'block';
    return without && held;
  }), { numRuns: 2000 });
});

const BRITAIN: Dialled = { kind: 'number', e164: '+442079460000', digits: '011442079460000', country: 'GB' };
const acting = userParty('ann', '1001', { callingPlans: [200], internationalCalling: true });
const held = (whose: HeldChain['whose'], levels: readonly OutboundLevel[]): HeldChain => ({ whose, levels });
const noteOf = (facts: DeviceCallFacts): { readonly outcome: string; readonly note: string } => {
  const { outcome, chain: rules } = routeCall(facts);
  return {
    outcome: outcome.kind === 'reject' ? outcome.reason : outcome.kind,
    note: rules.find(({ rule }) => rule === 'outbound-restrictions')?.note ?? '',
  };
};

t.test('calls: each refusal has its reason, and the explanation names the level', async (t) => {
  const number = (outboundChains: readonly HeldChain[], changes: Partial<DeviceCallFacts> = {}): DeviceCallFacts =>
    callFacts({ acting, dialled: BRITAIN, outboundChains, ...changes });
  const blocked = noteOf(number([held('caller', chain({ country: 'block' }))]));
  t.match(blocked, { outcome: 'country-blocked', note: /^Calls to GB are not allowed for the account\. / });
  t.match(noteOf(number([held('caller', chain({}, { exception: 'block' }))])), {
    outcome: 'exception-blocked', note: /^\+442079460000 is not allowed by an exception \(\+4420\) of site X\. /,
  });
  t.match(noteOf(number([held('caller', chain({ country: 'block' }, {}, { exception: 'allow' }))])), {
    outcome: 'dial-trunk', note: /\. \+442079460000 is allowed by an exception \(\+4420\) of extension X\.$/,
  });
  t.match(noteOf(number([held('caller', chain({ country: 'allow' })), held('phone', chain({}, { country: 'block' }))])), { outcome: 'country-blocked' },
    'the phone\'s place narrows');
  t.match(noteOf(number([held('caller', chain({ country: 'block' })), held('phone', chain({}, { country: 'allow' }))])), { outcome: 'country-blocked' },
    'and never widens');
  t.match(noteOf(number([held('caller', chain({ exception: 'allow' }))], { outboundBlocks: [blockOf('+44')] })), { outcome: 'outbound-blocked' },
    'no exception lifts the blocked list');
  t.match(noteOf(number([held('caller', chain({ country: 'allow' }))], { source: { ...callFacts().source, acting: userParty('ann', '1001', { callingPlans: [200] }) } })),
    { outcome: 'international-off', note: '' }, 'nor does an allowed country open what the caller may not call at all');
  const sos: Dialled = { kind: 'emergency', number: '112', test: false };
  t.match(noteOf(callFacts({ dialled: sos, outboundChains: [held('caller', chain({ country: 'block' }))] })), { outcome: 'dial-trunk' }, 'emergency before all');
});

t.test('property: a call goes out exactly when the caller\'s levels and those of the phone\'s place allow it', async () => {
  fc.assert(fc.property(fc.array(says, { minLength: 6, maxLength: 6 }), ([a = {}, b = {}, c = {}, d = {}, e = {}, f = {}]) => {
    const own = chain(a, b, c);
    const place = chain(d, e, f);
    const { outcome } = noteOf(callFacts({ acting, dialled: BRITAIN, outboundChains: [held('caller', own), held('phone', place)] }));
    const allowed = [own, place].every((levels) => resolveOutbound(levels)?.rule !== 'block');
    return (outcome === 'dial-trunk') === allowed;
  }), { numRuns: 1000 });
});

const block = (number: string, match: InboundBlock['match'] = 'number', scope: InboundBlock['scope'] = 'extension'): InboundBlock =>
  ({ number, match, scope, holder: scope });
const inside: InboundCaller = { kind: 'inside', forms: ['1001', '71001', '+12125550101'] };
const outside: InboundCaller = { kind: 'outside', number: '+12125550199' };

const INBOUND: readonly (readonly [rule: string, caller: InboundCaller, blocks: readonly InboundBlock[], expected: string | null])[] = [
  ['a colleague by extension', inside, [block('1001')], '1001'],
  ['by site code and extension', inside, [block('71001')], '71001'],
  ['by the own number', inside, [block('+12125550101')], '+12125550101'],
  ['never by a prefix', inside, [block('+1212', 'prefix'), block('10', 'prefix')], null],
  ['another extension that begins alike', inside, [block('100'), block('10011')], null],
  ['somebody outside by number', outside, [block('+12125550199')], '+12125550199'],
  ['or its beginning', outside, [block('+1212', 'prefix')], '+1212'],
  ['another beginning', outside, [block('+1213', 'prefix')], null],
  ['a whole number is no beginning', outside, [block('+1212')], null],
  ['withheld: on no list', { kind: 'outside', number: null }, [block('+1', 'prefix')], null],
  ['the account decides before the extension', outside, [block('+12125550199'), block('+1', 'prefix', 'account')], '+1'],
];

t.test('inbound lists', async (t) => {
  for (const [rule, caller, blocks, expected] of INBOUND) t.equal(inboundBlocked(caller, blocks)?.number ?? null, expected, rule);
});

t.test('a blocked caller is told what one hears whose callee has no phone on', async (t) => {
  const toBen = { target: targetOf(userParty('ben', '1002'), [candidate(phone('b'))]) };
  const { outcome, chain: rules } = routeCall(callFacts({ ...toBen, inboundBlocks: [{ ...block('1001'), holder: 'extension 1002' }] }));
  t.match(outcome, { kind: 'reject', reason: 'caller-blocked' });
  t.match(rules.at(-1), { rule: 'inbound', note: /^The caller's number is 1001, blocked for extension 1002\. / });
  t.match(routeCall(callFacts(toBen)).outcome, { kind: 'ring' });
  const { sip, phrase, q850, told } = REASONS['caller-blocked'];
  t.match(REASONS['not-registered'], { sip, phrase, q850, text: told });
});

t.test('ids of statistics are safe in a URL and read back', async (t) => {
  for (const [number, match, id] of [['+1555', 'prefix', 'p.1555'], ['+15550001', 'number', 'n.15550001'], ['1002', 'number', 'x.1002']] as const) {
    t.equal(statisticId({ number, match }), id);
    t.same(readStatisticId(id), { number, match });
  }
  for (const id of ['', 'q.1', 'n.', 'n.12a', 'n.1234567890123456', '+1555']) t.equal(readStatisticId(id), null, id);
});
