import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { EmergencyAddressId } from '../../domain/ids.js';
import type { AddressHolder, AddressUse, EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import type { EmergencyAddressStore } from '../../ports/safety-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import { containsPattern, searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { EmergencyAddressesTable, EmergencyAddressUsesTable } from './safety-tables.js';

/** Rows of addresses, with whether a person's own is the one that the person has. */
export function emergencyAddressRows(queries: Queries) {
  return queries.selectFrom('emergency_addresses').selectAll('emergency_addresses').select(sql<boolean>`exists (
    select from emergency_address_uses u where u.address_id = emergency_addresses.id and u.user_id = emergency_addresses.user_id)`.as('used_by_owner'));
}

type AddressRow = Selectable<EmergencyAddressesTable> & { readonly used_by_owner: boolean };

const HOLDER_COLUMN = { user: 'user_id', common_area: 'common_area_id', device: 'device_id' } as const;

export function createEmergencyAddressStore(queries: Queries): EmergencyAddressStore {
  const rows = emergencyAddressRows(queries);
  const one = (row: AddressRow | undefined): EmergencyAddress | null => (row === undefined ? null : emergencyAddressOf(row));
  return {
    get: async (accountId, id) => one(await rows.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()),
    page: async (accountId, filter, page) => {
      const { siteId, userId, personal, keyword, within } = filter;
      let matching = rows.where('account_id', '=', accountId);
      if (within !== undefined) matching = matching.where(sql<boolean>`site_id = any(${[...within]}::text[])`);
      if (siteId !== undefined) matching = matching.where('site_id', '=', siteId);
      if (userId !== undefined) matching = matching.where('user_id', '=', userId);
      if (personal !== undefined) matching = matching.where('user_id', personal ? 'is not' : 'is', null);
      if (keyword !== undefined && keyword !== '') matching = matching.where('search', 'like', containsPattern(keyword));
      const { total } = await matching.clearSelect().select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.$if(page.after !== null, (query) => query.where('id', '>', page.after as EmergencyAddressId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, emergencyAddressOf);
    },
    siteDefault: async (siteId) => one(await rows.where('site_id', '=', siteId).where('is_default', '=', true).executeTakeFirst()),
    ofSite: async (siteId) => (await rows.where('site_id', '=', siteId).where('user_id', 'is', null).orderBy('id').execute()).map(emergencyAddressOf),
    insert: async (address) => {
      await queries.insertInto('emergency_addresses').values({
        id: address.id,
        account_id: address.accountId,
        site_id: address.siteId,
        user_id: address.userId,
        ...lines(address),
        vat_number: address.vatNumber,
        is_default: address.userId === null && address.isDefault,
        search: searched(address),
        created_at: toDate(address.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        address_line1: changes.addressLine1,
        address_line2: changes.addressLine2,
        city: changes.city,
        state_code: changes.stateCode,
        zip: changes.zip,
        country: changes.country,
        vat_number: changes.vatNumber,
        is_default: changes.isDefault === undefined ? undefined : sql<boolean>`user_id is null and ${changes.isDefault}`,
      };
      if (!hasChanges(columns)) return;
      const row = await queries.updateTable('emergency_addresses').set(columns).where('id', '=', id).returningAll().executeTakeFirst();
      if (row === undefined) return;
      await queries.updateTable('emergency_addresses').set({ search: searched(emergencyAddressOf({ ...row, used_by_owner: false })) })
        .where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('emergency_addresses').where('id', '=', id).execute();
    },
    usage: async (id) => {
      const holders = await queries.selectFrom('emergency_address_uses').where('address_id', '=', id)
        .select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
      const locations = await queries.selectFrom('emergency_locations').where('emergency_address_id', '=', id)
        .select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
      return { holders: holders.n, locations: locations.n };
    },
    addressOf: async (accountId, { kind, id }) => one(await rows.where('account_id', '=', accountId)
      .where(sql<boolean>`id = (select u.address_id from emergency_address_uses u where u.${sql.ref(HOLDER_COLUMN[kind])} = ${id})`)
      .executeTakeFirst()),
    use: async (accountId, holder, addressId) => {
      await queries.deleteFrom('emergency_address_uses').where(HOLDER_COLUMN[holder.kind], '=', holder.id).execute();
      if (addressId === null) return;
      await queries.insertInto('emergency_address_uses').values({
        account_id: accountId, address_id: addressId, user_id: null, common_area_id: null, device_id: null, [HOLDER_COLUMN[holder.kind]]: holder.id,
      }).execute();
    },
  };
}

function lines(address: EmergencyAddress) {
  return {
    address_line1: address.addressLine1, address_line2: address.addressLine2, city: address.city, state_code: address.stateCode,
    zip: address.zip, country: address.country,
  };
}

function searched(address: EmergencyAddress): string {
  return searchText(address.addressLine1, address.addressLine2, address.city, address.stateCode, address.zip);
}

export function emergencyAddressOf(row: AddressRow): EmergencyAddress {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    userId: row.user_id,
    addressLine1: row.address_line1,
    addressLine2: row.address_line2,
    city: row.city,
    stateCode: row.state_code,
    zip: row.zip,
    country: row.country,
    vatNumber: row.vat_number,
    isDefault: row.user_id === null ? row.is_default : row.used_by_owner,
    createdAt: row.created_at,
  };
}

export function addressUseOf(row: Selectable<EmergencyAddressUsesTable>): AddressUse | null {
  const holder = holderOfRow(row);
  return holder === null ? null : { holder, addressId: row.address_id };
}

function holderOfRow(row: Selectable<EmergencyAddressUsesTable>): AddressHolder | null {
  if (row.user_id !== null) return { kind: 'user', id: row.user_id };
  if (row.common_area_id !== null) return { kind: 'common_area', id: row.common_area_id };
  return row.device_id === null ? null : { kind: 'device', id: row.device_id };
}
