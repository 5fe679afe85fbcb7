import { sql } from 'kysely';
import type { SettingStore } from '../../ports/hot-desk-stores.js';
import { toJson } from './columns.js';
import type { Queries } from './database.js';
import { LIVE_SETTING_KEYS, type PlacedSetting } from './setting-index.js';

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

/** Rows of a statement, as for everything else the directory reads. */
const CHUNK = 500;

/** Settings that calls obey, all of them, chunk by chunk. */
export async function* everySetting(queries: Queries): AsyncGenerator<readonly PlacedSetting[]> {
  let after: PlacedSetting | undefined;
  for (;;) {
    const last: PlacedSetting | undefined = after;
    const rows: readonly PlacedSetting[] = await liveSettings(queries)
      .$if(last !== undefined, (query) => query.where(sql<boolean>`(scope_id, scope, key) > (${last?.scopeId}, ${last?.scope}, ${last?.key})`))
      .orderBy('scope_id').orderBy('scope').orderBy('key').limit(CHUNK).execute();
    yield rows;
    after = rows.at(-1);
    if (rows.length < CHUNK) return;
  }
}

/** The same at the places named `scope:id`. */
export async function settingsAt(queries: Queries, places: ReadonlySet<string>): Promise<readonly PlacedSetting[]> {
  if (places.size === 0) return [];
  const ids = [...places].map((place) => place.slice(place.indexOf(':') + 1));
  return liveSettings(queries).where(sql<boolean>`scope_id = any(${ids}::text[])`).execute();
}

function liveSettings(queries: Queries) {
  return queries.selectFrom('settings').select(['scope', 'scope_id as scopeId', 'key', 'value', 'locked'])
    .where(sql<boolean>`key = any(${LIVE_SETTING_KEYS}::text[])`);
}
