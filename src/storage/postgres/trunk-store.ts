import { sql, type Selectable } from 'kysely';
import type { TrunkId } from '../../domain/ids.js';
import type { Trunk, TrunkRoute } from '../../domain/trunk/trunk.js';
import type { TrunkStore } from '../../ports/trunk-stores.js';
import { toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { TrunkRoutesTable, TrunksTable } from './trunk-tables.js';

type TrunkRow = Selectable<TrunksTable>;

export function createTrunkStore(queries: Queries): TrunkStore {
  const rows = queries.selectFrom('trunks').selectAll();
  const one = async (found: TrunkRow | undefined): Promise<Trunk | null> =>
    (found === undefined ? null : (await withRoutes(queries, [found]))[0]?.trunk ?? null);
  const count: TrunkStore['count'] = async (accountId) => (
    await queries.selectFrom('trunks').select(({ fn }) => fn.countAll<number>().as('n')).where('account_id', '=', accountId).executeTakeFirstOrThrow()
  ).n;
  const putRoutes = async ({ id, accountId, routes }: Trunk): Promise<void> => {
    if (routes.length === 0) return;
    await queries.insertInto('trunk_routes').values(routes.map((route) => ({
      id: route.id, account_id: accountId, trunk_id: id, site_id: route.siteId, prefix: route.prefix, priority: route.priority, weight: route.weight,
      emergency: route.emergency,
    }))).execute();
  };
  return {
    count,
    get: async (accountId, id) => one(await rows.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()),
    byName: async (accountId, name) => one(await rows.where('account_id', '=', accountId).where('name', '=', name).executeTakeFirst()),
    page: async (accountId, page) => {
      const found = await rows.where('account_id', '=', accountId).$if(page.after !== null, (query) => query.where('id', '>', page.after as TrunkId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      const trunks = await withRoutes(queries, found);
      return toPage(trunks, page, await count(accountId), ({ trunk }) => trunk.id, ({ trunk }) => trunk);
    },
    insert: async (trunk, sealedPassword) => {
      await queries.insertInto('trunks').values({ id: trunk.id, account_id: trunk.accountId, sealed_password: sealedPassword, ...columnsOf(trunk) }).execute();
      await putRoutes(trunk);
    },
    update: async (trunk, sealedPassword) => {
      await queries.updateTable('trunks').set({ ...columnsOf(trunk), ...(sealedPassword === undefined ? {} : { sealed_password: sealedPassword }) })
        .where('id', '=', trunk.id).execute();
      await queries.deleteFrom('trunk_routes').where('trunk_id', '=', trunk.id).execute();
      await putRoutes(trunk);
    },
    delete: async (id) => {
      await queries.deleteFrom('trunks').where('id', '=', id).execute();
    },
    sealedPassword: async (id) => (await queries.selectFrom('trunks').select('sealed_password').where('id', '=', id).executeTakeFirst())?.sealed_password ?? '',
  };
}

function columnsOf(trunk: Trunk) {
  return {
    name: trunk.name, enabled: trunk.enabled, country: trunk.country, authentication: toJson(trunk.authentication), gateways: toJson(trunk.gateways),
    border: toJson(trunk.border), media: toJson(trunk.media), limits: toJson(trunk.limits), session_expires_seconds: trunk.sessionExpiresSeconds,
    probe_seconds: trunk.probeSeconds, version: trunk.version,
  };
}

/** A trunk as the directory keeps it. */
export interface HeldTrunk {
  readonly id: TrunkId;
  readonly trunk: Trunk;
  readonly sealedPassword: string;
}

/** The rows with their routes, in one statement more. */
export async function withRoutes(queries: Queries, rows: readonly TrunkRow[]): Promise<readonly HeldTrunk[]> {
  if (rows.length === 0) return [];
  const found = await queries.selectFrom('trunk_routes').selectAll().where(sql<boolean>`trunk_id = any(${rows.map(({ id }) => id)}::text[])`)
    .orderBy('id').execute();
  const routes = new Map<TrunkId, TrunkRoute[]>(rows.map(({ id }) => [id, []]));
  for (const row of found) routes.get(row.trunk_id)?.push(routeOf(row));
  return rows.map((row) => ({ id: row.id, sealedPassword: row.sealed_password, trunk: trunkOf(row, routes.get(row.id) ?? []) }));
}

function trunkOf(row: TrunkRow, routes: readonly TrunkRoute[]): Trunk {
  return {
    id: row.id, accountId: row.account_id, name: row.name, enabled: row.enabled, country: row.country, authentication: row.authentication,
    gateways: row.gateways, routes, border: row.border, media: row.media, limits: row.limits, sessionExpiresSeconds: row.session_expires_seconds,
    probeSeconds: row.probe_seconds, version: row.version,
  };
}

function routeOf(row: Selectable<TrunkRoutesTable>): TrunkRoute {
  return { id: row.id, siteId: row.site_id, prefix: row.prefix, priority: row.priority, weight: row.weight, emergency: row.emergency };
}
