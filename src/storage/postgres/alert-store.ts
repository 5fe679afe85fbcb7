import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AlertSettingId } from '../../domain/ids.js';
import type { Alert } from '../../domain/alerts/alert.js';
import type { AlertStore } from '../../ports/safety-stores.js';
import { instant, toDate, toDateOrNull, toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { AlertsTable } from './safety-tables.js';

export function createAlertStore(queries: Queries): AlertStore {
  const rows = queries.selectFrom('alerts');
  return {
    get: async (accountId, id) => {
      const row = await rows.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : alertOf(row);
    },
    page: async (accountId, { settingId, open, from, to }, page) => {
      let matching = rows.where('account_id', '=', accountId);
      if (settingId !== undefined) matching = matching.where('setting_id', '=', settingId);
      if (open !== undefined) matching = matching.where('closed_at', open ? 'is' : 'is not', null);
      if (from !== undefined) matching = matching.where('opened_at', '>=', instant(from));
      if (to !== undefined) matching = matching.where('opened_at', '<=', instant(to));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.selectAll().$if(page.after !== null, (query) => query.where(sql<boolean>`id < ${page.after}`))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, alertOf);
    },
    open: async () => (await rows.selectAll().where('closed_at', 'is', null).orderBy('id').execute()).map(alertOf),
    lastNotified: async (settingIds) => {
      const found = await rows.select(['setting_id', sql<number | null>`max(notified_at)`.as('at')])
        .where(sql<boolean>`setting_id = any(${settingIds}::text[])`).groupBy('setting_id').execute();
      return new Map(found.flatMap(({ setting_id: id, at }): [AlertSettingId, number][] => (at === null ? [] : [[id, at]])));
    },
    untold: async (settingIds, since) => (await rows.selectAll().where(sql<boolean>`setting_id = any(${settingIds}::text[])`)
      .where('notified_at', 'is', null).where('closed_at', 'is not', null).where('opened_at', '>=', instant(since)).orderBy('id').limit(UNTOLD)
      .execute()).map(alertOf),
    insert: async (alert) => {
      const result = await queries.insertInto('alerts').values({ id: alert.id, account_id: alert.accountId, ...columnsOf(alert) })
        .onConflict((conflict) => conflict.doNothing()).executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    update: async (alert) => {
      await queries.updateTable('alerts').set(columnsOf(alert)).where('id', '=', alert.id).execute();
    },
  };
}

/** One message tells of so many at most. */
const UNTOLD = 100;

function columnsOf(alert: Alert) {
  return {
    setting_id: alert.settingId,
    setting_name: alert.settingName,
    rule: alert.rule,
    opened_at: toDate(alert.openedAt),
    closed_at: toDateOrNull(alert.closedAt),
    subjects: toJson(alert.subjects),
    subject_count: alert.subjectCount,
    text: alert.text,
    notified_at: toDateOrNull(alert.notifiedAt),
  };
}

function alertOf(row: Selectable<AlertsTable>): Alert {
  return {
    id: row.id,
    accountId: row.account_id,
    settingId: row.setting_id,
    settingName: row.setting_name,
    rule: row.rule,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    subjects: row.subjects,
    subjectCount: row.subject_count,
    text: row.text,
    notifiedAt: row.notified_at,
  };
}
