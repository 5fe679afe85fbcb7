import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ProvisioningFetch, ProvisioningToken } from '../../domain/provisioning/provisioning-access.js';
import type { ProvisioningFetchStore, ProvisioningStores, ProvisioningTokenStore } from '../../ports/provisioning-stores.js';
import { instant, toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { ProvisioningFetchesTable, ProvisioningTokensTable } from './provisioning-tables.js';

/** Under which tokens phones find their files, and what they fetched. */
export function createProvisioningStores(queries: Queries): ProvisioningStores {
  return { provisioningTokens: createTokenStore(queries), provisioningFetches: createFetchStore(queries) };
}

function createTokenStore(queries: Queries): ProvisioningTokenStore {
  const tokens = queries.selectFrom('provisioning_tokens');
  return {
    byHash: async (hash) => {
      const row = await tokens.selectAll().where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? null : tokenOf(row);
    },
    of: async (deviceId) => (await tokens.selectAll().where('device_id', '=', deviceId).orderBy('rotation').execute()).map(tokenOf),
    enrolled: async (deviceIds) => {
      if (deviceIds.length === 0) return new Set();
      const rows = await queries.selectFrom('provisioning_tokens').select('device_id').distinct().where('kind', '=', 'steady').where('first_used_at', 'is not', null)
        .where(sql<boolean>`device_id = any(${deviceIds}::text[])`).execute();
      return new Set(rows.map((row) => row.device_id));
    },
    insert: async (token) => {
      await queries.insertInto('provisioning_tokens').values({
        hash: token.hash, account_id: token.accountId, device_id: token.deviceId, kind: token.kind, rotation: token.rotation,
        created_at: toDate(token.createdAt), expires_at: toDateOrNull(token.expiresAt), claimed_by: token.claimedBy, first_used_at: toDateOrNull(token.firstUsedAt),
        credentials_at: toDateOrNull(token.credentialsAt),
      }).execute();
    },
    endEnrol: async (deviceId) => {
      await queries.deleteFrom('provisioning_tokens').where('device_id', '=', deviceId).where('kind', '=', 'enrol').execute();
    },
    claim: async (hash, address, at, expiresAt) => {
      const { numAffectedRows } = await sql`
        update provisioning_tokens set claimed_by = ${address}, first_used_at = coalesce(first_used_at, ${instant(at)}),
          expires_at = case when claimed_by is null then least(expires_at, ${instant(expiresAt)}) else expires_at end
        where hash = ${hash} and (claimed_by is null or claimed_by = ${address})`.execute(queries);
      return (numAffectedRows ?? 0n) > 0n;
    },
    used: async (hash, at) => {
      await queries.updateTable('provisioning_tokens').set({ first_used_at: toDate(at) })
        .where('hash', '=', hash).where('first_used_at', 'is', null).execute();
    },
    credentials: async (deviceId, rotation, at) => {
      await queries.updateTable('provisioning_tokens').set({ credentials_at: toDateOrNull(at) })
        .where('device_id', '=', deviceId).where('kind', '=', 'steady').where('rotation', '=', rotation)
        .where('credentials_at', at === null ? 'is not' : 'is', null).execute();
    },
    credentialsAsked: async () => {
      const row = await queries.selectFrom('settings').select('key').where('key', '=', 'desk-phone-http-credentials').where(sql<boolean>`value = 'true'::jsonb`).limit(1).executeTakeFirst();
      return row !== undefined;
    },
    retire: async (deviceId, below, expiresAt) => {
      await sql`update provisioning_tokens set expires_at = least(expires_at, ${instant(expiresAt)})
        where device_id = ${deviceId} and kind = 'steady' and rotation < ${below}`.execute(queries);
    },
    forget: async (before) => {
      const { numAffectedRows } = await sql`delete from provisioning_tokens where expires_at < ${instant(before)}`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

function createFetchStore(queries: Queries): ProvisioningFetchStore {
  const fetches = queries.selectFrom('provisioning_fetches');
  return {
    add: async (fetch) => {
      await queries.insertInto('provisioning_fetches').values({
        id: fetch.id, account_id: fetch.accountId, device_id: fetch.deviceId, at: toDate(fetch.at), address: fetch.address, method: fetch.method,
        file_name: fetch.fileName, token: fetch.token, outcome: fetch.outcome, status: fetch.status, bytes: fetch.bytes, whole: fetch.whole,
        user_agent: fetch.userAgent, model: fetch.model, firmware: fetch.firmware,
      }).execute();
    },
    last: async (deviceId) => {
      const row = await fetches.selectAll().where('device_id', '=', deviceId).orderBy('id', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? null : fetchOf(row);
    },
    page: async (accountId, deviceId, page) => {
      const matching = fetches.where('account_id', '=', accountId).where('device_id', '=', deviceId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '<', page.after ?? ''))
        .orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, ({ id }) => id, fetchOf);
    },
    forget: async (before) => {
      const { numAffectedRows } = await sql`delete from provisioning_fetches where at < ${instant(before)}`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

function tokenOf(row: Selectable<ProvisioningTokensTable>): ProvisioningToken {
  return {
    hash: row.hash, accountId: row.account_id, deviceId: row.device_id, kind: row.kind, rotation: row.rotation,
    createdAt: row.created_at, expiresAt: row.expires_at, claimedBy: row.claimed_by, firstUsedAt: row.first_used_at,
    credentialsAt: row.credentials_at,
  };
}

function fetchOf(row: Selectable<ProvisioningFetchesTable>): ProvisioningFetch {
  return {
    id: row.id, accountId: row.account_id, deviceId: row.device_id, at: row.at, address: row.address, method: row.method, fileName: row.file_name,
    token: row.token, outcome: row.outcome, status: row.status, bytes: row.bytes, whole: row.whole, userAgent: row.user_agent,
    model: row.model, firmware: row.firmware,
  };
}
