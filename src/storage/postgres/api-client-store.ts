import type { Selectable } from 'kysely';
import type { ApiClient, ApiClientStore } from '../../ports/admin-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import type { ApiClientsTable } from './tables.js';

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
      const columns = {
        name: changes.name,
        secret_hash: changes.secretHash,
        role: changes.role,
        generation: changes.generation,
        disabled: changes.disabled,
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('api_clients').set(columns).where('id', '=', id).execute();
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
  };
}
