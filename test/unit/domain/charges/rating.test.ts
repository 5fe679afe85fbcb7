import fc from 'fast-check';
import t from 'tap';
import { moneyText, priceOf, readPrice } from '../../../../src/domain/charges/money.js';
import { billedSeconds, catalogueMinutes, rateCall, type RateableCall } from '../../../../src/domain/charges/rate-call.js';
import { prefixesOf, rateAt, type Rate } from '../../../../src/domain/charges/rate.js';
import { planRateImport, type RateFileRow } from '../../../../src/domain/charges/rate-import.js';
import { rateRow, readRateRow } from '../../../../src/domain/charges/rate-row.js';

const RATE: Rate = {
  prefix: '+44', destination: 'UK', currency: 'USD', perMinute: 12_000, connectFee: 0, firstSeconds: 60, nextSeconds: 60, includedBy: ['unlimited'], effectiveFrom: 0,
};
const CALL: RateableCall = { direction: 'outbound', durationMs: 61_000, country: 'GB', home: 'GB', plans: [102] };
const UNLIMITED = () => Infinity;

t.test('prices are whole micro-units', async (t) => {
  for (const [text, micros] of [
    ['0', 0], ['0.0125', 12_500], ['1.5', 1_500_000], ['1000', 1_000_000_000], ['0.000001', 1], ['1000.000001', null], ['0.0000001', null], ['-1', null],
    ['1e3', null], ['1,5', null], ['', null], ['.5', null], ['0x10', null],
  ] as const) t.equal(readPrice(text), micros, `read ${text || 'nothing'}`);
  for (const [micros, text] of [[0, '0.00'], [12_500, '0.0125'], [1_500_000, '1.50'], [1, '0.000001'], [-250_000, '-0.25']] as const) t.equal(moneyText(micros), text);
  t.equal(priceOf(1, 29), 0, 'less than half a unit is nothing');
  t.equal(priceOf(1, 30), 1, 'a half goes up');
  fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (micros) => readPrice(moneyText(micros)) === micros));
  fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 604_800 }), (rate, seconds) => {
    const exact = (BigInt(rate) * BigInt(seconds) + 30n) / 60n;
    return BigInt(priceOf(rate, seconds)) === exact;
  }));
});

t.test('a call is rounded up to increments', async (t) => {
  for (const [name, ms, firstSeconds, nextSeconds, seconds] of [
    ['an answered call counts', 0, 1, 1, 1], ['first increment', 1000, 60, 60, 60], ['exactly the first', 60_000, 60, 60, 60], ['one millisecond more', 60_001, 60, 60, 120],
    ['6/6', 13_000, 6, 6, 18], ['30/6', 31_000, 30, 6, 36], ['1/1', 61_400, 1, 1, 62],
  ] as const) t.equal(billedSeconds(ms, { firstSeconds, nextSeconds }), seconds, name);
});

t.test('what a call costs', async (t) => {
  for (const [name, call, rate, left, expected] of [
    ['a metered plan pays by the minute', CALL, RATE, UNLIMITED, { mode: 'per-minute', billedSeconds: 120, includedSeconds: 0, plan: null, total: 24_000 }],
    ['the connection costs once', CALL, { ...RATE, connectFee: 500 }, UNLIMITED, { total: 24_500 }],
    ['an unlimited plan at home', { ...CALL, plans: [102, 202] }, { ...RATE, connectFee: 500 }, UNLIMITED, { mode: 'included', includedSeconds: 120, plan: 202, total: 0 }],
    ['an unlimited plan abroad', { ...CALL, plans: [200], home: 'US' }, RATE, UNLIMITED, { mode: 'per-minute', plan: null, total: 24_000 }],
    ['a deck may say none', { ...CALL, plans: [202] }, { ...RATE, includedBy: [] }, UNLIMITED, { mode: 'per-minute', total: 24_000 }],
    ['the international add-on, where the rate names it', { ...CALL, home: 'US', plans: [100, 4000] }, { ...RATE, includedBy: ['4000'] }, UNLIMITED, { mode: 'included', plan: 4000 }],
    ['minutes that are left', { ...CALL, plans: [102] }, { ...RATE, includedBy: ['metered'] }, () => 60, { mode: 'per-minute', includedSeconds: 60, plan: 102, total: 12_000 }],
    ['minutes used up', { ...CALL, plans: [102] }, { ...RATE, includedBy: ['metered'] }, () => 0, { mode: 'per-minute', includedSeconds: 0, plan: null, total: 24_000 }],
    ['no rate and a metered plan', CALL, null, UNLIMITED, { mode: 'unrated', currency: '', total: 0, billedSeconds: 61 }],
    ['no rate and an unlimited plan', { ...CALL, plans: [202] }, null, UNLIMITED, { mode: 'included', plan: 202, total: 0 }],
    ['no rate and a call that comes in', { ...CALL, direction: 'inbound' }, null, UNLIMITED, { mode: 'included', plan: null, includedSeconds: 0, total: 0 }],
    ['a number of no country is domestic to no plan', { ...CALL, country: null, plans: [202] }, RATE, UNLIMITED, { mode: 'per-minute' }],
  ] as const) t.match(rateCall(call as RateableCall, rate as Rate | null, left), expected, name);
  t.equal(catalogueMinutes(102), 0);
  t.equal(catalogueMinutes(202), null);
  t.equal(catalogueMinutes(4000), null);
});

