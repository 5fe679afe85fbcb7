import t from 'tap';
import { hasChanges, lowerAscii, toJson, toJsonOrNull } from '../../../../src/storage/postgres/columns.js';
import { containsPattern, prefixPattern, searchText } from '../../../../src/storage/postgres/keyword-search.js';
import { rowsToRead, toPage } from '../../../../src/storage/postgres/keyset.js';

t.test('JSON that jsonb takes', async (t) => {
  for (const [rule, value, expected] of [
    ['plain', { a: 'b' }, '{"a":"b"}'],
    ['NUL', 'a\0b', '"a\\ufffdb"'],
    ['two NULs', '\0\0', '"\\ufffd\\ufffd"'],
    ['NUL in a key', { 'k\0': 1 }, '{"k\\ufffd":1}'],
    ['high surrogate alone', '\ud83d', '"\\ufffd"'],
    ['low surrogate alone', '\udc00x', '"\\ufffdx"'],
    ['a pair stays', '\u{1f600}', '"\u{1f600}"'],
    ['a backslash before u0000 as text stays', '\\u0000', '"\\\\u0000"'],
    ['a backslash, then NUL', '\\\0', '"\\\\\\ufffd"'],
    ['other control characters stay', '\u0001', '"\\u0001"'],
  ] as const) t.equal(toJson(value), expected, rule);
  t.equal(toJsonOrNull(null), null);
  t.equal(toJsonOrNull([]), '[]');
});

t.test('lower as the C collation has it: A to Z alone', async (t) => {
  t.equal(lowerAscii('AbC.Ä@É'), 'abc.Ä@É');
});

t.test('an update without columns is none', async (t) => {
  t.notOk(hasChanges({ a: undefined }));
  t.ok(hasChanges({ a: null }));
  t.ok(hasChanges({ a: undefined, b: '' }));
});

t.test('LIKE patterns take wildcards literally, in lower case', async (t) => {
  t.equal(containsPattern('50%_Ä\\'), '%50\\%\\_ä\\\\%');
  t.equal(prefixPattern('8_'), '8\\_%');
  t.equal(searchText('Ada', '', 'Ä@X'), 'ada\nä@x');
});

t.test('a page continues only when a row more than asked for was there', async (t) => {
  const page = { size: 2, after: null };
  const make = (rows: readonly string[]) => toPage(rows, page, 9, (row) => row, (row) => row.toUpperCase());
  t.equal(rowsToRead(page), 3);
  t.equal(rowsToRead({ size: 0, after: null }), 2, 'at least one row is shown');
  t.same(make(['a', 'b', 'c']), { items: ['A', 'B'], next: 'b', total: 9 });
  t.same(make(['a', 'b']), { items: ['A', 'B'], next: null, total: 9 });
  t.same(make([]), { items: [], next: null, total: 9 });
});
