import type { Selectable } from 'kysely';
import type { BlockedNumberId } from '../../domain/ids.js';
import type { BlockedNumber, BlockedNumberStore } from '../../ports/admin-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { BlockedNumbersTable } from './tables.js';

export function createBlockedNumberStore(queries: Queries): BlockedNumberStore {
  const entries = queries.selectFrom('blocked_numbers');
  return {
    get: async (accountId, id) => {
      const row = await entries.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : blockedNumberOf(row);
    },
    page: async (accountId, page) => {
      const matching = entries.where('account_id', '=', accountId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as BlockedNumberId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, blockedNumberOf);
    },
    insert: async (entry) => {
      await queries.insertInto('blocked_numbers').values({
        id: entry.id,
        account_id: entry.accountId,
        scope: entry.scope,
        scope_id: entry.scopeId,
        direction: entry.direction,
        number: entry.number,
        match: entry.match,
        comment: entry.comment,
        status: entry.status,
        created_at: toDate(entry.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        number: changes.number,
        match: changes.match,
        comment: changes.comment,
        status: changes.status,
        direction: changes.direction,
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('blocked_numbers').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('blocked_numbers').where('id', '=', id).execute();
    },
  };
}

export function blockedNumberOf(row: Selectable<BlockedNumbersTable>): BlockedNumber {
  return {
    id: row.id,
    accountId: row.account_id,
    scope: row.scope,
    scopeId: row.scope_id,
    direction: row.direction,
    number: row.number,
    match: row.match,
    comment: row.comment,
    status: row.status,
    createdAt: row.created_at,
  };
}
