import t from 'tap';
import { callerIdOf, permittedNumbers, NO_CALLER_NUMBERS, type CallerNumbers } from '../../../../src/domain/numbering/caller-id.js';
import { inboundNumber } from '../../../../src/domain/numbering/inbound-number.js';
import { NUMBER_KINDS, numberKind } from '../../../../src/domain/numbering/number-kinds.js';
import { e164Text, readPoolNumber } from '../../../../src/domain/numbering/pool-number.js';
import { numberLimit } from '../../../../src/domain/licensing/number-limits.js';
import type { PhoneNumber } from '../../../../src/domain/numbering/phone-number.js';
import { extensionOf, poolNumber } from '../../../support/call-facts-office.js';

const own = poolNumber('+12125550101');
const second = poolNumber('+12125550102');
const team = poolNumber('+12125550110');
const site = poolNumber('+12125550120');
const company = poolNumber('+12125550130');
const silent = poolNumber('+12125550199', { outgoing: false });
const chosen = (number: PhoneNumber | null): CallerNumbers['choice'] => ({ id: extensionOf('ann', '1001').id, accountId: own.accountId, phoneNumberId: number?.id ?? null });
const all: CallerNumbers = { own: [own, second], extension: [team], site: [site], account: [company], choice: null };

t.test('rule 8: what is shown', async (t) => {
  const rows: readonly (readonly [string, CallerNumbers, string])[] = [
    ['the primary number without a choice', all, '+12125550101 own'],
    ['another own number, chosen', { ...all, choice: chosen(second) }, '+12125550102 own chosen'],
    ['a number permitted to the extension, chosen', { ...all, choice: chosen(team) }, '+12125550110 extension chosen'],
    ['one permitted to the account, chosen', { ...all, choice: chosen(company) }, '+12125550130 account chosen'],
    ['a choice that is permitted no more gives way to the default', { ...all, account: [], choice: chosen(company) }, '+12125550101 own'],
    ['without own numbers the site\'s', { ...all, own: [], extension: [] }, '+12125550120 site'],
    ['without those the account\'s', { ...NO_CALLER_NUMBERS, account: [company] }, '+12125550130 account'],
    ['a number without the capability outgoing is never shown', { ...NO_CALLER_NUMBERS, own: [silent], choice: chosen(silent) }, 'none'],
    ['withheld by choice', { ...all, choice: chosen(null) }, 'hidden'],
    ['nothing to show', NO_CALLER_NUMBERS, 'none'],
  ];
  for (const [name, numbers, expected] of rows) {
    const shown = callerIdOf(numbers);
    t.equal(shown.kind === 'shown' ? [shown.number.number, shown.origin, ...(shown.chosen ? ['chosen'] : [])].join(' ') : shown.kind, expected, name);
  }
  t.same(permittedNumbers({ ...all, account: [own, company] }).map(({ number }) => number.number),
    ['+12125550101', '+12125550102', '+12125550110', '+12125550120', '+12125550130'], 'each once, the nearest reason first');
});

t.test('rule 9: where a called number leads', async (t) => {
  const extensionId = extensionOf('ben', '1002').id;
  for (const [name, number, expected] of [
    ['none of the account', null, 'foreign'],
    ['assigned to nobody', poolNumber('+12125550101'), 'unassigned'],
    ['assigned', poolNumber('+12125550101', { extensionId }), 'extension'],
    ['assigned, but for calls out alone', poolNumber('+12125550101', { extensionId, incoming: false }), 'outgoing-only'],
  ] as const) t.equal(inboundNumber(number).kind, expected, name);
});

t.test('numbers as administrators write them', async (t) => {
  const rows: readonly (readonly [string, string, string, string | null])[] = [
    ['E.164', '+12125550101', 'DE', '+12125550101 US toll'],
    ['with separators', '+1 (212) 555-0101', 'DE', '+12125550101 US toll'],
    ['national form of the site', '030 123456', 'DE', '+4930123456 DE toll'],
    ['ten digits at home', '2125550101', 'US', '+12125550101 US toll'],
    ['toll-free', '+18005550199', 'US', '+18005550199 US tollfree'],
    ['toll-free of no country', '+80012345678', 'US', '+80012345678 null tollfree'],
    ['of no country', '+883510000001', 'US', '+883510000001 null international'],
    ['letters', '+1212555CALL', 'US', null],
    ['a short code', '911', 'US', null],
    ['an extension', '1001', 'US', null],
    ['far too long', '+1212555010112345', 'US', null],
    ['empty', '', 'US', null],
    ['no number of any plan', '+9991234567', 'US', null],
  ];
  for (const [name, text, country, expected] of rows) {
    const read = readPoolNumber(text, country);
    t.equal(read === null ? null : `${read.number} ${read.country} ${read.numberType}`, expected, name);
  }
  t.equal(e164Text(' 12125550101'), '+12125550101', 'a + that a query made a space');
  t.equal(e164Text('01jd3k0000000000000000000a'), null, 'an id is no number');
});

t.test('what numbers count as in plans', async (t) => {
  const kind = (changes: Partial<PhoneNumber>): number => numberKind(poolNumber('+12125550101', changes)).code;
  for (const [name, changes, code] of [
    ['brought along, whatever the country', { country: 'DE' }, 5],
    ['US', { source: 'internal' }, 300], ['NZ', { source: 'internal', country: 'NZ' }, 301], ['IE', { source: 'internal', country: 'IE' }, 302],
    ['DE', { source: 'internal', country: 'DE' }, 303], ['PL', { source: 'internal', country: 'PL' }, 304], ['JP', { source: 'internal', country: 'JP' }, 307],
    ['a country without a region', { source: 'internal', country: 'BR' }, 3], ['no country', { source: 'internal', country: null, numberType: 'international' }, 3],
    ['toll-free', { source: 'internal', numberType: 'tollfree' }, 400], ['toll-free, DE', { source: 'internal', country: 'DE', numberType: 'tollfree' }, 403],
    ['toll-free of Japan', { source: 'internal', country: 'JP', numberType: 'tollfree' }, 4],
  ] as const) t.equal(kind(changes), code, name);
  t.equal(new Set(NUMBER_KINDS.map(({ code }) => code)).size, NUMBER_KINDS.length, 'every code once');
});

t.test('the most generous plan limits the numbers; none allows none', async (t) => {
  t.same([numberLimit([]), numberLimit([100]), numberLimit([200]), numberLimit([100, 200])], [0, 5, 10, 10]);
});