t.test('the longest prefix in force, and of those the latest', async (t) => {
  const rates = [RATE, { ...RATE, prefix: '+4420' }, { ...RATE, prefix: '+4420', effectiveFrom: 100 }, { ...RATE, prefix: '' }, { ...RATE, prefix: '+44207', effectiveFrom: 500 }];
  for (const [number, at, prefix, from] of [['+442071838750', 99, '+4420', 0], ['+442071838750', 100, '+4420', 100], ['+442071838750', 500, '+44207', 500], ['+44161', 0, '+44', 0], ['+33', 9, '', 0]] as const) {
    t.match(rateAt(rates, number, at), { prefix, effectiveFrom: from }, `${number} at ${at}`);
  }
  t.equal(rateAt([{ ...RATE, effectiveFrom: 5 }], '+441', 4), null);
  t.same(prefixesOf('+491'), ['+491', '+49', '+4', '']);
  t.same(prefixesOf('0301234'), [''], 'what is no E.164 meets the rate of every number alone');
  fc.assert(fc.property(fc.array(fc.tuple(fc.stringMatching(/^\d{1,4}$/), fc.nat(3)), { maxLength: 20 }), fc.stringMatching(/^\d{5,8}$/), fc.nat(3), (deck, digits, at) => {
    const all = deck.map(([prefix, effectiveFrom]) => ({ ...RATE, prefix: `+${prefix}`, effectiveFrom }));
    const wanted = all.filter((rate) => `+${digits}`.startsWith(rate.prefix) && rate.effectiveFrom <= at)
      .sort((a, b) => b.prefix.length - a.prefix.length || b.effectiveFrom - a.effectiveFrom)[0];
    const found = rateAt(all, `+${digits}`, at);
    return found?.prefix === wanted?.prefix && found?.effectiveFrom === wanted?.effectiveFrom;
  }));
});

t.test('rows of a table', async (t) => {
  const good = { prefix: '44', currency: 'USD', rate_per_minute: '0.012' };
  t.match(readRateRow(good), { kind: 'rate', rate: { prefix: '+44', perMinute: 12_000, connectFee: 0, firstSeconds: 60, nextSeconds: 60, includedBy: ['unlimited'], effectiveFrom: 0 } });
  t.match(readRateRow({ ...good, prefix: "'+44", included_by: 'International Select Add-on; 200' }), { rate: { prefix: '+44', includedBy: ['200', '4000'] } });
  for (const [column, value] of [
    ['prefix', ''], ['prefix', '+0'], ['prefix', '+44x'], ['prefix', '+1234567890123456'], ['currency', 'usd'], ['currency', ''], ['rate_per_minute', ''],
    ['rate_per_minute', '-1'], ['connect_fee', 'free'], ['first_increment_seconds', '0'], ['next_increment_seconds', '3601'], ['included_by', 'pro'],
    ['included_by', '3000'], ['effective_from', 'soon'], ['effective_from', '2026-13-01'], ['destination', 'x'.repeat(101)],
  ] as const) {
    const read = readRateRow({ ...good, [column]: value });
    t.same(read.kind === 'wrong' && read.problems.map((problem) => problem.column), [column], `${column}: ${value}`);
  }
  t.equal((readRateRow({}) as { problems: readonly unknown[] }).problems.length, 3, 'every wrong cell is named');
  for (const rate of [RATE, { ...RATE, prefix: '', includedBy: [], effectiveFrom: 1_767_225_600_000 }, { ...RATE, effectiveFrom: 1_767_225_600_001, includedBy: ['200', '4000'] }] as const) {
    t.same(readRateRow(rateRow(rate as Rate)), { kind: 'rate', rate }, 'reading a written row gives the same rate');
  }
});

t.test('what a table does to a deck', async (t) => {
  const rowOf = (line: number, changes: RateFileRow['cells']): RateFileRow => ({ line, cells: { currency: 'USD', rate_per_minute: '1', ...changes } });
  const before = [RATE, { ...RATE, prefix: '+33' }];
  const rows = [rowOf(2, { prefix: '+44' }), rowOf(3, { prefix: '+49' })];
  t.match(planRateImport(before, rows, true), { kind: 'plan', plan: { added: 1, changed: 1, removed: 1, unchanged: 0 } });
  t.match(planRateImport(before, rows, false), { kind: 'plan', plan: { added: 1, changed: 1, removed: 0, unchanged: 1 } });
  t.match(planRateImport(before, before.map((rate, index) => ({ line: index + 2, cells: rateRow(rate) })), true), { plan: { added: 0, changed: 0, removed: 0, unchanged: 2 } }, 'the deck itself');
  t.match(planRateImport([], [rowOf(2, { prefix: '1' }), rowOf(3, { prefix: '+1' }), rowOf(4, { prefix: 'x', currency: '' })], true), {
    kind: 'wrong', problems: [{ line: 3, column: 'prefix' }, { line: 4, column: 'prefix' }, { line: 4, column: 'currency' }],
  });
});
