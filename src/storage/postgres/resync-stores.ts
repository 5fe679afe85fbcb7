import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { DeliveredFile, DeliveredFileStore, ResyncStores } from '../../ports/resync-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import { createResyncCampaignPhoneStore } from './resync-campaign-phone-store.js';
import { createResyncCampaignStore } from './resync-campaign-store.js';
import type { DeliveredFilesTable } from './resync-tables.js';

/** Campaigns of re-syncs, and what phones fetched last. */
export function createResyncStores(queries: Queries): ResyncStores {
  return {
    resyncCampaigns: { ...createResyncCampaignStore(queries), ...createResyncCampaignPhoneStore(queries) },
    deliveredFiles: createDeliveredFileStore(queries),
  };
}

function createDeliveredFileStore(queries: Queries): DeliveredFileStore {
  return {
    etag: async (deviceId, file) => {
      const row = await queries.selectFrom('delivered_files').select('etag').where('device_id', '=', deviceId).where('file', '=', file).executeTakeFirst();
      return row?.etag ?? null;
    },
    keep: async (accountId, { deviceId, file, etag, body, at }) => {
      const columns = { etag, body, at: toDate(at) };
      await queries.insertInto('delivered_files').values({ device_id: deviceId, account_id: accountId, file, ...columns })
        .onConflict((conflict) => conflict.constraint('delivered_files_pk').doUpdateSet(columns)).execute();
    },
    of: async (deviceIds) => {
      const found = new Map<DeliveredFile['deviceId'], DeliveredFile[]>();
      if (deviceIds.length === 0) return found;
      const rows = await queries.selectFrom('delivered_files').selectAll().where(sql<boolean>`device_id = any(${deviceIds}::text[])`).orderBy('file').execute();
      for (const row of rows) found.set(row.device_id, [...found.get(row.device_id) ?? [], fileOf(row)]);
      return found;
    },
  };
}

function fileOf(row: Selectable<DeliveredFilesTable>): DeliveredFile {
  return { deviceId: row.device_id, file: row.file, etag: row.etag, body: row.body, at: row.at };
}
