import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AlertSettingId } from '../../domain/ids.js';
import type { AlertSetting } from '../../domain/alerts/alert.js';
import type { AlertSettingStore } from '../../ports/safety-stores.js';
import { toDate, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { AlertSettingsTable } from './safety-tables.js';

export function createAlertSettingStore(queries: Queries): AlertSettingStore {
  const rows = queries.selectFrom('alert_settings');
  return {
    get: async (accountId, id) => {
      const row = await rows.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : alertSettingOf(row);
    },
    page: async (accountId, { rules, active }, page) => {
      let matching = rows.where('account_id', '=', accountId);
      if (rules !== undefined) matching = matching.where(sql<boolean>`rule = any(${rules}::integer[])`);
      if (active !== undefined) matching = matching.where('active', '=', active);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '>', page.after as AlertSettingId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, alertSettingOf);
    },
    count: async (accountId) => (
      await rows.where('account_id', '=', accountId).select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
    ).n,
    watching: async (rules) => (await rows.selectAll().where('active', '=', true).where(sql<boolean>`rule = any(${rules}::integer[])`)
      .orderBy('id').execute()).map(alertSettingOf),
    insert: async (setting, sealedChatTokens) => {
      await queries.insertInto('alert_settings').values({
        id: setting.id, account_id: setting.accountId, created_at: toDate(setting.createdAt), sealed_chat_tokens: sealedChatTokens, ...columnsOf(setting),
      }).execute();
    },
    update: async (setting, sealedChatTokens) => {
      const tokens = sealedChatTokens === undefined ? {} : { sealed_chat_tokens: sealedChatTokens };
      await queries.updateTable('alert_settings').set({ ...columnsOf(setting), ...tokens }).where('id', '=', setting.id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('alert_settings').where('id', '=', id).execute();
    },
  };
}

function columnsOf(setting: AlertSetting) {
  return {
    name: setting.name,
    rule: setting.rule,
    target_type: setting.targetType,
    target_ids: setting.targetIds,
    conditions: toJson(setting.conditions),
    time_frame: toJsonOrNull(setting.timeFrame),
    frequency_minutes: setting.frequencyMinutes,
    email_recipients: setting.emailRecipients,
    chat_channels: toJson(setting.chatChannels),
    active: setting.active,
  };
}

function alertSettingOf(row: Selectable<AlertSettingsTable>): AlertSetting {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    rule: row.rule,
    targetType: row.target_type,
    targetIds: row.target_ids,
    conditions: row.conditions,
    timeFrame: row.time_frame,
    frequencyMinutes: row.frequency_minutes,
    emailRecipients: row.email_recipients,
    chatChannels: row.chat_channels,
    active: row.active,
    createdAt: row.created_at,
  };
}
