import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { SiteId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import type { SiteStore } from '../../ports/admin-stores.js';
import { changed, hasChanges, lowerAscii, toDate, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { SitesTable } from './tables.js';

export function createSiteStore(queries: Queries): SiteStore {
  const sites = queries.selectFrom('sites');
  return {
    get: async (accountId, id) => {
      const row = await sites.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : siteOf(row);
    },
    byName: async (accountId, name) => {
      const row = await sites.selectAll().where('account_id', '=', accountId)
        .where(sql`lower(name)`, '=', lowerAscii(name)).executeTakeFirst();
      return row === undefined ? null : siteOf(row);
    },
    main: async (accountId) => {
      const row = await sites.selectAll().where('account_id', '=', accountId).where('is_main', '=', true).executeTakeFirst();
      return row === undefined ? null : siteOf(row);
    },
    all: async (accountId) => (await sites.selectAll().where('account_id', '=', accountId).orderBy('id').execute()).map(siteOf),
    page: async (accountId, page, within) => {
      const matching = sites.where('account_id', '=', accountId)
        .$if(within !== undefined, (query) => query.where(sql<boolean>`id = any(${[...within ?? []]}::text[])`));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '>', page.after as SiteId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, siteOf);
    },
    insert: async (site) => {
      await queries.insertInto('sites').values({
        id: site.id,
        account_id: site.accountId,
        name: site.name,
        is_main: site.isMain,
        site_code: site.siteCode,
        short_extension_length: site.shortExtensionLength,
        country: site.country,
        time_zone: site.timeZone,
        prompt_language: site.promptLanguage,
        auto_receptionist_name: site.autoReceptionistName,
        default_emergency_address: toJsonOrNull(site.defaultEmergencyAddress),
        short_extension_ranges: toJson(site.shortExtensionRanges),
        caller_id_name: site.callerIdName,
        sip_zone_id: site.sipZoneId,
        india: toJsonOrNull(site.india),
        created_at: toDate(site.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        name: changes.name,
        is_main: changes.isMain,
        site_code: changes.siteCode,
        short_extension_length: changes.shortExtensionLength,
        country: changes.country,
        time_zone: changes.timeZone,
        prompt_language: changes.promptLanguage,
        auto_receptionist_name: changes.autoReceptionistName,
        default_emergency_address: changed(changes.defaultEmergencyAddress, toJsonOrNull),
        short_extension_ranges: changed(changes.shortExtensionRanges, toJson),
        caller_id_name: changes.callerIdName,
        sip_zone_id: changes.sipZoneId,
        india: changed(changes.india, toJsonOrNull),
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('sites').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('sites').where('id', '=', id).execute();
    },
    usage: async (id) => {
      const users = queries.selectFrom('phone_users').where('site_id', '=', id).select(({ fn }) => fn.countAll<number>().as('n'));
      const areas = queries.selectFrom('common_areas').where('site_id', '=', id).select(({ fn }) => fn.countAll<number>().as('n'));
      const devices = queries.selectFrom('devices').where('site_id', '=', id).select(({ fn }) => fn.countAll<number>().as('n'));
      const numbers = queries.selectFrom('phone_numbers').where('site_id', '=', id).select(({ fn }) => fn.countAll<number>().as('n'));
      const rows = await users.unionAll(areas).unionAll(devices).unionAll(numbers).execute();
      return rows.reduce((sum, row) => sum + row.n, 0);
    },
  };
}

export function siteOf(row: Selectable<SitesTable>): Site {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    isMain: row.is_main,
    siteCode: row.site_code,
    shortExtensionLength: row.short_extension_length,
    country: row.country,
    timeZone: row.time_zone,
    promptLanguage: row.prompt_language,
    autoReceptionistName: row.auto_receptionist_name,
    defaultEmergencyAddress: row.default_emergency_address,
    shortExtensionRanges: row.short_extension_ranges,
    callerIdName: row.caller_id_name,
    sipZoneId: row.sip_zone_id,
    india: row.india,
    createdAt: row.created_at,
  };
}
