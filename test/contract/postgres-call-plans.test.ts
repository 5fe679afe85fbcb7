import t from 'tap';
import { sql } from 'kysely';
import { asId, type AccountId, type SiteId, type UserId } from '../../src/domain/ids.js';
import type { CallRecordFilter } from '../../src/ports/record-stores.js';
import { matchingCalls } from '../../src/storage/postgres/call-record-filter.js';
import { findPostgresServer } from '../support/postgres-server.js';
import { startTestServer } from '../support/postgres.js';

const ACCOUNT = asId<AccountId>('01account');
const DAY = 86_400_000;
const missing = 'no PostgreSQL server found: apt-get install postgresql';
const skip = findPostgresServer() === null && !(process.env['CI'] && process.env['REQUIRE_POSTGRES'] === '1') ? missing : false;

// A year of calls of one account. What holds at 60,000 rows in a year holds at a million: no plan reads the table whole.
t.test('no filter of the call history reads the whole table', { skip }, async (t) => {
  const postgres = await startTestServer(t);
  const { queries } = await postgres.open(t);
  for (let from = 0; from < 60_000; from += 5000) {
    await sql`insert into call_records (id, account_id, node_id, sip_call_id, direction, dialled, caller, callee, caller_user_id, callee_user_id,
        caller_site_id, callee_site_id, emergency, started_at, answered_at, ended_at, cause, reason, status, answered_by, legs, hold_ms, search,
        caller_about, callee_about)
      select 'c' || lpad(n::text, 8, '0'), ${ACCOUNT}, 'n', 's', 'internal', '1', '{"extensionNumber":"1"}', '{"extensionNumber":"2"}',
        'u' || n % 500, 'u' || n % 499, 's' || n % 40, 's' || n % 39, false, now() - n * interval '500 seconds', null,
        now() - n * interval '500 seconds' + interval '1 minute', 'busy', null, 486, null, '[]', 0, 'name ' || n, '{"department":"d"}', '{}'
      from generate_series(${from}::int, ${from + 4999}::int) n`.execute(queries);
  }
  await sql`analyze call_records`.execute(queries);
  const now = Date.now();
  const month = { from: now - 30 * DAY, to: now };
  const rows: readonly (readonly [name: string, filter: CallRecordFilter])[] = [
    ['a month', month], ['by end', { ...month, time: 'end' }], ['direction', { ...month, directions: ['inbound'] }], ['keyword', { ...month, keyword: 'name 77' }],
    ['site', { ...month, siteIds: [asId<SiteId>('s7')] }], ['site in a year', { from: now - 365 * DAY, to: now, siteIds: [asId<SiteId>('s7')] }],
    ['person', { ...month, userId: asId<UserId>('u7') }], ['person in a year', { from: now - 365 * DAY, to: now, userId: asId<UserId>('u7') }],
    ['result', { ...month, results: ['answered'] }], ['department', { ...month, department: 'd' }], ['cost centre', { ...month, costCenter: 'x' }],
    ['connect type', { ...month, connectTypes: ['external'] }], ['emergency', { ...month, emergency: true }], ['numbers', { ...month, numbers: ['network'] }],
    ['extension types', { ...month, extensionTypes: ['user'] }], ['called', { ...month, calleeTypes: ['common_area'] }], ['number', { ...month, number: '1' }],
  ];
  for (const [name, filter] of rows) {
    for (const part of ['count', 'page'] as const) {
      const matching = matchingCalls(queries, ACCOUNT, filter);
      const column = filter.time === 'end' ? 'ended_at' : 'started_at';
      const query = part === 'count' ? matching.select(({ fn }) => fn.countAll().as('total'))
        : matching.selectAll().orderBy(column, 'desc').orderBy('id', 'desc').limit(31);
      const plan = JSON.stringify(await query.explain('text'));
      t.notMatch(plan, /Seq Scan on call_records/, `${name}, ${part}`);
    }
  }
  const sync = await queries.selectFrom('call_records').selectAll().where('caller_user_id', '=', asId<UserId>('u7')).where('ended_at', 'is not', null)
    .orderBy('sync_order', 'desc').limit(30).explain('text');
  t.match(JSON.stringify(sync), /call_records_sync_caller_index/, 'sync reads as many rows as it gives');
});
