import t from 'tap';
import fc from 'fast-check';
import { differingFields, entryOf, sameValue } from '../../../../src/domain/exchange/entry.js';
import { importStep, IMPORT_STATES, WORKING_STATES } from '../../../../src/domain/exchange/import.js';
import { RowReader } from '../../../../src/domain/exchange/plan-row.js';
import { SeatLedger } from '../../../../src/domain/exchange/seat-ledger.js';
import { plainCell, writtenCell, type ExchangeColumn } from '../../../../src/domain/exchange/table-columns.js';

t.test('what can be done with an import, by its state', async (t) => {
  for (const [state, event, next] of [
    ['parsing', 'planned', 'planned'], ['parsing', 'apply', null], ['planned', 'apply', 'applying'], ['planned', 'discard', 'discarded'], ['planned', 'undo', null],
    ['applying', 'refused', 'rolling_back'], ['applying', 'discard', null], ['rolling_back', 'finished', 'failed'], ['applied', 'undo', 'undoing'], ['applied', 'apply', null],
    ['undoing', 'blocked', 'applied'], ['undone', 'plan', 'parsing'], ['undone', 'undo', null], ['failed', 'plan', 'parsing'], ['discarded', 'plan', null],
  ] as const) t.equal(importStep(state, event), next, `${state}: ${event}`);
  for (const state of WORKING_STATES) t.ok(IMPORT_STATES.includes(state));
});

t.test('cells come back as they were written, whatever stands in them', async (t) => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `=${text}`), fc.string().map((text) => `'-${text}`)), (text) => (
    plainCell(writtenCell(text.trim())) === text.trim()
  )));
  for (const [cell, written] of [['=1+1', "'=1+1"], ['-2', "'-2"], ['@x', "'@x"], ["'=x", "''=x"], ['+12125550100', '+12125550100'], ['+1;+2', "'+1;+2"], ["O'Hara", "O'Hara"]] as const) {
    t.equal(writtenCell(cell), written, cell);
  }
});

t.test('an empty cell keeps, - clears, the same text keeps', async (t) => {
  const columns: readonly ExchangeColumn<'name' | 'other'>[] = [
    { name: 'name', title: 'Name', required: false, longest: 5, sample: [] }, { name: 'other', title: 'Other', required: false, longest: 5, sample: [] },
  ];
  const wish = (cells: Readonly<Record<string, string | null>>, now: string) => new RowReader(2, cells, columns).wish('name', now);
  for (const [rule, cells, now, expected] of [
    ['no cell', {}, 'x', undefined], ['the same', { name: 'x' }, 'x', undefined], ['the same with blanks around it', { name: 'x' }, ' x ', undefined], ['another', { name: 'y' }, 'x', 'y'],
    ['cleared', { name: null }, 'x', null], ['nothing to clear', { name: null }, '', undefined], ['a dash that stands there', { name: '-' }, '-', undefined],
  ] as const) t.equal(wish(cells, now), expected, rule);
  const reader = new RowReader(2, { '': 'three cells', 'name': 'too long', 'other': null }, columns);
  t.equal(reader.text('name', ''), 'too long');
  t.equal(reader.firm('other', 'x', 'It stays.'), undefined);
  t.match(reader.problems, [{ column: '', text: 'three cells' }, { column: 'Name', text: /At most 5/ }, { column: 'Other', text: 'It stays.' }]);
});

t.test('seats are taken in the order of rows', async (t) => {
  const ledger = new SeatLedger({ 200: 1 });
  t.equal(ledger.use({ taken: [200], freed: [] }), null);
  t.match(ledger.use({ taken: [200, 1000], freed: [] }), /No seat of US\/CA Unlimited/);
  t.match(ledger.use({ taken: [1000], freed: [] }), /1000/, 'a plan without any seats');
  t.equal(ledger.use({ taken: [], freed: [200] }), null);
  t.equal(ledger.use({ taken: [200], freed: [] }), null, 'what a row gave up another one takes');
  t.same(ledger.free(), { 200: 0 });
});

t.test('what differs', async (t) => {
  t.ok(sameValue({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }), 'in whatever order fields are kept');
  t.same(differingFields({ a: 1, b: 2 }, { a: 1, b: 3 }), ['b']);
  t.same(differingFields({ a: 1 }, null), ['everything']);
  t.same(differingFields(null, null), []);
  const choice = { id: 'x', accountId: 'a', phoneNumberId: null } as Parameters<typeof entryOf<'caller_id_choice'>>[1];
  t.equal(entryOf('caller_id_choice', choice, choice).length, 0);
  t.match(entryOf('caller_id_choice', choice, null), [{ kind: 'caller_id_choice', id: 'x', after: null }]);
});
