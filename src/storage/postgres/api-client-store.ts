import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, ApiClientId, SiteId } from '../../domain/ids.js';
import type { ApiClient, ApiClientStore } from '../../ports/access-stores.js';
import type { ApiClientsTable } from './access-tables.js';
import { hasChanges, instant, toDate } from './columns.js';
import type { Queries } from './database.js';

export function createApiClientStore(queries: Queries): ApiClientStore {
  const clients = queries.selectFrom('api_clients').selectAll().select(sql<readonly SiteId[]>`coalesce((
    select jsonb_agg(t.site_id order by t.site_id) from api_client_targets t where t.client_id = api_clients.id), '[]'::jsonb)`.as('targets'));
  const replaceTargets = async (accountId: AccountId, id: ApiClientId, targets: readonly SiteId[]): Promise<void> => {
    await queries.deleteFrom('api_client_targets').where('client_id', '=', id).execute();
    if (targets.length === 0) return;
    await queries.insertInto('api_client_targets').values(targets.map((siteId) => ({ account_id: accountId, client_id: id, site_id: siteId }))).execute();
  };
  return {
    get: async (id) => {
      const row = await clients.where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : clientOf(row);
    },
    all: async (accountId) => {
      return (await clients.where('account_id', '=', accountId).orderBy('id').execute()).map(clientOf);
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
        targeted: client.targets !== null,
      }).execute();
      await replaceTargets(client.accountId, client.id, client.targets ?? []);
    },
    update: async (id, changes) => {
      const { earlierSecret } = changes;
      const columns = {
        name: changes.name,
        secret_hash: changes.secretHash,
        role: changes.role,
        generation: changes.generation,
        disabled: changes.disabled,
        targeted: changes.targets === undefined ? undefined : changes.targets !== null,
        earlier_secret_hash: earlierSecret === undefined ? undefined : earlierSecret?.hash ?? null,
        earlier_secret_until: earlierSecret === undefined ? undefined : earlierSecret === null ? null : toDate(earlierSecret.until),
      };
      if (!hasChanges(columns)) return;
      const row = await queries.updateTable('api_clients').set(columns).where('id', '=', id).returning('account_id').executeTakeFirst();
      if (row !== undefined && changes.targets !== undefined) await replaceTargets(row.account_id, id, changes.targets ?? []);
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

function clientOf(row: Selectable<ApiClientsTable> & { readonly targets: readonly SiteId[] }): ApiClient {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    secretHash: row.secret_hash,
    role: row.role,
    targets: row.targeted ? row.targets : null,
    generation: row.generation,
    disabled: row.disabled,
    createdAt: row.created_at,
    earlierSecret: row.earlier_secret_hash === null || row.earlier_secret_until === null ? null
      : { hash: row.earlier_secret_hash, until: row.earlier_secret_until },
    lastUsedAt: row.last_used_at,
  };
}
