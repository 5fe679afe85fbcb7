import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { SettingTemplateId } from '../../domain/ids.js';
import type { SettingTemplate } from '../../domain/settings/setting-template.js';
import type { SettingTemplateStore } from '../../ports/place-stores.js';
import { changed, hasChanges, lowerAscii, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { SettingTemplatesTable } from './place-tables.js';

export function createSettingTemplateStore(queries: Queries): SettingTemplateStore {
  const templates = queries.selectFrom('setting_templates');
  return {
    get: async (accountId, id) => {
      const row = await templates.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : templateOf(row);
    },
    byName: async (accountId, type, name) => {
      const row = await templates.selectAll().where('account_id', '=', accountId).where('type', '=', type)
        .where(sql`lower(name)`, '=', lowerAscii(name)).executeTakeFirst();
      return row === undefined ? null : templateOf(row);
    },
    page: async (accountId, { siteId }, page) => {
      const matching = templates.where('account_id', '=', accountId)
        .$if(siteId !== undefined, (query) => query.where(({ or, eb }) => or([eb('site_id', 'is', null), eb('site_id', '=', siteId ?? null)])));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll().$if(page.after !== null, (query) => query.where('id', '>', page.after as SettingTemplateId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, templateOf);
    },
    insert: async (template) => {
      await queries.insertInto('setting_templates').values({
        id: template.id, account_id: template.accountId, site_id: template.siteId, type: template.type, name: template.name,
        description: template.description, content: toJson(template.content), sealed_pin: template.sealedPin, created_at: toDate(template.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        name: changes.name, description: changes.description, content: changed(changes.content, toJson), sealed_pin: changes.sealedPin,
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('setting_templates').set(columns).where('id', '=', id).execute();
    },
  };
}

function templateOf(row: Selectable<SettingTemplatesTable>): SettingTemplate {
  return {
    id: row.id, accountId: row.account_id, siteId: row.site_id, type: row.type, name: row.name, description: row.description,
    content: row.content, sealedPin: row.sealed_pin, createdAt: row.created_at,
  };
}
