import { sql, type Selectable } from 'kysely';
import type { CommonAreaId } from '../../domain/ids.js';
import type { ActivationCode } from '../../domain/identity/activation-code.js';
import type { ActivationCodeStore } from '../../ports/phone-stores.js';
import { toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { ActivationCodesTable } from './phone-tables.js';

export function createActivationCodeStore(queries: Queries): ActivationCodeStore {
  const codes = queries.selectFrom('activation_codes');
  return {
    set: async (code) => {
      const { account_id, extension_id, ...columns } = rowOf(code);
      await queries.insertInto('activation_codes').values({ account_id, extension_id, ...columns })
        .onConflict((conflict) => conflict.constraint('activation_codes_pk').doUpdateSet(columns)).execute();
    },
    byHash: async (accountId, hash) => {
      const row = await codes.selectAll().where('account_id', '=', accountId).where('hash', '=', hash).executeTakeFirst();
      return row === undefined ? null : codeOf(row);
    },
    page: async (accountId, page, within) => {
      const matching = codes.where('account_id', '=', accountId).where('common_area_id', 'is not', null)
        .$if(within !== undefined, (query) => query.where(sql<boolean>`exists (select from common_areas c
          where c.id = common_area_id and c.site_id = any(${[...within ?? []]}::text[]))`));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where('common_area_id', '>', page.after as CommonAreaId))
        .orderBy('common_area_id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.common_area_id ?? '', codeOf);
    },
    used: async (extensionId, deviceId, at) => {
      await queries.updateTable('activation_codes').set({ used_at: toDate(at), device_id: deviceId })
        .where('extension_id', '=', extensionId).execute();
    },
  };
}

function rowOf(code: ActivationCode) {
  return {
    extension_id: code.extensionId,
    common_area_id: code.commonAreaId,
    account_id: code.accountId,
    hash: code.hash,
    expires_at: toDate(code.expiresAt),
    created_at: toDate(code.createdAt),
    used_at: toDateOrNull(code.usedAt),
    device_id: code.deviceId,
  };
}

function codeOf(row: Selectable<ActivationCodesTable>): ActivationCode {
  return {
    extensionId: row.extension_id,
    commonAreaId: row.common_area_id,
    accountId: row.account_id,
    hash: row.hash,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    usedAt: row.used_at,
    deviceId: row.device_id,
  };
}
