import type { Selectable } from 'kysely';
import type { ScimToken, ScimTokenStore } from '../../ports/scim-stores.js';
import { toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import type { ScimTokensTable } from './scim-tables.js';

export function createScimTokenStore(queries: Queries): ScimTokenStore {
  const tokens = queries.selectFrom('scim_tokens').selectAll();
  return {
    byHash: async (tokenHash) => {
      const row = await tokens.where('token_hash', '=', tokenHash).executeTakeFirst();
      return row === undefined ? null : tokenOf(row);
    },
    of: async (clientId) => (await tokens.where('client_id', '=', clientId).orderBy('id').execute()).map(tokenOf),
    insert: async (token) => {
      await queries.insertInto('scim_tokens').values({
        id: token.id, account_id: token.accountId, client_id: token.clientId, name: token.name, token_hash: token.tokenHash, generation: token.generation,
        created_at: toDate(token.createdAt), expires_at: toDateOrNull(token.expiresAt), last_used_at: toDateOrNull(token.lastUsedAt),
      }).execute();
    },
    delete: async (clientId, id) => {
      await queries.deleteFrom('scim_tokens').where('client_id', '=', clientId).where('id', '=', id).execute();
    },
    used: async (id, at) => {
      await queries.updateTable('scim_tokens').set({ last_used_at: toDate(at) }).where('id', '=', id).execute();
    },
  };
}

function tokenOf(row: Selectable<ScimTokensTable>): ScimToken {
  return {
    id: row.id, accountId: row.account_id, clientId: row.client_id, name: row.name, tokenHash: row.token_hash, generation: row.generation,
    createdAt: row.created_at, expiresAt: row.expires_at, lastUsedAt: row.last_used_at,
  };
}
