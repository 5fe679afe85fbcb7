import { sql } from 'kysely';
import type { AccountId, UserId } from '../../domain/ids.js';
import type { SamlSettings } from '../../domain/saml/saml-settings.js';
import type { SamlCode, SamlRequest, SamlSettingStore, SamlSignInStore, SamlStores } from '../../ports/saml-stores.js';
import type { Instant, Json, JsonOrNull } from './column-types.js';
import { instant, toDate, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';

type KeptSettings = Omit<SamlSettings, 'accountId' | 'updatedAt'>;

export interface SamlTables {
  readonly saml_settings: { readonly account_id: AccountId; readonly settings: Json<KeptSettings>; readonly updated_at: Instant };
  readonly saml_requests: { readonly id: string; readonly account_id: AccountId; readonly back: JsonOrNull<SamlRequest['back']>; readonly expires_at: Instant };
  readonly saml_assertions: { readonly account_id: AccountId; readonly id: string; readonly expires_at: Instant };
  readonly saml_codes: {
    readonly code_hash: string; readonly account_id: AccountId; readonly user_id: UserId; readonly back: JsonOrNull<SamlCode['back']>; readonly expires_at: Instant;
  };
}

/** Sign-in by an identity provider: its settings, and what of it may happen once. */
export function createSamlStores(queries: Queries): SamlStores {
  return { samlSettings: createSettingStore(queries), samlSignIns: createSignInStore(queries) };
}

function createSettingStore(queries: Queries): SamlSettingStore {
  return {
    get: async (accountId) => {
      const row = await queries.selectFrom('saml_settings').selectAll().where('account_id', '=', accountId).executeTakeFirst();
      return row === undefined ? null : { ...row.settings, accountId, updatedAt: row.updated_at };
    },
    set: async ({ accountId, updatedAt, ...settings }) => {
      const columns = { settings: toJson(settings), updated_at: toDate(updatedAt) };
      await queries.insertInto('saml_settings').values({ account_id: accountId, ...columns })
        .onConflict((conflict) => conflict.constraint('saml_settings_pk').doUpdateSet(columns)).execute();
    },
    delete: async (accountId) => {
      await queries.deleteFrom('saml_settings').where('account_id', '=', accountId).execute();
    },
  };
}

function createSignInStore(queries: Queries): SamlSignInStore {
  const purge = async (table: 'saml_requests' | 'saml_assertions' | 'saml_codes', now: number): Promise<void> => {
    await sql`delete from ${sql.table(table)} where expires_at <= ${instant(now)}`.execute(queries);
  };
  return {
    insertRequest: async ({ id, accountId, back, expiresAt }, now) => {
      await purge('saml_requests', now);
      await queries.insertInto('saml_requests').values({ id, account_id: accountId, back: toJsonOrNull(back), expires_at: toDate(expiresAt) }).execute();
    },
    takeRequest: async (accountId, id, now) => {
      const row = await queries.deleteFrom('saml_requests').where('id', '=', id).where('account_id', '=', accountId).returningAll().executeTakeFirst();
      return row === undefined || row.expires_at <= now ? null : { id, accountId, back: row.back, expiresAt: row.expires_at };
    },
    rememberAssertion: async ({ accountId, id, until }, now) => {
      await purge('saml_assertions', now);
      const { numInsertedOrUpdatedRows } = await queries.insertInto('saml_assertions').values({ account_id: accountId, id, expires_at: toDate(until) })
        .onConflict((conflict) => conflict.constraint('saml_assertions_pk').doNothing()).executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    insertCode: async ({ codeHash, accountId, userId, back, expiresAt }, now) => {
      await purge('saml_codes', now);
      await queries.insertInto('saml_codes')
        .values({ code_hash: codeHash, account_id: accountId, user_id: userId, back: toJsonOrNull(back), expires_at: toDate(expiresAt) }).execute();
    },
    takeCode: async (codeHash, now) => {
      const row = await queries.deleteFrom('saml_codes').where('code_hash', '=', codeHash).returningAll().executeTakeFirst();
      return row === undefined || row.expires_at <= now ? null
        : { codeHash, accountId: row.account_id, userId: row.user_id, back: row.back, expiresAt: row.expires_at };
    },
  };
}
