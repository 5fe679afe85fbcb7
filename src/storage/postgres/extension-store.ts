import type { Insertable, Selectable } from 'kysely';
import { asId } from '../../domain/ids.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { ExtensionStore } from '../../ports/admin-stores.js';
import { hasChanges } from './columns.js';
import type { Queries } from './database.js';
import type { ExtensionsTable } from './tables.js';

export function createExtensionStore(queries: Queries): ExtensionStore {
  const extensions = queries.selectFrom('extensions');
  return {
    get: async (accountId, id) => {
      const row = await extensions.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : extensionOf(row);
    },
    byNumber: async (accountId, number) => {
      const rows = await extensions.selectAll().where('account_id', '=', accountId).where('number', '=', number)
        .orderBy('id').execute();
      return rows.map(extensionOf);
    },
    numbers: async (accountId, siteId) => {
      let used = extensions.select('number').where('account_id', '=', accountId);
      if (siteId !== null) used = used.where('site_id', '=', siteId);
      return (await used.orderBy('number').execute()).map((row) => row.number);
    },
    insert: async (extension) => {
      await queries.insertInto('extensions').values(extensionRow(extension)).execute();
    },
    update: async (id, changes) => {
      const columns = { number: changes.number, site_id: changes.siteId };
      if (!hasChanges(columns)) return;
      await queries.updateTable('extensions').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('extensions').where('id', '=', id).execute();
    },
  };
}

export function extensionOf(row: Selectable<ExtensionsTable>): Extension {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    number: row.number,
    owner: row.owner_kind === 'user' ? { kind: 'user', id: asId(row.owner_id) } : { kind: 'common_area', id: asId(row.owner_id) },
  };
}

/** The row that adds one. */
export function extensionRow(extension: Extension): Insertable<ExtensionsTable> {
  return {
    id: extension.id,
    account_id: extension.accountId,
    site_id: extension.siteId,
    number: extension.number,
    owner_kind: extension.owner.kind,
    owner_id: extension.owner.id,
  };
}
