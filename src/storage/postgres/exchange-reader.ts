import { sql } from 'kysely';
import type { OwnSettings } from '../../domain/exchange/entry.js';
import type { ExtensionId } from '../../domain/ids.js';
import type { ExchangeReader } from '../../ports/import-stores.js';
import { callerIdChoiceOf } from './caller-id-store.js';
import { lowerAscii } from './columns.js';
import { commonAreaOf, commonAreaRows } from './common-area-store.js';
import type { Queries } from './database.js';
import { deviceOf, deviceRows } from './device-store.js';
import { extensionOf } from './extension-store.js';
import { phoneNumberOf } from './phone-number-store.js';
import { phoneUserOf, phoneUserRows } from './phone-user-store.js';
import { userOf } from './user-store.js';

/** Things by lists of what names them, a statement a list. */
export function createExchangeReader(queries: Queries): ExchangeReader {
  const users = () => queries.selectFrom('users').selectAll();
  const extensions = () => queries.selectFrom('extensions').selectAll();
  const numbers = () => queries.selectFrom('phone_numbers').selectAll();
  return {
    usersByEmail: async (accountId, emails) => (emails.length === 0 ? [] : (await users().where('account_id', '=', accountId)
      .where(sql<boolean>`lower(email) = any(${emails.map(lowerAscii)}::text[])`).execute()).map(userOf)),
    users: async (accountId, ids) => (ids.length === 0 ? [] : (await users().where('account_id', '=', accountId).where(named(ids)).execute()).map(userOf)),
    phoneUsers: async (accountId, ids) => (ids.length === 0 ? []
      : (await phoneUserRows(queries).where('account_id', '=', accountId).where(named(ids)).execute()).map(phoneUserOf)),
    commonAreas: async (accountId, ids) => (ids.length === 0 ? []
      : (await commonAreaRows(queries).where('account_id', '=', accountId).where(named(ids)).execute()).map(commonAreaOf)),
    extensions: async (accountId, ids) => (ids.length === 0 ? [] : (await extensions().where('account_id', '=', accountId).where(named(ids)).execute()).map(extensionOf)),
    extensionsNumbered: async (accountId, digits) => (digits.length === 0 ? []
      : (await extensions().where('account_id', '=', accountId).where(sql<boolean>`number = any(${digits}::text[])`).execute()).map(extensionOf)),
    numbersOf: async (ids) => (ids.length === 0 ? []
      : (await numbers().where(sql<boolean>`extension_id = any(${ids}::text[])`).orderBy('assigned_order').execute()).map(phoneNumberOf)),
    numbers: async (accountId, ids) => (ids.length === 0 ? [] : (await numbers().where('account_id', '=', accountId).where(named(ids)).execute()).map(phoneNumberOf)),
    callerIds: async (ids) => (ids.length === 0 ? []
      : (await queries.selectFrom('caller_id_choices').selectAll().where(sql<boolean>`extension_id = any(${ids}::text[])`).execute()).map(callerIdChoiceOf)),
    devices: async (accountId, ids) => (ids.length === 0 ? [] : (await deviceRows(queries).where('account_id', '=', accountId).where(named(ids)).execute()).map(deviceOf)),
    devicesByMac: async (accountId, macs) => (macs.length === 0 ? []
      : (await deviceRows(queries).where('account_id', '=', accountId).where(sql<boolean>`mac_address = any(${macs}::text[])`).execute()).map(deviceOf)),
    devicesOf: async (accountId, ids) => (ids.length === 0 ? []
      : (await deviceRows(queries).where('account_id', '=', accountId)
        .where(sql<boolean>`id in (select a.device_id from device_assignees a where a.extension_id = any(${ids}::text[]))`).orderBy('id').execute()).map(deviceOf)),
    settingsOf: async (accountId, ids) => {
      if (ids.length === 0) return [];
      const rows = await queries.selectFrom('settings').select(['scope_id', 'key', 'value', 'locked']).where('account_id', '=', accountId).where('scope', '=', 'extension')
        .where(sql<boolean>`scope_id = any(${ids}::text[])`).orderBy('scope_id').orderBy('key').execute();
      const places = new Map<string, OwnSettings>();
      for (const { scope_id: id, key, value, locked } of rows) {
        places.set(id, { id: id as ExtensionId, settings: [...places.get(id)?.settings ?? [], { key, value, locked }] });
      }
      return [...places.values()];
    },
    outerSettings: async (accountId, keys) => (keys.length === 0 ? [] : (await queries.selectFrom('settings').select(['scope', 'scope_id', 'key', 'value', 'locked'])
      .where('account_id', '=', accountId).where('scope', 'in', ['account', 'site']).where(sql<boolean>`key = any(${keys}::text[])`).execute())
      .map((row) => ({ scope: row.scope, scopeId: row.scope_id, key: row.key, value: row.value, locked: row.locked }))),
    shown: async (accountId, scopeIds) => {
      if (scopeIds.length === 0) return [];
      const rows = await queries.selectFrom('phone_numbers').innerJoin('customized_numbers', 'customized_numbers.phone_number_id', 'phone_numbers.id')
        .selectAll('phone_numbers').select('customized_numbers.scope_id').where('customized_numbers.account_id', '=', accountId)
        .where(sql<boolean>`customized_numbers.scope_id = any(${scopeIds}::text[])`).orderBy('customized_numbers.id').execute();
      return rows.map((row) => ({ scopeId: row.scope_id, number: phoneNumberOf(row) }));
    },
    provisionTemplates: (accountId) => queries.selectFrom('provision_templates').select(['id', 'name']).where('account_id', '=', accountId).execute(),
  };
}

function named(ids: readonly string[]) {
  return sql<boolean>`id = any(${ids}::text[])`;
}
