import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AuditEntry, AuditStore } from '../../ports/admin-stores.js';
import { instant, toDate, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { AuditLogTable } from './record-tables.js';

export function createAuditStore(queries: Queries): AuditStore {
  return {
    append: async (entry) => {
      await queries.insertInto('audit_log').values({
        id: entry.id,
        account_id: entry.accountId,
        at: toDate(entry.at),
        actor: entry.actor,
        address: entry.address,
        request_id: entry.requestId,
        aggregate: entry.aggregate,
        aggregate_id: entry.aggregateId,
        action: entry.action,
        before: toJsonOrNull(entry.before),
        after: toJsonOrNull(entry.after),
      }).execute();
    },
    /** Newest first, `from` and `to` included. */
    page: async (accountId, from, to, page) => {
      const matching = queries.selectFrom('audit_log').where('account_id', '=', accountId)
        .where('at', '>=', instant(from)).where('at', '<=', instant(to));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where(sql<boolean>`(at, id) < (
          select k.at, k.id from audit_log k where k.account_id = ${accountId} and k.id = ${page.after})`))
        .orderBy('at', 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, entryOf);
    },
  };
}

function entryOf(row: Selectable<AuditLogTable>): AuditEntry {
  return {
    id: row.id,
    accountId: row.account_id,
    at: row.at,
    actor: row.actor,
    address: row.address,
    requestId: row.request_id,
    aggregate: row.aggregate,
    aggregateId: row.aggregate_id,
    action: row.action,
    before: row.before,
    after: row.after,
  };
}
