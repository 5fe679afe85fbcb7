import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, LicencePackageId } from '../../domain/ids.js';
import type { LicencePackage } from '../../domain/licensing/licence-package.js';
import type { SeatCode } from '../../domain/licensing/plans.js';
import type { LicencePackageStore } from '../../ports/licence-stores.js';
import type { Instant, Json } from './column-types.js';
import { changed, hasChanges, lowerAscii, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';

export interface LicencePackagesTable {
  readonly id: LicencePackageId;
  readonly account_id: AccountId;
  readonly name: string;
  readonly codes: Json<readonly SeatCode[]>;
  readonly created_at: Instant;
}

export function createLicencePackageStore(queries: Queries): LicencePackageStore {
  const rowsOf = (accountId: AccountId) => queries.selectFrom('licence_packages').selectAll().where('account_id', '=', accountId);
  return {
    get: async (accountId, id) => {
      const row = await rowsOf(accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : packageOf(row);
    },
    byName: async (accountId, name) => {
      const row = await rowsOf(accountId).where(sql`lower(name)`, '=', lowerAscii(name)).executeTakeFirst();
      return row === undefined ? null : packageOf(row);
    },
    all: async (accountId) => (await rowsOf(accountId).orderBy('id').execute()).map(packageOf),
    insert: async (bundle) => {
      await queries.insertInto('licence_packages').values({
        id: bundle.id, account_id: bundle.accountId, name: bundle.name, codes: toJson(bundle.codes), created_at: toDate(bundle.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = { name: changes.name, codes: changed(changes.codes, toJson) };
      if (hasChanges(columns)) await queries.updateTable('licence_packages').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('licence_packages').where('id', '=', id).execute();
    },
    holders: async (id) => (await queries.selectFrom('users').select(({ fn }) => fn.countAll<number>().as('count'))
      .where('licence_package_id', '=', id).executeTakeFirstOrThrow()).count,
    holdersOfAll: async (accountId) => new Map((await queries.selectFrom('users').select('licence_package_id')
      .select(({ fn }) => fn.countAll<number>().as('count')).where('account_id', '=', accountId).where('licence_package_id', 'is not', null)
      .groupBy('licence_package_id').execute())
      .flatMap((row): [LicencePackageId, number][] => (row.licence_package_id === null ? [] : [[row.licence_package_id, row.count]]))),
  };
}

function packageOf(row: Selectable<LicencePackagesTable>): LicencePackage {
  return { id: row.id, accountId: row.account_id, name: row.name, codes: row.codes, createdAt: row.created_at };
}
