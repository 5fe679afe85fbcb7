import type { AllowedHostStore, DeviceAuthorityStore, FirmwareStores } from '../../ports/firmware-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import { createFirmwareImageStore } from './firmware-image-store.js';

/** Firmware of phones, and whom phones and we trust. */
export function createFirmwareStores(queries: Queries): FirmwareStores {
  return { firmwareImages: createFirmwareImageStore(queries), allowedHosts: createAllowedHostStore(queries), deviceAuthorities: createAuthorityStore(queries) };
}

function createAllowedHostStore(queries: Queries): AllowedHostStore {
  return {
    all: async (accountId) => {
      const rows = await queries.selectFrom('provisioning_hosts').selectAll().where('account_id', '=', accountId).orderBy('host').execute();
      return rows.map((row) => ({ accountId: row.account_id, host: row.host, note: row.note, createdAt: row.created_at }));
    },
    put: async ({ accountId, host, note, createdAt }) => {
      await queries.insertInto('provisioning_hosts').values({ account_id: accountId, host, note, created_at: toDate(createdAt) })
        .onConflict((conflict) => conflict.constraint('provisioning_hosts_pk').doUpdateSet({ note })).execute();
    },
    delete: async (accountId, host) => {
      await queries.deleteFrom('provisioning_hosts').where('account_id', '=', accountId).where('host', '=', host).execute();
    },
  };
}

function createAuthorityStore(queries: Queries): DeviceAuthorityStore {
  return {
    all: async (accountId) => {
      const everybodys = queries.selectFrom('device_authorities').selectAll().orderBy('id');
      const rows = await (accountId === null ? everybodys : everybodys.where('account_id', '=', accountId)).execute();
      return rows.map((row) => ({
        id: row.id, accountId: row.account_id, vendor: row.vendor, name: row.name, fingerprint: row.fingerprint, pem: row.pem,
        expiresAt: row.expires_at, createdAt: row.created_at,
      }));
    },
    insert: async (authority) => {
      await queries.insertInto('device_authorities').values({
        id: authority.id, account_id: authority.accountId, vendor: authority.vendor, name: authority.name, fingerprint: authority.fingerprint, pem: authority.pem,
        expires_at: toDate(authority.expiresAt), created_at: toDate(authority.createdAt),
      }).onConflict((conflict) => conflict.columns(['account_id', 'vendor', 'fingerprint']).doNothing()).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('device_authorities').where('id', '=', id).execute();
    },
  };
}
