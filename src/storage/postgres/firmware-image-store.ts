import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { FirmwareImage } from '../../domain/device/firmware-image.js';
import type { FirmwareImageId } from '../../domain/ids.js';
import type { FirmwareImageStore } from '../../ports/firmware-stores.js';
import { instant, lowerAscii, toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { FirmwareImagesTable } from './provisioning-tables.js';

export function createFirmwareImageStore(queries: Queries): FirmwareImageStore {
  const images = queries.selectFrom('firmware_images').where('complete', '=', true);
  return {
    page: async (accountId, vendor, page) => {
      const matching = images.where('account_id', '=', accountId).$if(vendor !== null, (query) => query.where('vendor', '=', vendor ?? 'Other'));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '>', page.after as FirmwareImageId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, ({ id }) => id, imageOf);
    },
    get: async (accountId, vendor, version, fileName) => {
      const row = await images.selectAll().where('account_id', '=', accountId).where('vendor', '=', vendor).where('version', '=', version)
        .where(sql<boolean>`lower(file_name) = ${lowerAscii(fileName)}`).executeTakeFirst();
      return row === undefined ? null : imageOf(row);
    },
    begin: async (image) => {
      await queries.insertInto('firmware_images').values({
        id: image.id, account_id: image.accountId, vendor: image.vendor, version: image.version, file_name: image.fileName, bytes: 0, sha256: '', complete: false,
        uploaded_at: toDate(image.uploadedAt), uploaded_by: image.uploadedBy,
      }).execute();
    },
    append: async ({ id, accountId }, number, data) => {
      await queries.insertInto('firmware_image_chunks').values({ account_id: accountId, image_id: id, number, data: Buffer.from(data) }).execute();
    },
    finish: async (image) => {
      await queries.deleteFrom('firmware_images').where('account_id', '=', image.accountId).where('vendor', '=', image.vendor).where('version', '=', image.version)
        .where(sql<boolean>`lower(file_name) = ${lowerAscii(image.fileName)}`).where('complete', '=', true).execute();
      await queries.updateTable('firmware_images').set({ bytes: image.bytes, sha256: image.sha256, complete: true, uploaded_at: toDate(image.uploadedAt) })
        .where('id', '=', image.id).execute();
    },
    chunk: async (id, number) => {
      const row = await queries.selectFrom('firmware_image_chunks').select('data').where('image_id', '=', id).where('number', '=', number).executeTakeFirst();
      return row?.data ?? null;
    },
    delete: async (id) => {
      await queries.deleteFrom('firmware_images').where('id', '=', id).execute();
    },
    forgetUnfinished: async (before) => {
      const { numAffectedRows } = await sql`delete from firmware_images where not complete and uploaded_at < ${instant(before)}`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

function imageOf(row: Selectable<FirmwareImagesTable>): FirmwareImage {
  return {
    id: row.id, accountId: row.account_id, vendor: row.vendor, version: row.version, fileName: row.file_name, bytes: row.bytes, sha256: row.sha256,
    uploadedAt: row.uploaded_at, uploadedBy: row.uploaded_by,
  };
}
