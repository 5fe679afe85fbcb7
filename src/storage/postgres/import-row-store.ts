import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ImportStore, KeptPlan } from '../../ports/import-stores.js';
import { toJson } from './columns.js';
import type { Queries } from './database.js';
import type { ImportRowsTable } from './import-tables.js';
import { rowsToRead, toPage } from './keyset.js';

type RowStore = Omit<ImportStore, 'get' | 'page' | 'insert' | 'settle' | 'claim' | 'hold' | 'forget'>;

/** Rows of files, many a statement. */
export function createImportRowStore(queries: Queries): RowStore {
  const rows = queries.selectFrom('import_rows');
  return {
    stage: async (id, staged) => {
      if (staged.length === 0) return;
      await sql`insert into import_rows (import_id, account_id, row, cells, chosen, action, subject, changes, problems, warnings)
        select i.id, i.account_id, v.row, v.cells, '{}', '', '', '[]', '[]', '[]' from imports i, jsonb_to_recordset(${toJson(staged)}::jsonb) as v(row integer, cells jsonb)
        where i.id = ${id}`.execute(queries);
    },
    staged: (id, after, limit) => rows.select(['row', 'cells']).where('import_id', '=', id).where('row', '>', after).orderBy('row').limit(limit).execute(),
    texts: async (id, column) => {
      const { rows: found } = await sql<{ readonly text: string }>`select distinct coalesce(chosen ->> ${column}, cells ->> ${column}) as text
        from import_rows where import_id = ${id} and coalesce(chosen ->> ${column}, cells ->> ${column}) is not null`.execute(queries);
      return found.map(({ text }) => text);
    },
    plan: async (id, planned) => {
      if (planned.length === 0) return;
      await sql`update import_rows r set action = v.action, subject = v.subject, changes = v.changes, problems = v.problems, warnings = v.warnings, chosen = v.chosen
        from jsonb_to_recordset(${toJson(planned)}::jsonb)
          as v(row integer, action text, subject text, changes jsonb, problems jsonb, warnings jsonb, chosen jsonb)
        where r.import_id = ${id} and r.row = v.row`.execute(queries);
    },
    forgetPlan: async (id) => {
      await queries.deleteFrom('import_claims').where('import_id', '=', id).execute();
      await queries.updateTable('import_rows').set({ chosen: '{}' }).where('import_id', '=', id).where(sql<boolean>`chosen <> '{}'`).execute();
    },
    claimKeys: async (id, wanted) => {
      if (wanted.length === 0) return new Map();
      await sql`insert into import_claims (import_id, account_id, key, row) select i.id, i.account_id, v.key, min(v.row)
        from imports i, jsonb_to_recordset(${toJson(wanted)}::jsonb) as v(key text, row integer) where i.id = ${id} group by i.id, v.key on conflict on constraint import_claims_pk do nothing`.execute(queries);
      const holders = await queries.selectFrom('import_claims').select(['key', 'row']).where('import_id', '=', id)
        .where(sql<boolean>`key = any(${wanted.map(({ key }) => key)}::text[])`).execute();
      return new Map(holders.map(({ key, row }) => [key, row]));
    },
    rows: async (id, show, page) => {
      let matching = rows.where('import_id', '=', id);
      if (show === 'changes') matching = matching.where('action', 'in', ['add', 'update']);
      if (show === 'errors') matching = matching.where('action', '=', 'error');
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.select(['row', 'action', 'subject', 'changes', 'problems', 'warnings', 'chosen'])
        .$if(page.after !== null, (query) => query.where('row', '>', Number(page.after))).orderBy('row').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, ({ row }) => String(row), planOf);
    },
    toApply: async (id, after, limit) => {
      const found = await rows.select(['row', 'cells', 'chosen', 'changes']).where('import_id', '=', id).where('action', 'in', ['add', 'update']).where('row', '>', after)
        .orderBy('row').limit(limit).execute();
      return found.map(({ row, cells, chosen, changes }) => ({ row, cells: { ...cells, ...chosen }, changes }));
    },
    journal: async (id, before, limit) => {
      const found = await rows.select(['row', 'journal']).where('import_id', '=', id).where('journal', 'is not', null).where('row', '<', before)
        .orderBy('row', 'desc').limit(limit).execute();
      return found.map(({ row, journal }) => ({ row, entries: journal ?? [] }));
    },
    keepJournal: async (id, kept) => {
      await sql`update import_rows r set journal = v.entries from jsonb_to_recordset(${toJson(kept)}::jsonb) as v(row integer, entries jsonb)
        where r.import_id = ${id} and r.row = v.row`.execute(queries);
    },
    dropJournal: async (id, dropped) => {
      await queries.updateTable('import_rows').set({ journal: null }).where('import_id', '=', id).where(sql<boolean>`row = any(${dropped}::integer[])`).execute();
    },
  };
}

function planOf(row: Pick<Selectable<ImportRowsTable>, 'row' | 'action' | 'subject' | 'changes' | 'problems' | 'warnings' | 'chosen'>): KeptPlan {
  return { ...row, action: row.action === '' ? 'unchanged' : row.action };
}
