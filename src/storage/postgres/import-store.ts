import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Import } from '../../domain/exchange/import.js';
import type { ImportId } from '../../domain/ids.js';
import type { ImportStore } from '../../ports/import-stores.js';
import { instant, toDate, toDateOrNull, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { createImportRowStore } from './import-row-store.js';
import type { ImportsTable } from './import-tables.js';
import { rowsToRead, toPage } from './keyset.js';

export function createImportStore(queries: Queries): ImportStore {
  const imports = queries.selectFrom('imports');
  return {
    ...createImportRowStore(queries),
    get: async (accountId, id) => {
      const row = await imports.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : importOf(row);
    },
    page: async (accountId, { kind, state }, page) => {
      let matching = imports.where('account_id', '=', accountId);
      if (kind !== undefined) matching = matching.where('kind', '=', kind);
      if (state !== undefined) matching = matching.where('state', '=', state);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '<', page.after as ImportId))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, ({ id }) => id, importOf);
    },
    insert: async (wanted) => {
      await queries.insertInto('imports').values({
        id: wanted.id, account_id: wanted.accountId, kind: wanted.kind, site_id: wanted.siteId, copy_from: wanted.copyFrom, notify: wanted.notify,
        created_at: toDate(wanted.createdAt), created_by: wanted.createdBy, ...stepOf(wanted),
      }).execute();
    },
    settle: async (before, after) => {
      const { numUpdatedRows } = await queries.updateTable('imports').set(stepOf(after)).where('id', '=', before.id).where('state', '=', before.state)
        .where('cursor', '=', before.cursor).where('staged', '=', before.staged).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    claim: async (at, until, id) => {
      const { rows } = await sql<Selectable<ImportsTable>>`
        update imports set busy_until = ${instant(until)} where id in (
          select id from imports where state in ('parsing', 'applying', 'rolling_back', 'undoing') and (busy_until is null or busy_until <= ${instant(at)})
            and (${id}::text is null or id = ${id}) order by id limit 1 for update skip locked
        ) returning *`.execute(queries);
      return rows[0] === undefined ? null : importOf(rows[0]);
    },
    hold: async (id, until) => {
      await queries.updateTable('imports').set({ busy_until: toDate(until) }).where('id', '=', id).execute();
    },
    forget: async (before) => {
      const { numAffectedRows } = await sql`delete from imports where created_at < ${instant(before)}
        and state not in ('parsing', 'applying', 'rolling_back', 'undoing')`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

/** Columns that steps change. */
function stepOf(one: Import) {
  return {
    state: one.state, staged: one.staged, rows: one.rows, cursor: one.cursor, counts: toJson(one.counts), applied_rows: one.appliedRows, seats: toJsonOrNull(one.seats),
    asked_by: one.askedBy, faulty_rows: one.faultyRows, planned_version: one.plannedVersion, problems: toJson(one.problems), applied_at: toDateOrNull(one.appliedAt), ended_at: toDateOrNull(one.endedAt),
  };
}

function importOf(row: Selectable<ImportsTable>): Import {
  return {
    id: row.id, accountId: row.account_id, kind: row.kind, siteId: row.site_id, copyFrom: row.copy_from, notify: row.notify, state: row.state, staged: row.staged,
    rows: row.rows, cursor: row.cursor, counts: row.counts, appliedRows: row.applied_rows, seats: row.seats, faultyRows: row.faulty_rows, plannedVersion: row.planned_version,
    problems: row.problems, createdAt: row.created_at, createdBy: row.created_by, askedBy: row.asked_by, appliedAt: row.applied_at, endedAt: row.ended_at,
  };
}
