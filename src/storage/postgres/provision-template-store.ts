import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ProvisionTemplateId } from '../../domain/ids.js';
import { PHONE_FAMILY_NAMES } from '../../domain/device/phone-families.js';
import type { ProvisionTemplate } from '../../domain/device/provision-template.js';
import type { ProvisionTemplateStore, ProvisionTemplateView } from '../../ports/phone-stores.js';
import { lowerAscii, toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { ProvisionTemplatesTable } from './phone-tables.js';

export function createProvisionTemplateStore(queries: Queries): ProvisionTemplateStore {
  const templates = queries.selectFrom('provision_templates');
  const withBound = templates.selectAll().select(sql<number>`(select count(*) from devices d
    where d.provision_template_id = provision_templates.id and d.account_id = provision_templates.account_id)`.as('bound'));
  const keepVersion = async (template: ProvisionTemplate, by: string): Promise<void> => {
    await queries.insertInto('provision_template_versions').values({
      account_id: template.accountId, template_id: template.id, version: template.version, content: template.content,
      created_at: toDate(template.updatedAt), created_by: by,
    }).onConflict((conflict) => conflict.doNothing()).execute();
  };
  return {
    get: async (accountId, id) => {
      const row = await withBound.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : viewOf(row);
    },
    byName: async (accountId, name) => {
      const row = await templates.selectAll().where('account_id', '=', accountId)
        .where(sql<boolean>`lower(name) = ${lowerAscii(name)}`).executeTakeFirst();
      return row === undefined ? null : templateOf(row);
    },
    page: async (accountId, page) => {
      const matching = templates.where('account_id', '=', accountId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await withBound.where('account_id', '=', accountId)
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as ProvisionTemplateId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, viewOf);
    },
    insert: async (template, by) => {
      await queries.insertInto('provision_templates').values({
        id: template.id,
        account_id: template.accountId,
        name: template.name,
        description: template.description,
        content: template.content,
        families: template.families,
        version: template.version,
        created_at: toDate(template.createdAt),
        updated_at: toDate(template.updatedAt),
      }).execute();
      await keepVersion(template, by);
    },
    update: async (template, by) => {
      await queries.updateTable('provision_templates').set({
        name: template.name, description: template.description, content: template.content, version: template.version,
        families: template.families,
        updated_at: toDate(template.updatedAt),
      }).where('id', '=', template.id).execute();
      await keepVersion(template, by);
    },
    delete: async (id) => {
      await queries.deleteFrom('provision_templates').where('id', '=', id).execute();
    },
    versions: async (id) => {
      const rows = await queries.selectFrom('provision_template_versions').selectAll().where('template_id', '=', id)
        .orderBy('version', 'desc').execute();
      return rows.map((row) => ({ version: row.version, content: row.content, createdAt: row.created_at, createdBy: row.created_by }));
    },
    places: async (accountId, id) => {
      const rows = await queries.selectFrom('settings').select(['scope', 'scope_id']).where('account_id', '=', accountId)
        .where('key', '=', 'desk-phone-provision-template').where(sql<boolean>`value #>> '{}' = ${id}`)
        .orderBy('scope').orderBy('scope_id').execute();
      return rows.map((row) => `${row.scope}:${row.scope_id}`);
    },
  };
}

function viewOf(row: Selectable<ProvisionTemplatesTable> & { readonly bound: number }): ProvisionTemplateView {
  return { template: templateOf(row), boundDevices: row.bound };
}

function templateOf(row: Selectable<ProvisionTemplatesTable>): ProvisionTemplate {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    description: row.description,
    content: row.content,
    families: PHONE_FAMILY_NAMES.filter((name) => row.families.includes(name)),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
