import t from 'tap';
import { sql } from 'kysely';
import type { CommonAreaId, DeviceId, FirmwareRuleId, LineKeyId, ProvisionTemplateId, UserId } from '../../src/domain/ids.js';
import { PROVISIONING_STATES, provisioningState, type DeviceScope } from '../../src/domain/device/configuration-generation.js';
import type { LineKey } from '../../src/domain/device/line-keys.js';
import { isProvisioned } from '../../src/domain/device/phone-models.js';
import type { ProvisionTemplate } from '../../src/domain/device/provision-template.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, aCampaign, accountWithSite, aCommonArea, addPhoneUser, aDevice, anExtension, aSite, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const second = aSite(account.id, { name: 'Second', isMain: false });
  await commit(work, (s) => s.sites.insert(second));
  const generations = async (ids: readonly DeviceId[]) => {
    const found = await stores.deviceConfigurations.of(ids);
    return ids.map((id) => found.get(id)?.generation ?? 0);
  };
  const template = (name: string): ProvisionTemplate =>
    ({ id: newId<ProvisionTemplateId>(), accountId: account.id, name, description: '', content: 'a = 1', families: ['yealink', 'snom'], version: 1, createdAt: AT, updatedAt: AT });

  t.test('each scope raises its own devices, once', async (t) => {
    const [own, bySite] = [template('Own'), template('By site')];
    const people = await commit(work, async (s) => {
      await s.provisionTemplates.insert(own, 'test');
      await s.provisionTemplates.insert(bySite, 'test');
      await s.settings.set(account.id, { scope: 'site', scopeId: second.id, key: 'desk-phone-provision-template', value: bySite.id, locked: false });
      return [await addPhoneUser(s, site, '801'), await addPhoneUser(s, site, '802')] as const;
    });
    const [ada, grace] = people;
    const mine = aDevice(site, [ada.extension.id]);
    const hers = aDevice(site, [grace.extension.id], { model: 'T46S' });
    const away = aDevice(second, []);
    const bound = aDevice(second, [], { provisionTemplateId: own.id });
    const key: LineKey = {
      id: newId<LineKeyId>(), accountId: account.id, extensionId: grace.extension.id, index: 2, type: 'blf', alias: '', targetExtensionId: ada.extension.id,
      speedDialNumber: '', retrievalCode: '', outboundCallerId: '',
    };
    const ids = [mine, hers, away, bound].map(({ id }) => id);
    await commit(work, async (s) => {
      for (const device of [mine, hers, away, bound]) await s.devices.insert(device, 'sealed');
      await s.lineKeys.replace(grace.extension.id, [key]);
    });
    for (const [scope, raised] of [
      [{ kind: 'account' }, [1, 1, 1, 1]],
      [{ kind: 'site', siteId: second.id }, [0, 0, 1, 1]],
      [{ kind: 'device', deviceId: mine.id }, [1, 0, 0, 0]],
      [{ kind: 'extension', extensionId: ada.extension.id }, [1, 1, 0, 0]],
      [{ kind: 'extension', extensionId: grace.extension.id }, [0, 1, 0, 0]],
      [{ kind: 'owner', ownerId: ada.user.id }, [1, 1, 0, 0]],
      [{ kind: 'owner', ownerId: grace.user.id }, [0, 1, 0, 0]],
      [{ kind: 'template', templateId: own.id }, [0, 0, 0, 1]],
      [{ kind: 'template', templateId: bySite.id }, [0, 0, 1, 0]],
      [{ kind: 'model', siteId: null, type: 'yealink', model: 't54w' }, [1, 0, 1, 1]],
      [{ kind: 'model', siteId: site.id, type: 'Yealink', model: 'T54W' }, [1, 0, 0, 0]],
    ] as const satisfies readonly (readonly [DeviceScope, readonly number[]])[]) {
      const before = await generations(ids);
      await commit(work, (s) => s.deviceConfigurations.raise(account.id, [scope, scope], AT));
      const after = await generations(ids);
      t.same(after.map((one, at) => one - (before[at] ?? 0)), raised, JSON.stringify(scope));
    }
    t.equal(await commit(work, (s) => s.deviceConfigurations.raise(account.id, [], AT)), 0);
    t.same(await stores.lineKeys.showing(ada.extension.id), [grace.extension.id]);
    t.same(await stores.lineKeys.of(grace.extension.id), [key]);
    await commit(work, (s) => s.lineKeys.forgetTarget(ada.extension.id));
    t.same(await stores.lineKeys.of(grace.extension.id), []);
  });

  t.test('the state by SQL is the state by the domain, for every phone', async (t) => {
    const phones = await commit(work, async (s) => {
      const made = [];
      for (const [type, requested, delivered] of [['Yealink', 0, 0], ['polycom', 2, 0], ['Snom', 1, 0], ['Cisco', 0, 2], ['Softphone', 2, 2]] as const) {
        const device = aDevice(site, [], { type, model: '' });
        await s.devices.insert(device, 'sealed');
        for (let times = 0; times < 2; times += 1) await s.deviceConfigurations.raise(account.id, [{ kind: 'device', deviceId: device.id }], AT);
        if (requested > 0) await s.deviceConfigurations.requested(device.id, requested, AT);
        if (delivered > 0) await s.deviceConfigurations.delivered(device.id, delivered, AT);
        await s.deviceConfigurations.requested(device.id, -1, AT + 1);
        made.push(device);
      }
      return made;
    });
    const configurations = await stores.deviceConfigurations.of(phones.map(({ id }) => id));
    const seen = new Map<DeviceId, string>();
    for (const state of PROVISIONING_STATES) {
      const page = await stores.devices.page(account.id, { provisioning: state }, { size: 300, after: null });
      for (const { id } of page.items) seen.set(id, state);
    }
    for (const device of phones) {
      const configuration = configurations.get(device.id);
      t.ok(configuration && seen.get(device.id) === provisioningState(configuration, isProvisioned(device)), `${device.type} is ${seen.get(device.id)}`);
    }
    t.same([...new Set(phones.map(({ id }) => seen.get(id)))].sort(), ['current', 'manual', 'pending', 'requested']);
    const types = async (type: string) => (await stores.devices.page(account.id, { type }, { size: 300, after: null })).items.length;
    t.same([await types('softphone'), await types('YEALINK T46S'), await types('t46s'), await types('nothing')], [1, 1, 1, 0]);
  });

  t.test('ten thousand phones are raised, and asked, in one statement each', async (t) => {
    const { account: big, site: place } = await accountWithSite(work);
    await sql`insert into devices (id, account_id, site_id, display_name, mac_address, type, model, user_name, sealed_password, hot_desking, search, created_at)
      select ${`${big.id}-`} || n, ${big.id}, ${place.id}, 'Desk', lpad(to_hex(n), 12, '0'), case when n % 10 = 0 then 'Softphone' else 'Yealink' end, 'T54W', ${`${big.id}-u`} || n,
        'sealed', 'off', 'desk', now() from generate_series(1, 10000) n`.execute(db.queries);
    t.equal(await commit(work, (s) => s.deviceConfigurations.raise(big.id, [{ kind: 'account' }], AT)), 10_000);
    t.equal(await commit(work, (s) => s.deviceConfigurations.raise(big.id, [{ kind: 'account' }], AT)), 10_000);
    const campaign = aCampaign(big.id, { batchSize: 9000 });
    t.equal(await commit(work, async (s) => {
      await s.resyncCampaigns.insert(campaign);
      return s.resyncCampaigns.addPhones(campaign, { kind: 'account' });
    }), 10_000);
    t.same(await stores.resyncCampaigns.left(campaign.id), { waiting: 9000, open: 0 }, 'phones set up by hand are left alone');
    t.equal(await commit(work, (s) => s.resyncCampaigns.beginBatch(campaign, AT)), 0);
    t.equal((await stores.deviceResyncs.due(AT, 20_000)).filter(({ accountId }) => accountId === big.id).length, 9000);
    t.equal((await stores.devices.page(big.id, { provisioning: 'pending' }, { size: 1, after: null })).total, 9000);
  });

  t.test('templates keep every version; rules are one for a model and place; codes are found by hash', async (t) => {
    const kept = template('Lobby');
    await commit(work, async (s) => {
      await s.provisionTemplates.insert(kept, 'client:one');
      await s.provisionTemplates.update({ ...kept, content: 'b = 2', version: 2, updatedAt: AT + 1 }, 'client:two');
      await s.provisionTemplates.update({ ...kept, name: 'Lobbies', content: 'b = 2', version: 2, updatedAt: AT + 2 }, 'client:two');
    });
    t.same((await stores.provisionTemplates.versions(kept.id)).map(({ version, content, createdBy }) => [version, content, createdBy]),
      [[2, 'b = 2', 'client:two'], [1, 'a = 1', 'client:one']]);
    t.match(await stores.provisionTemplates.byName(account.id, 'LOBBIES'), { id: kept.id, content: 'b = 2', families: ['yealink', 'snom'] });
    await t.rejects(commit(work, (s) => s.provisionTemplates.insert(template('lobbies'), 'x')), UniqueViolation);
    const rule = () => ({ id: newId<FirmwareRuleId>(), accountId: account.id, siteId: null, deviceType: 'Yealink', deviceModel: 'T54W', version: '96.86.0.70', imageUrl: 'https://fw.example.com/a.rom', percent: 25, createdAt: AT,
      moreModels: ['T53'], fromVersion: '96.86.0.1', toVersion: '', imageFile: '', hours: '22:00-05:00', weekdays: ['mon', 'fri'] as const });
    const first = rule();
    await commit(work, (s) => s.firmwareRules.insert(first));
    await t.rejects(commit(work, (s) => s.firmwareRules.insert(rule())), UniqueViolation);
    await commit(work, (s) => s.firmwareRules.insert({ ...rule(), siteId: second.id }));
    await commit(work, (s) => s.firmwareRules.insert({ ...rule(), fromVersion: '96.86.0.2' }));
    t.equal((await stores.firmwareRules.all(account.id)).length, 3);
    t.same((await stores.firmwareRules.page(account.id, null, { size: 1, after: null })).items, [first]);
    const area = newId<CommonAreaId>();
    const extension = anExtension(site, '890', { kind: 'common_area', id: area });
    await commit(work, async (s) => {
      await s.commonAreas.insert(aCommonArea(extension, { id: area }));
      await s.extensions.insert(extension);
    });
    const code = { extensionId: extension.id, commonAreaId: area, accountId: account.id, hash: 'first', expiresAt: AT + 5, createdAt: AT, usedAt: null, deviceId: null };
    await commit(work, (s) => s.activationCodes.set(code));
    t.same(await stores.activationCodes.byHash(account.id, 'first'), code);
    await commit(work, (s) => s.activationCodes.set({ ...code, hash: 'second' }));
    t.equal(await stores.activationCodes.byHash(account.id, 'first'), null, 'the newest counts');
    await commit(work, (s) => s.activationCodes.used(extension.id, newId<DeviceId>(), AT + 1));
    t.match(await stores.activationCodes.page(account.id, { size: 9, after: null }), { total: 1, items: [{ hash: 'second', usedAt: AT + 1 }] });
    const person = anExtension(site, '891', { kind: 'user', id: newId<UserId>() });
    await commit(work, (s) => s.extensions.insert(person));
    await commit(work, (s) => s.activationCodes.set({ ...code, extensionId: person.id, commonAreaId: null, hash: 'user' }));
    t.match(await stores.activationCodes.byHash(account.id, 'user'), { extensionId: person.id, commonAreaId: null });
    t.equal((await stores.activationCodes.page(account.id, { size: 9, after: null })).total, 1, 'the list is of common areas');
    await commit(work, (s) => s.commonAreas.delete(area));
    t.equal(await stores.activationCodes.byHash(account.id, 'second'), null);
    await commit(work, (s) => s.extensions.delete(person.id));
    t.equal(await stores.activationCodes.byHash(account.id, 'user'), null, 'a code goes with its extension');
  });
});
