import t from 'tap';
import { csvAnswer } from '../../../src/http/csv.js';

t.test('an export is written while it is read, and no faster than its reader takes it', async (t) => {
  const PAGES = 40;
  let read = 0;
  const answer = await csvAnswer('x.csv', ['n'], async ({ size, after }) => {
    const from = after === null ? 0 : Number(after);
    read += 1;
    return { items: Array.from({ length: size }, (_, index) => from + index), next: read < PAGES ? String(from + size) : null, total: 0 };
  }, (n) => ({ n }));
  if (answer.kind !== 'stream') return t.fail('no stream');
  t.equal(read, 1, 'the first page is there before the answer begins');
  const chunks = answer.chunks[Symbol.asyncIterator]();
  t.equal((await chunks.next()).value, 'n\r\n', 'the header, before another row is read');
  t.match((await chunks.next()).value, /^0\r\n1\r\n/);
  t.equal(read, 1, 'rows leave before the next ones are read');
  let lines = 500;
  for (let one = await chunks.next(); one.done !== true; one = await chunks.next()) {
    lines += one.value.split('\r\n').length - 1;
    t.ok(read * 500 === lines, 'never a page ahead');
  }
  t.equal(lines, PAGES * 500);
});
