import { sql, type Selectable } from 'kysely';
import type { ServiceLocationId } from '../../domain/ids.js';
import type { ServiceLocation } from '../../domain/emergency/service-location.js';
import type { ServiceLocationStore } from '../../ports/safety-stores.js';
import { changed, hasChanges, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { EmergencyLocationsTable } from './safety-tables.js';

export function createServiceLocationStore(queries: Queries): ServiceLocationStore {
  const rows = queries.selectFrom('emergency_locations');
  const one = (row: Selectable<EmergencyLocationsTable> | undefined): ServiceLocation | null => (row === undefined ? null : serviceLocationOf(row));
  return {
    get: async (accountId, id) => one(await rows.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()),
    byIdentifier: async (accountId, identifier) => one(
      await rows.selectAll().where('account_id', '=', accountId).where('identifier', '=', identifier).executeTakeFirst(),
    ),
    page: async (accountId, siteId, page, within) => {
      let matching = rows.where('account_id', '=', accountId);
      if (within !== undefined) matching = matching.where(sql<boolean>`site_id = any(${[...within]}::text[])`);
      if (siteId !== null) matching = matching.where('site_id', '=', siteId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '>', page.after as ServiceLocationId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, serviceLocationOf);
    },
    children: async (id) => (
      await rows.where('parent_id', '=', id).select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
    ).n,
    insert: async (location) => {
      await queries.insertInto('emergency_locations').values({
        id: location.id,
        account_id: location.accountId,
        site_id: location.siteId,
        identifier: location.identifier,
        name: location.name,
        parent_id: location.parentId,
        emergency_address_id: location.emergencyAddressId,
        elin: location.elin,
        elin_phone_number_id: location.elinPhoneNumberId,
        bssids: location.bssids,
        network_switches: toJson(location.networkSwitches),
        private_networks: location.privateNetworks,
        public_networks: location.publicNetworks,
        sip_group: location.sipGroup,
        minimum_match_criteria: location.minimumMatchCriteria,
        created_at: toDate(location.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        identifier: changes.identifier,
        name: changes.name,
        parent_id: changes.parentId,
        emergency_address_id: changes.emergencyAddressId,
        elin: changes.elin,
        elin_phone_number_id: changes.elinPhoneNumberId,
        bssids: changes.bssids,
        network_switches: changed(changes.networkSwitches, toJson),
        private_networks: changes.privateNetworks,
        public_networks: changes.publicNetworks,
        sip_group: changes.sipGroup,
        minimum_match_criteria: changes.minimumMatchCriteria,
      };
      if (hasChanges(columns)) await queries.updateTable('emergency_locations').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('emergency_locations').where('id', '=', id).execute();
    },
  };
}

export function serviceLocationOf(row: Selectable<EmergencyLocationsTable>): ServiceLocation {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    identifier: row.identifier,
    name: row.name,
    parentId: row.parent_id,
    emergencyAddressId: row.emergency_address_id,
    elin: row.elin,
    elinPhoneNumberId: row.elin_phone_number_id,
    bssids: row.bssids,
    networkSwitches: row.network_switches,
    privateNetworks: row.private_networks,
    publicNetworks: row.public_networks,
    sipGroup: row.sip_group,
    minimumMatchCriteria: row.minimum_match_criteria,
    createdAt: row.created_at,
  };
}
