import t from 'tap';
import { delimiterOf, plainCell, readTable, sampleTable, type ExchangeColumn } from '../../../../src/domain/exchange/table-columns.js';

const COLUMNS: readonly ExchangeColumn<'name' | 'number'>[] = [
  { name: 'name', title: 'Full Name', aliases: ['Name'], required: true, longest: 8, sample: ['Ada', 'Grace'] },
  { name: 'number', title: 'Number', required: false, longest: 5, sample: ['801'] },
];

t.test('titles', async (t) => {
  for (const [rule, titles, expected] of [
    ['as they are', ['Full Name', 'Number'], null], ['in another order', ['Number', 'Full Name'], null],
    ['in any spelling', ['full_name', 'NUMBER'], null], ['by another name', ['name'], null], ['without one that may be missing', ['Full Name'], null],
    ['one that is none', ['Full Name', 'Colour'], [{ column: 'Colour', text: /no such column. The columns are Full Name, Number/ }]],
    ['one twice', ['Full Name', 'Name'], [{ column: 'Full Name', text: /twice/ }]], ['one missing', ['Number'], [{ column: 'Full Name', text: /missing/ }]],
    ['nothing', [], [{ column: 'Full Name', text: /missing/ }]],
  ] as const) {
    const read = readTable(COLUMNS, [titles, titles.map(() => 'x')]);
    if (expected === null) t.equal(read.kind, 'rows', rule);
    else t.match(read, { kind: 'unreadable', problems: expected }, rule);
  }
});

t.test('cells', async (t) => {
  for (const [rule, cells, expected] of [
    ['as they are', ['Ada', '801'], { cells: { name: 'Ada', number: '801' }, problems: [] }],
    ['blanks around them do not count', [' Ada ', ''], { cells: { name: 'Ada', number: '' }, problems: [] }],
    ['a short row', ['Ada'], { cells: { number: '' }, problems: [] }],
    ['one may not be empty', ['', '801'], { problems: [{ row: 2, column: 'Full Name', text: /not be empty/ }] }],
    ['too long', ['Ada', '123456'], { problems: [{ row: 2, column: 'Number', text: 'At most 5 characters.', value: '12345' }] }],
    ['a line break', ['A\nda', ''], { problems: [{ column: 'Full Name', text: /line break/ }] }],
    ['more cells than titles', ['Ada', '801', 'x'], { problems: [{ column: '', text: /3 cells/ }] }],
    ['empty ones more', ['Ada', '801', ' '], { problems: [] }],
  ] as const) {
    const read = readTable(COLUMNS, [['Full Name', 'Number'], cells]);
    t.match(read.kind === 'rows' ? read.rows[0] : read, expected, rule);
  }
});

t.test('the apostrophe that keeps a spreadsheet from calculating is no text', async (t) => {
  for (const [cell, plain] of [["'=1+1", '=1+1'], ["'-x", '-x'], ["'@a", '@a'], ["'quoted'", "'quoted'"], ["' =1", "' =1"], ['=1', '=1']] as const) t.equal(plainCell(cell), plain, cell);
});

t.test('what separates cells', async (t) => {
  for (const [first, expected] of [['a,b,c', ','], ['a;b;c', ';'], ['a\tb', '\t'], ['"a,b,c";d;e', ';'], ['a', ','], ['', ','], ['a;b,c', ',']] as const) {
    t.equal(delimiterOf(`${first}\r\n1;2;3;4;5`), expected, JSON.stringify(first));
  }
});

t.test('a sample has a row for each that is given', async (t) => {
  t.same(sampleTable(COLUMNS), [['Full Name', 'Number'], ['Ada', '801'], ['Grace', '']]);
});
