import type { Selectable } from 'kysely';
import type { Account } from '../../domain/identity/account.js';
import { wholePolicy } from '../../domain/identity/account.js';
import type { AccountStore } from '../../ports/admin-stores.js';
import { changed, hasChanges, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import type { AccountsTable } from './tables.js';

export function createAccountStore(queries: Queries): AccountStore {
  return {
    get: async (id) => {
      const row = await queries.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : accountOf(row);
    },
    first: async () => {
      const row = await queries.selectFrom('accounts').selectAll().orderBy('id').limit(1).executeTakeFirst();
      return row === undefined ? null : accountOf(row);
    },
    lock: async (id) => {
      // Rows that refer to the account may still be written by others: their check of the reference does not wait for this lock.
      await queries.selectFrom('accounts').select('id').where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
    },
    insert: async (account) => {
      await queries.insertInto('accounts').values({
        id: account.id,
        name: account.name,
        sip_domain: account.sipDomain,
        country: account.country,
        policy: toJson(account.policy),
        config_version: account.configVersion,
        created_at: toDate(account.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        name: changes.name,
        sip_domain: changes.sipDomain,
        country: changes.country,
        policy: changed(changes.policy, toJson),
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('accounts').set(columns).where('id', '=', id).execute();
    },
  };
}

export function accountOf(row: Selectable<AccountsTable>): Account {
  return {
    id: row.id,
    name: row.name,
    sipDomain: row.sip_domain,
    country: row.country,
    policy: wholePolicy(row.policy),
    configVersion: row.config_version,
    createdAt: row.created_at,
  };
}
