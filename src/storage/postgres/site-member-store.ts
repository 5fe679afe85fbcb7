import { sql } from 'kysely';
import type { CommonAreaId, DeviceId, ExtensionId, SiteId, UserId } from '../../domain/ids.js';
import type { SiteMemberStore } from '../../ports/place-stores.js';
import type { Queries } from './database.js';
import { extensionOf } from './extension-store.js';

/** Tables whose rows belong to a site and move with it. */
const MOVING = [
  'extensions', 'phone_users', 'common_areas', 'devices', 'phone_numbers', 'emergency_addresses', 'emergency_locations', 'setting_templates',
] as const;

export function createSiteMemberStore(queries: Queries): SiteMemberStore {
  return {
    extensions: async (accountId) =>
      (await queries.selectFrom('extensions').selectAll().where('account_id', '=', accountId).orderBy('id').execute()).map(extensionOf),
    members: async (siteId) => ({
      users: await ids<UserId>(queries, 'phone_users', siteId),
      commonAreas: await ids<CommonAreaId>(queries, 'common_areas', siteId),
      devices: await ids<DeviceId>(queries, 'devices', siteId),
      extensions: await ids<ExtensionId>(queries, 'extensions', siteId),
      phoneNumbers: await ids(queries, 'phone_numbers', siteId),
      emergencyAddresses: await ids(queries, 'emergency_addresses', siteId),
      emergencyLocations: await ids(queries, 'emergency_locations', siteId),
    }),
    move: async (from, to) => {
      await sql`update emergency_addresses set is_default = false where site_id = ${from}`.execute(queries);
      for (const table of MOVING) await sql`update ${sql.table(table)} set site_id = ${to} where site_id = ${from}`.execute(queries);
    },
    removeLists: async (siteId) => {
      await queries.deleteFrom('setting_templates').where('site_id', '=', siteId).execute();
      const rows = await queries.deleteFrom('blocked_numbers').where('scope', '=', 'site').where('scope_id', '=', siteId).returning('id').execute();
      return rows.map((row) => row.id);
    },
  };
}

async function ids<Id extends string>(queries: Queries, table: (typeof MOVING)[number], siteId: SiteId): Promise<readonly Id[]> {
  const { rows } = await sql<{ readonly id: Id }>`select id from ${sql.table(table)} where site_id = ${siteId} order by id`.execute(queries);
  return rows.map((row) => row.id);
}
