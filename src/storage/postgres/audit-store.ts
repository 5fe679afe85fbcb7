import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId } from '../../domain/ids.js';
import type { PageRequest } from '../../ports/admin-stores.js';
import type { AuditEntry, AuditFilter, AuditStore } from '../../ports/record-stores.js';
import { instant, toDate, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { AuditLogTable } from './record-tables.js';
import { CHUNK } from './row-chunks.js';

export function createAuditStore(queries: Queries): AuditStore {
  return {
    append: async (entry) => {
      await queries.insertInto('audit_log').values(rowOf(entry)).execute();
    },
    appendAll: async (entries) => {
      for (let start = 0; start < entries.length; start += CHUNK) await queries.insertInto('audit_log').values(entries.slice(start, start + CHUNK).map(rowOf)).execute();
    },
    /** Newest first, `from` and `to` included. */
    page: async (accountId, from, to, page, filter = {}) => {
      const matching = filtered(queries, accountId, from, to, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      return toPage(await rowsOf(matching, accountId, page), page, total, (row) => row.id, entryOf);
    },
    rows: async (accountId, from, to, page, filter = {}) => (
      toPage(await rowsOf(filtered(queries, accountId, from, to, filter), accountId, page), page, 0, (row) => row.id, entryOf)
    ),
  };
}

function rowOf(entry: AuditEntry): Insertable<AuditLogTable> {
  return {
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
  };
}

type Matching = ReturnType<typeof filtered>;

function rowsOf(matching: Matching, accountId: AccountId, page: PageRequest): Promise<Selectable<AuditLogTable>[]> {
  return matching.selectAll()
    .$if(page.after !== null, (query) => query.where(sql<boolean>`(at, id) < (
      select k.at, k.id from audit_log k where k.account_id = ${accountId} and k.id = ${page.after})`))
    .orderBy('at', 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute();
}

function filtered(queries: Queries, accountId: AccountId, from: number, to: number, filter: AuditFilter) {
  const { actor, aggregates, aggregateId, action, requestId } = filter;
  let matching = queries.selectFrom('audit_log').where('account_id', '=', accountId)
    .where('at', '>=', instant(from)).where('at', '<=', instant(to));
  if (actor !== undefined) matching = matching.where('actor', '=', actor);
  if (aggregates !== undefined) matching = matching.where(sql<boolean>`aggregate = any(${[...aggregates]}::text[])`);
  if (aggregateId !== undefined) matching = matching.where('aggregate_id', '=', aggregateId);
  if (action !== undefined) matching = matching.where('action', '=', action);
  if (requestId !== undefined) matching = matching.where('request_id', '=', requestId);
  return matching;
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
