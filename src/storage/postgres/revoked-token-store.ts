import type { RevokedTokenStore } from '../../ports/access-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';

export function createRevokedTokenStore(queries: Queries): RevokedTokenStore {
  return {
    has: async (tokenId) => {
      const row = await queries.selectFrom('revoked_tokens').select('id').where('id', '=', tokenId).executeTakeFirst();
      return row !== undefined;
    },
    add: async (token) => {
      await queries.insertInto('revoked_tokens').values({
        id: token.id, account_id: token.accountId, client_id: token.clientId, expires_at: toDate(token.expiresAt),
      }).onConflict((conflict) => conflict.constraint('revoked_tokens_pk').doNothing()).execute();
    },
  };
}
