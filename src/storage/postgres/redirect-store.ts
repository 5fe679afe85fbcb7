import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, DeviceId } from '../../domain/ids.js';
import type { RedirectListing, RedirectReason, RedirectState, RedirectVendor } from '../../domain/provisioning/redirect-machine.js';
import type { KeptRedirectService, RedirectListingStore, RedirectServiceStore, RedirectStores } from '../../ports/redirect-stores.js';
import type { Instant, InstantOrNull } from './column-types.js';
import { instant, toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';

export interface RedirectServicesTable {
  readonly account_id: AccountId;
  readonly vendor: RedirectVendor;
  readonly access_key_id: string;
  readonly sealed_secret: string;
  readonly active: boolean;
  readonly updated_at: Instant;
}

export interface RedirectListingsTable {
  readonly account_id: AccountId;
  readonly mac_address: string;
  readonly vendor: RedirectVendor;
  readonly device_id: DeviceId;
  readonly state: RedirectState;
  readonly attempts: number;
  readonly next_at: InstantOrNull;
  readonly reason: RedirectReason | '';
  readonly detail: string;
  readonly updated_at: Instant;
}

export interface RedirectTables {
  readonly redirect_services: RedirectServicesTable;
  readonly redirect_listings: RedirectListingsTable;
}

/** Makers' redirect services and the phones that they are told of. */
export function createRedirectStores(queries: Queries): RedirectStores {
  return { redirectServices: createServiceStore(queries), redirectListings: createListingStore(queries) };
}

function createServiceStore(queries: Queries): RedirectServiceStore {
  const of = (accountId: AccountId) => queries.selectFrom('redirect_services').selectAll().where('account_id', '=', accountId);
  return {
    all: async (accountId) => (await of(accountId).orderBy('vendor').execute()).map(serviceOf),
    get: async (accountId, vendor) => {
      const row = await of(accountId).where('vendor', '=', vendor).executeTakeFirst();
      return row === undefined ? null : serviceOf(row);
    },
    sealedSecret: async (accountId, vendor) => (await of(accountId).where('vendor', '=', vendor).executeTakeFirst())?.sealed_secret ?? null,
    set: async ({ accountId, vendor, accessKeyId, active, updatedAt }, sealedSecret) => {
      const columns = { access_key_id: accessKeyId, sealed_secret: sealedSecret, active, updated_at: toDate(updatedAt) };
      await queries.insertInto('redirect_services').values({ account_id: accountId, vendor, ...columns })
        .onConflict((conflict) => conflict.constraint('redirect_services_pk').doUpdateSet(columns)).execute();
    },
    delete: async (accountId, vendor) => {
      await queries.deleteFrom('redirect_services').where('account_id', '=', accountId).where('vendor', '=', vendor).execute();
    },
  };
}

function createListingStore(queries: Queries): RedirectListingStore {
  return {
    of: async (accountId, macAddress) => {
      const row = await queries.selectFrom('redirect_listings').selectAll()
        .where('account_id', '=', accountId).where('mac_address', '=', macAddress).executeTakeFirst();
      return row === undefined ? null : listingOf(row);
    },
    put: async (listing) => {
      const { account_id, mac_address, ...columns } = rowOf(listing);
      await queries.insertInto('redirect_listings').values({ account_id, mac_address, ...columns })
        .onConflict((conflict) => conflict.constraint('redirect_listings_pk').doUpdateSet(columns)).execute();
    },
    leave: async (accountId, macAddress, at) => {
      await queries.updateTable('redirect_listings').set({ state: 'leaving', attempts: 0, next_at: toDate(at), reason: '', detail: '', updated_at: toDate(at) })
        .where('account_id', '=', accountId).where('mac_address', '=', macAddress).execute();
    },
    revive: async (accountId, vendor, at) => {
      await queries.updateTable('redirect_listings').set({ state: 'wanted', attempts: 0, next_at: toDate(at), updated_at: toDate(at) })
        .where('account_id', '=', accountId).where('vendor', '=', vendor).where('state', '=', 'failed').where('reason', 'in', ['credentials', 'unreachable']).execute();
    },
    forget: async (accountId, vendor) => {
      await queries.deleteFrom('redirect_listings').where('account_id', '=', accountId).where('vendor', '=', vendor).execute();
    },
    claimDue: async (at, { limit, until }) => {
      const { rows } = await sql<Selectable<RedirectListingsTable>>`
        update redirect_listings l set attempts = l.attempts + 1, next_at = ${instant(until)}
        where (l.account_id, l.mac_address) in (
          select c.account_id, c.mac_address from redirect_listings c
          join redirect_services s on s.account_id = c.account_id and s.vendor = c.vendor and s.active
          where c.next_at <= ${instant(at)} order by c.next_at, c.mac_address limit ${limit} for update of c skip locked
        )
        returning l.*`.execute(queries);
      return rows.map(listingOf).sort((a, b) => (a.macAddress < b.macAddress ? -1 : 1));
    },
    settle: async (claimed, after) => {
      // A wish of meanwhile counts its attempts from the start.
      const { accountId, macAddress, state, attempts, updatedAt } = claimed;
      if (after === null) {
        await queries.deleteFrom('redirect_listings').where('account_id', '=', accountId).where('mac_address', '=', macAddress)
          .where('state', '=', state).where('attempts', '=', attempts).where('updated_at', '=', instant(updatedAt)).execute();
        return;
      }
      const { account_id: _account, mac_address: _mac, ...columns } = rowOf(after);
      await queries.updateTable('redirect_listings').set(columns).where('account_id', '=', accountId).where('mac_address', '=', macAddress)
        .where('state', '=', state).where('attempts', '=', attempts).where('updated_at', '=', instant(updatedAt)).execute();
    },
  };
}

function rowOf(listing: RedirectListing) {
  return {
    account_id: listing.accountId, mac_address: listing.macAddress, vendor: listing.vendor, device_id: listing.deviceId, state: listing.state,
    attempts: listing.attempts, next_at: toDateOrNull(listing.nextAt), reason: listing.reason, detail: listing.detail, updated_at: toDate(listing.updatedAt),
  };
}

function listingOf(row: Selectable<RedirectListingsTable>): RedirectListing {
  return {
    accountId: row.account_id, macAddress: row.mac_address, vendor: row.vendor, deviceId: row.device_id, state: row.state,
    attempts: row.attempts, nextAt: row.next_at, reason: row.reason, detail: row.detail, updatedAt: row.updated_at,
  };
}

function serviceOf(row: Selectable<RedirectServicesTable>): KeptRedirectService {
  return { accountId: row.account_id, vendor: row.vendor, accessKeyId: row.access_key_id, active: row.active, updatedAt: row.updated_at };
}
