import t from 'tap';
import { compareIdentity, infoField } from '../../../../src/storage/redis/continuity.js';

const SEEN = { runId: 'r1', epoch: 'e1' };
const ROWS = [
  ['the first look compares with nothing', null, { runId: 'r1', epoch: null }, 'first'],
  ['the same', SEEN, SEEN, 'kept'],
  ['another run with the same data', SEEN, { runId: 'r2', epoch: 'e1' }, 'restarted'],
  ['the same run without data', SEEN, { runId: 'r1', epoch: null }, 'emptied'],
  ['another run without data', SEEN, { runId: 'r2', epoch: null }, 'emptied'],
  ['emptied, and marked again by another node', SEEN, { runId: 'r1', epoch: 'e2' }, 'emptied'],
] as const;

for (const [rule, before, now, expected] of ROWS) {
  t.test(rule, async (t) => t.equal(compareIdentity(before, now), expected));
}

t.test('fields of INFO', async (t) => {
  const info = '# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\nempty:\r\n';
  t.equal(infoField(info, 'run_id'), 'abc');
  t.equal(infoField(info, 'id'), '', 'a whole name only');
  t.equal(infoField(info, 'empty'), '');
});
