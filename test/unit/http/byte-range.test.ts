import t from 'tap';
import { readRange } from '../../../src/http/provisioning/byte-range.js';

const part = (first: number, last: number) => ({ kind: 'part', range: { first, last } });

t.test('ranges of a thing of ten bytes (RFC 9110 §14)', async (t) => {
  for (const [name, header, ifRange, answer] of [
    ['none', undefined, undefined, { kind: 'whole' }], ['some', 'bytes=2-5', undefined, part(2, 5)], ['one byte', 'bytes=9-9', undefined, part(9, 9)],
    ['to the end', 'bytes=4-', undefined, part(4, 9)], ['beyond the end', 'bytes=4-99', undefined, part(4, 9)], ['the last', 'bytes=-3', undefined, part(7, 9)],
    ['more than there is', 'bytes=-99', undefined, part(0, 9)], ['behind the end', 'bytes=10-', undefined, { kind: 'unsatisfiable' }], ['the last none', 'bytes=-0', undefined, { kind: 'unsatisfiable' }],
    ['backwards', 'bytes=5-2', undefined, { kind: 'whole' }], ['two', 'bytes=0-1,3-4', undefined, { kind: 'whole' }], ['another unit', 'lines=0-1', undefined, { kind: 'whole' }],
    ['nothing said', 'bytes=-', undefined, { kind: 'whole' }], ['the same as before', 'bytes=0-0', '"tag"', part(0, 0)], ['another than before', 'bytes=0-0', '"old"', { kind: 'whole' }],
    ['a date', 'bytes=0-0', 'Sun, 22 Nov 2026 09:00:00 GMT', { kind: 'whole' }], ['huge', 'bytes=0-9999999999999999999', undefined, { kind: 'whole' }],
  ] as const) t.same(readRange(header, ifRange, '"tag"', 10), answer, name);
});
