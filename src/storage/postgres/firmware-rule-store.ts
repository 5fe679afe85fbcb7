import type { Selectable } from 'kysely';
import type { AccountId, FirmwareRuleId, SiteId } from '../../domain/ids.js';
import type { FirmwareRule } from '../../domain/device/firmware-rules.js';
import type { FirmwareRuleStore } from '../../ports/phone-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import type { FirmwareRulesTable } from './phone-tables.js';

export function createFirmwareRuleStore(queries: Queries): FirmwareRuleStore {
  const rules = queries.selectFrom('firmware_rules');
  const ofPlace = (accountId: AccountId, siteId: SiteId | null | 'all') => {
    const matching = rules.where('account_id', '=', accountId);
    if (siteId === 'all') return matching;
    return siteId === null ? matching.where('site_id', 'is', null) : matching.where('site_id', '=', siteId);
  };
  return {
    get: async (accountId, id) => {
      const row = await rules.selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : ruleOf(row);
    },
    page: async (accountId, siteId, page) => {
      const matching = ofPlace(accountId, siteId);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as FirmwareRuleId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, ruleOf);
    },
    all: async (accountId) => (await ofPlace(accountId, 'all').selectAll().orderBy('id').execute()).map(ruleOf),
    insert: async (rule) => {
      await queries.insertInto('firmware_rules').values({
        id: rule.id,
        account_id: rule.accountId,
        site_id: rule.siteId,
        device_type: rule.deviceType,
        device_model: rule.deviceModel,
        version: rule.version,
        image_url: rule.imageUrl,
        percent: rule.percent,
        more_models: rule.moreModels,
        from_version: rule.fromVersion,
        to_version: rule.toVersion,
        image_file: rule.imageFile,
        hours: rule.hours,
        weekdays: rule.weekdays,
        created_at: toDate(rule.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = {
        version: changes.version, device_type: changes.deviceType, device_model: changes.deviceModel, image_url: changes.imageUrl, percent: changes.percent,
        more_models: changes.moreModels, from_version: changes.fromVersion, to_version: changes.toVersion, image_file: changes.imageFile, hours: changes.hours,
        weekdays: changes.weekdays,
      };
      if (!hasChanges(columns)) return;
      await queries.updateTable('firmware_rules').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('firmware_rules').where('id', '=', id).execute();
    },
  };
}

function ruleOf(row: Selectable<FirmwareRulesTable>): FirmwareRule {
  return {
    id: row.id,
    accountId: row.account_id,
    siteId: row.site_id,
    deviceType: row.device_type,
    deviceModel: row.device_model,
    version: row.version,
    imageUrl: row.image_url,
    percent: row.percent,
    moreModels: row.more_models,
    fromVersion: row.from_version,
    toVersion: row.to_version,
    imageFile: row.image_file,
    hours: row.hours,
    weekdays: row.weekdays,
    createdAt: row.created_at,
  };
}
