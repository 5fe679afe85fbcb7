import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ApiClient, ApiClientStore } from '../../ports/access-stores.js';
import type { ApiClientsTable } from './access-tables.js';
import { hasChanges, instant, toDate } from './columns.js';
import type { Queries } from './database.js';

export function createApiClientStore(queries: Queries): ApiClientStore {
  const clients = queries.selectFrom('api_clients');
  return {
    get: async (id) => {
      const row = await clients.selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : clientOf(row);
    },
    all: async (accountId) => {
      return (await clients.selectAll().where('account_id', '=', accountId).orderBy('id').execute()).map(clientOf);
    },
    insert: async (client) => {
      await queries.insertInto('api_clients').values({
        id: client.id,
        account_id: client.accountId,
        name: client.name,
        secret_hash: client.secretHash,
        role: client.role,
        generation: client.generation,
        disabled: client.disabled,
        created_at: toDate(client.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const { earlierSecret } = changes;
      const columns = {
        name: changes.name,
        secret_hash: changes.secretHash,
        role: changes.role,
        generation: changes.generation,
        disabled: changes.disabled,
        earlier_secret_hash: earlierSecret === undefined ? undefined : earlierSecret?.hash ?? null,
        earlier_secret_until: earlierSecret === undefined ? undefined : earlierSecret === null ? null : toDate(earlierSecret.until),
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('api_clients').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('api_clients').where('id', '=', id).execute();
    },
    used: async (id, at) => {
      await queries.updateTable('api_clients').set({ last_used_at: toDate(at) }).where('id', '=', id)
        .where(sql<boolean>`(last_used_at is null or last_used_at < ${instant(at)})`).execute();
    },
  };
}

function clientOf(row: Selectable<ApiClientsTable>): ApiClient {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    secretHash: row.secret_hash,
    role: row.role,
    generation: row.generation,
    disabled: row.disabled,
    createdAt: row.created_at,
    earlierSecret: row.earlier_secret_hash === null || row.earlier_secret_until === null ? null
      : { hash: row.earlier_secret_hash, until: row.earlier_secret_until },
    lastUsedAt: row.last_used_at,
  };
}
