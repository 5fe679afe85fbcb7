import { sql } from 'kysely';
import type { SettingStore } from '../../ports/hot-desk-stores.js';
import { toJson } from './columns.js';
import type { Queries } from './database.js';

export function createSettingStore(queries: Queries): SettingStore {
  return {
    read: async (accountId, keys, places) => {
      if (keys.length === 0 || places.length === 0) return [];
      return (await queries.selectFrom('settings').select(['scope', 'scope_id', 'key', 'value', 'locked'])
        .where('account_id', '=', accountId).where(sql<boolean>`key = any(${keys}::text[])`)
        .where(({ or, and, eb }) => or(places.map(({ scope, scopeId }) => and([eb('scope', '=', scope), eb('scope_id', '=', scopeId)]))))
        .execute()).map((row) => ({ scope: row.scope, scopeId: row.scope_id, key: row.key, value: row.value, locked: row.locked }));
    },
    set: async (accountId, { scope, scopeId, key, value, locked }) => {
      await queries.insertInto('settings').values({ account_id: accountId, scope, scope_id: scopeId, key, value: toJson(value), locked })
        .onConflict((conflict) => conflict.constraint('settings_pk').doUpdateSet({ value: sql`excluded.value`, locked: sql`excluded.locked` }))
        .execute();
    },
    clear: async (accountId, { scope, scopeId, key }) => {
      await queries.deleteFrom('settings').where('account_id', '=', accountId).where('scope', '=', scope)
        .where('scope_id', '=', scopeId).where('key', '=', key).execute();
    },
    clearPlace: async (accountId, { scope, scopeId }) => {
      await queries.deleteFrom('settings').where('account_id', '=', accountId).where('scope', '=', scope)
        .where('scope_id', '=', scopeId).execute();
    },
  };
}
