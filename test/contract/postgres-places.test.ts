import t from 'tap';
import type { SettingTemplateId } from '../../src/domain/ids.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { EMPTY_TEMPLATE, type SettingTemplate } from '../../src/domain/settings/setting-template.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, aSite, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const other = aSite(account.id, {
    isMain: false, name: 'Other', siteCode: '8', shortExtensionRanges: [{ from: '200', to: '299' }], callerIdName: 'Other Ltd', sipZoneId: 'z',
    india: { stateCode: 'MH', city: 'Pune', sdcaNpa: '20', entityName: 'Cord' },
  });
  await stores.sites.insert(other);

  const template = (changes: Partial<SettingTemplate> = {}): SettingTemplate => ({
    id: newId<SettingTemplateId>(), accountId: account.id, siteId: null, type: 'user', name: 'Staff', description: '', content: EMPTY_TEMPLATE, sealedPin: null,
    createdAt: AT, ...changes,
  });

  await t.test('a site keeps its fields', async (t) => {
    t.same(await stores.sites.get(account.id, other.id), other);
    await stores.sites.update(other.id, { india: null, shortExtensionRanges: [], callerIdName: '' });
    t.match(await stores.sites.get(account.id, other.id), { india: null, shortExtensionRanges: [], callerIdName: '', sipZoneId: 'z' });
  });

  await t.test('templates: by id, by name without regard to case, by site', async (t) => {
    const all = template();
    const own = template({ siteId: other.id, name: 'Own', content: { settings: { sms: { enable: true } }, areaCode: '212', country: 'US' }, sealedPin: 'x' });
    const area = template({ type: 'common_area' });
    for (const one of [all, own, area]) await stores.settingTemplates.insert(one);
    t.same(await stores.settingTemplates.get(account.id, own.id), own);
    t.same(await stores.settingTemplates.byName(account.id, 'user', 'sTAFF'), all);
    await t.rejects(stores.settingTemplates.insert(template({ name: 'STAFF' })), new UniqueViolation('setting_templates_name_unique'));
    t.same((await stores.settingTemplates.page(account.id, {}, { size: 2, after: null })).items.map(({ id }) => id), [all.id, own.id]);
    t.match(await stores.settingTemplates.page(account.id, { siteId: site.id }, { size: 9, after: null }), { total: 2, next: null });
    t.match(await stores.settingTemplates.page(account.id, { siteId: other.id }, { size: 9, after: null }), { total: 3 });
    await stores.settingTemplates.update(own.id, { name: 'Mine', sealedPin: null });
    t.match(await stores.settingTemplates.get(account.id, own.id), { name: 'Mine', sealedPin: null, content: own.content });
  });

  await t.test('what belongs to a site moves with it, and its lists go', async (t) => {
    await commit(work, (s) => s.siteMembers.move(other.id, site.id));
    t.match(await stores.settingTemplates.page(account.id, { siteId: site.id }, { size: 9, after: null }), { total: 3 });
    t.same((await stores.siteMembers.members(other.id)).extensions, []);
    t.same(await stores.siteMembers.removeLists(other.id), []);
  });
});
