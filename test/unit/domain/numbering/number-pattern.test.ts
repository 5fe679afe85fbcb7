import fc from 'fast-check';
import t from 'tap';
import { callingCodeOf, COUNTRIES_AND_REGIONS } from '../../../../src/domain/numbering/countries.js';
import { readExtensionDigits, readNumberPattern } from '../../../../src/domain/numbering/number-pattern.js';
import { PatternIndex } from '../../../../src/domain/numbering/pattern-index.js';

const PREFIXES: readonly (readonly [rule: string, text: string, country: string | null, expected: string | null])[] = [
  ['with its plus', '+1900', null, '+1900'],
  ['without, from the calling code on', '1900', null, '+1900'],
  ['separators do not matter', '+44 (20) 79-46', null, '+44207946'],
  ['the calling code before a national reading', '4930', 'DE', '+4930'],
  ['national with its zero', '030', 'DE', '+4930'],
  ['national without', '30', 'DE', '+4930'],
  ['Italy keeps the zero', '06', 'IT', '+3906'],
  ['a plus beats the country', '+33', 'DE', '+33'],
  ['a country alone is a prefix', '+1', 'US', '+1'],
  ['nothing begins with 0', '0', null, null],
  ['nor with +0', '+0900', null, null],
  ['no letters', '+1800FLOWERS', null, null],
  ['nothing at all', '+', null, null],
  ['no longer than a number', '+1234567890123456', null, null],
];

const WHOLE: readonly (readonly [rule: string, text: string, country: string | null, expected: string | null, of: string | null])[] = [
  ['international', '+44 20 7183 8750', null, '+442071838750', 'GB'],
  ['international without its plus', '442071838751', null, '+442071838751', 'GB'],
  ['national with a country', '030 123456', 'DE', '+4930123456', 'DE'],
  ['national at home, where no country has such a number', '2125550123', null, '+12125550123', 'US'],
  ['neither here nor there: taken as it stands', '9991234567', null, '+9991234567', null],
  ['national at home, given', '(212) 555-0123', 'US', '+12125550123', 'US'],
  ['Canada tells itself from the United States', '+14165550123', 'US', '+14165550123', 'CA'],
  ['a satellite telephone has no country', '+870773111632', null, '+870773111632', null],
  ['too short', '+123', null, null, null],
  ['an extension is no number', '1002', null, null, null],
  ['words', 'abc', null, null, null],
];

t.test('prefixes', async (t) => {
  for (const [rule, text, country, expected] of PREFIXES) {
    const read = readNumberPattern(text, 'prefix', { country, home: 'US' });
    t.equal(read.kind === 'pattern' ? read.pattern.number : null, expected, rule);
    if (read.kind === 'invalid') t.match(read.text, /begins with the country code/);
  }
});

t.test('whole numbers', async (t) => {
  for (const [rule, text, country, expected, of] of WHOLE) {
    const read = readNumberPattern(text, 'number', { country, home: 'US' });
    t.equal(read.kind === 'pattern' ? read.pattern.number : null, expected, rule);
    if (read.kind === 'pattern' && of !== null) t.equal(read.pattern.country, of, `${rule}: of ${of}`);
  }
});

t.test('property: whatever is read is E.164, and reads as itself', async () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^\+?[0-9 ().-]{0,24}$/));
  fc.assert(fc.property(texts, fc.constantFrom('number' as const, 'prefix' as const), fc.constantFrom(null, 'US', 'DE', 'IT', 'GB'), (text, match, country) => {
    const read = readNumberPattern(text, match, { country, home: 'US' });
    if (read.kind === 'invalid') return read.text.endsWith('.');
    const again = readNumberPattern(read.pattern.number, match, { country, home: 'US' });
    return /^\+[1-9][0-9]{0,14}$/.test(read.pattern.number) && again.kind === 'pattern' && again.pattern.number === read.pattern.number;
  }), { numRuns: 2000 });
});

t.test('extensions', async (t) => {
  for (const [text, expected] of [['1002', '1002'], [' 12 ', '12'], ['123456', '123456'], ['1234567', null], ['0', null], ['012', null], ['+12', null], ['', null]] as const) {
    t.equal(readExtensionDigits(text), expected, JSON.stringify(text));
  }
});

t.test('countries and regions have ISO and calling codes, once each, in order', async (t) => {
  const codes = COUNTRIES_AND_REGIONS.map(({ isoCode }) => isoCode);
  t.ok(codes.length > 200 && codes.every((code) => /^[A-Z]{2}$/.test(code)));
  t.same(codes, [...new Set(codes)].sort());
  t.equal(callingCodeOf('gg'), '44');
  t.equal(callingCodeOf('ZZ'), null);
  t.ok(COUNTRIES_AND_REGIONS.every(({ isoCode, callingCode }) => callingCodeOf(isoCode) === callingCode));
});

const digits = fc.stringMatching(/^\+[1-3]{1,5}$/);
const entries = fc.uniqueArray(fc.record({ number: digits, match: fc.constantFrom('number' as const, 'prefix' as const) }), {
  selector: ({ number, match }) => number + match, maxLength: 30,
});

t.test('property: the index finds what scanning finds, the most specific first', async () => {
  fc.assert(fc.property(entries, digits, fc.array(fc.nat(29), { maxLength: 10 }), (list, wanted, removed) => {
    const named = list.map((entry, id) => ({ ...entry, id: String(id) }));
    const index = new PatternIndex<(typeof named)[number]>();
    for (const entry of named) index.add(entry);
    const gone = new Set(removed.map(String));
    for (const entry of named) if (gone.has(entry.id)) index.remove(entry);
    const rest = named.filter(({ id }) => !gone.has(id));
    const scanned = rest.filter(({ match, number }) => (match === 'number' ? number === wanted : wanted.startsWith(number)))
      .sort((a, b) => Number(a.match === 'prefix') - Number(b.match === 'prefix') || b.number.length - a.number.length);
    return index.size === rest.length && JSON.stringify(index.matching(wanted)) === JSON.stringify(scanned);
  }), { numRuns: 1000 });
});

t.test('a lookup among 10,000 entries reads a handful of them', async (t) => {
  let read = 0;
  const index = new PatternIndex<{ readonly id: string; readonly match: 'prefix'; readonly number: string }>();
  for (let each = 0; each < 10_000; each += 1) {
    const number = `+1${String(2_000_000 + each)}`;
    index.add({ id: String(each), match: 'prefix', get number() { read += 1; return number; } });
  }
  read = 0;
  t.same(index.matching('+12000042999').map(({ id }) => id), ['42']);
  t.equal(read, 0, 'no entry was looked into');
});
