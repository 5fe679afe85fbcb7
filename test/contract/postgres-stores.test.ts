import t from 'tap';
import type { ApiClientId, BlockedNumberId, SiteId } from '../../src/domain/ids.js';
import type { ChangeStores, Stores } from '../../src/ports/admin-stores.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import {
  AT, aCommonArea, aDevice, aSite, aUser, accountWithSite, addPhoneUser, anAccount, anExtension, commit, newId,
} from '../support/sample-account.js';

const FIRST = { size: 10, after: null };

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores: Stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const change = <T>(fn: (stores: ChangeStores) => Promise<T>): Promise<T> => commit(work, fn);

  t.test('accounts: what goes in comes out, and changes one field at a time', async (t) => {
    const account = anAccount();
    await change((s) => s.accounts.insert(account));
    t.same(await stores.accounts.get(account.id), account);
    t.ok(await stores.accounts.first(), 'a first account');
    await change((s) => s.accounts.update(account.id, { name: 'Renamed', policy: { ...account.policy, ringSeconds: 20 } }));
    t.same(await stores.accounts.get(account.id), { ...account, name: 'Renamed', policy: { ...account.policy, ringSeconds: 20 } });
    await change((s) => s.accounts.update(account.id, {}));
    t.equal(await stores.accounts.get(newId()), null, 'unknown');
  });

  t.test('sites: by id, by name without case, the main one, usage', async (t) => {
    const { account, site } = await accountWithSite(work);
    const branch = aSite(account.id, {
      name: 'Zürich Branch', isMain: false, siteCode: '12', timeZone: 'Europe/Zurich', country: 'CH',
      defaultEmergencyAddress: { addressLine1: 'a', addressLine2: '', city: 'b', stateCode: '', zip: '1', country: 'CH' },
    });
    await change((s) => s.sites.insert(branch));
    t.same(await stores.sites.get(account.id, branch.id), branch);
    t.same(await stores.sites.byName(account.id, 'ZüRICH bRANCH'), branch);
    t.same(await stores.sites.main(account.id), site);
    t.same(await stores.sites.all(account.id), [site, branch]);
    t.equal(await stores.sites.get(newId(), branch.id), null, 'not of another account');
    t.equal(await stores.sites.usage(branch.id), 0);
    await change(async (s) => {
      const { extension } = await addPhoneUser(s, branch, '801');
      await s.devices.insert(aDevice(branch, [extension.id]), 'sealed');
      const area = anExtension(branch, '850', { kind: 'common_area', id: newId() });
      await s.extensions.insert(area);
      await s.commonAreas.insert(aCommonArea(area));
    });
    t.equal(await stores.sites.usage(branch.id), 3, 'a user, a device, a common area');
    await change((s) => s.sites.update(branch.id, { defaultEmergencyAddress: null, siteCode: null }));
    t.match(await stores.sites.get(account.id, branch.id), { defaultEmergencyAddress: null, siteCode: null, timeZone: 'Europe/Zurich' });
  });

  t.test('users: e-mail without case, keyword in names and e-mail, wildcards taken literally', async (t) => {
    const { account } = await accountWithSite(work);
    const umlaut = aUser(account.id, { email: 'Oelker@Example.com', firstName: 'Änne', lastName: 'ÖLKER' });
    const percent = aUser(account.id, { firstName: '100%', lastName: 'Sure_', status: 'inactive' });
    await change(async (s) => {
      await s.users.insert(umlaut);
      await s.users.insert(percent);
      await s.users.insert(aUser(account.id));
    });
    t.same(await stores.users.get(account.id, umlaut.id), umlaut);
    t.same(await stores.users.byEmail(account.id, 'oELKER@example.COM'), umlaut);
    const found = async (keyword: string) => (await stores.users.page(account.id, { keyword }, FIRST)).items.map((user) => user.id);
    for (const [keyword, expected] of [
      ['änne ölker', [umlaut.id]], ['oelker@', [umlaut.id]], ['0%', [percent.id]], ['e_', [percent.id]], ['\\', []], ['nobody', []],
    ] as const) t.same(await found(keyword), expected, keyword);
    await change((s) => s.users.update(umlaut.id, { lastName: 'Neu' }));
    t.same(await found('änne neu'), [umlaut.id], 'the search follows a change');
    t.same(await found('ölker'), []);
    t.same((await stores.users.page(account.id, { status: 'inactive' }, FIRST)).items, [percent]);
    await change((s) => s.users.delete(percent.id));
    t.equal(await stores.users.get(account.id, percent.id), null);
  });

  t.test('phone users: whole views, filters, plans replaced as a set', async (t) => {
    const { account, site } = await accountWithSite(work);
    const branch = aSite(account.id, { name: 'Branch', isMain: false });
    const { one, two } = await change(async (s) => {
      await s.sites.insert(branch);
      const one = await addPhoneUser(s, site, '801', { firstName: 'Grace', costCenter: '7' }, { callingPlans: [200, 100], packages: [3000] });
      const two = await addPhoneUser(s, branch, '8021', { department: 'Sales' }, { status: 'deactivated', areaCode: '212' });
      return { one, two };
    });
    t.same(await stores.phoneUsers.get(account.id, one.user.id), { user: one.user, phone: one.phone, extension: one.extension, site });
    t.equal(await stores.phoneUsers.get(newId(), one.user.id), null, 'not of another account');
    for (const [filter, expected] of [
      [{}, [one, two]], [{ siteId: branch.id }, [two]], [{ callingPlan: 200 }, [one]], [{ callingPlan: 101 }, []], [{ status: 'deactivated' }, [two]],
      [{ department: 'Sales' }, [two]], [{ costCenter: '7' }, [one]], [{ keyword: 'grace' }, [one]], [{ keyword: '802' }, [two]], [{ keyword: '8' }, [one, two]],
      [{ keyword: '%' }, []], [{ siteId: branch.id, status: 'active' }, []],
    ] as const) {
      const page = await stores.phoneUsers.page(account.id, filter, FIRST);
      t.same(page.items.map((view) => view.user.id), expected.map((person) => person.user.id), JSON.stringify(filter));
      t.equal(page.total, expected.length);
    }
    await change((s) => s.phoneUsers.update(one.user.id, { callingPlans: [101], internationalCalling: true }));
    t.match((await stores.phoneUsers.get(account.id, one.user.id))?.phone, { callingPlans: [101], packages: [3000], internationalCalling: true });
    await change((s) => s.phoneUsers.update(one.user.id, { callingPlans: [], packages: [] }));
    t.match((await stores.phoneUsers.get(account.id, one.user.id))?.phone, { callingPlans: [], packages: [] });
    await change(async (s) => {
      await s.phoneUsers.delete(one.user.id);
      await s.extensions.delete(one.extension.id);
    });
    t.equal(await stores.phoneUsers.get(account.id, one.user.id), null);
    t.ok(await stores.users.get(account.id, one.user.id), 'the person stays');
  });

  t.test('common areas', async (t) => {
    const { account, site } = await accountWithSite(work);
    const id = newId<ReturnType<typeof aCommonArea>['id']>();
    const extension = anExtension(site, '850', { kind: 'common_area', id });
    const area = aCommonArea(extension, { id, callingPlans: [100], packages: [1], country: 'CA', timeZone: 'UTC' });
    await change(async (s) => {
      await s.commonAreas.insert(area);
      await s.extensions.insert(extension);
    });
    t.same(await stores.commonAreas.get(account.id, id), { commonArea: area, extension, site });
    t.same((await stores.commonAreas.page(account.id, FIRST)).items, [{ commonArea: area, extension, site }]);
    await change((s) => s.commonAreas.update(id, { displayName: 'Hall', callingPlans: [], country: null }));
    t.match((await stores.commonAreas.get(account.id, id))?.commonArea, { displayName: 'Hall', callingPlans: [], packages: [1], country: null });
    await change(async (s) => {
      await s.commonAreas.delete(id);
      await s.extensions.delete(extension.id);
    });
    t.same((await stores.commonAreas.page(account.id, FIRST)).total, 0);
  });

  t.test('extensions: by number over all sites, numbers of one site or all', async (t) => {
    const { account, site } = await accountWithSite(work);
    const branch = aSite(account.id, { name: 'Branch', isMain: false, siteCode: '2' });
    const [here, there] = await change(async (s) => {
      await s.sites.insert(branch);
      return [(await addPhoneUser(s, site, '801')).extension, (await addPhoneUser(s, branch, '801')).extension];
    });
    t.same(await stores.extensions.byNumber(account.id, '801'), [here, there]);
    t.same(await stores.extensions.get(account.id, there.id), there);
    await change((s) => s.extensions.update(there.id, { number: '0900' }));
    t.same(await stores.extensions.numbers(account.id, null), ['0900', '801']);
    t.same(await stores.extensions.numbers(account.id, site.id), ['801']);
    await change((s) => s.extensions.update(there.id, { siteId: site.id }));
    t.same(await stores.extensions.numbers(account.id, branch.id), []);
  });

  t.test('devices: sealed password apart, ordered assignees replaced, filters', async (t) => {
    const { account, site } = await accountWithSite(work);
    const { owner, second } = await change(async (s) => ({ owner: await addPhoneUser(s, site, '801'), second: await addPhoneUser(s, site, '802') }));
    const device = aDevice(site, [second.extension.id, owner.extension.id], { digestAlgorithms: ['SHA-256', 'MD5'], displayName: 'Corner Office' });
    const bare = aDevice(site, []);
    await change(async (s) => {
      await s.devices.insert(device, 'sealed-1');
      await s.devices.insert(bare, 'sealed-2');
    });
    t.same(await stores.devices.get(account.id, device.id), device, 'assignees in their order');
    t.same(await stores.devices.byMac(account.id, device.macAddress), device);
    t.equal(await stores.devices.sealedPassword(device.id), 'sealed-1');
    t.equal(await stores.devices.sealedPassword(newId()), null);
    for (const [filter, expected] of [
      [{}, [device, bare]], [{ assigned: true }, [device]], [{ assigned: false }, [bare]], [{ assigneeKind: 'user' }, [device]], [{ assigneeKind: 'common_area' }, []],
      [{ keyword: 'CORNER' }, [device]], [{ keyword: bare.macAddress }, [bare]], [{ keyword: 'yealink t54' }, [device, bare]],
      [{ extensionId: owner.extension.id }, [device]], [{ siteId: site.id }, [device, bare]], [{ siteId: newId<SiteId>() }, []],
    ] as const) {
      const page = await stores.devices.page(account.id, filter, FIRST);
      t.same(page.items, expected, JSON.stringify(filter));
      t.equal(page.total, expected.length);
    }
    await change((s) => s.devices.update(device.id, { assignees: [owner.extension.id], hotDesking: 'on', digestAlgorithms: null }));
    t.same(await stores.devices.get(account.id, device.id), { ...device, assignees: [owner.extension.id], hotDesking: 'on', digestAlgorithms: null });
    await change((s) => s.devices.delete(device.id));
    t.equal(await stores.devices.get(account.id, device.id), null);
    t.equal((await stores.devices.page(account.id, {}, { size: 1, after: null })).total, 1);
  });

  t.test('seats: subscribed and assigned, counted over users and common areas', async (t) => {
    const { account, site } = await accountWithSite(work);
    await change(async (s) => {
      await addPhoneUser(s, site, '801', {}, { callingPlans: [200] });
      const area = anExtension(site, '850', { kind: 'common_area', id: newId() });
      await s.extensions.insert(area);
      await s.commonAreas.insert(aCommonArea(area, { callingPlans: [200], packages: [1] }));
      await s.seats.setSubscribed(account.id, 200, 5);
      await s.seats.setSubscribed(account.id, 3000, 2);
      await s.seats.setSubscribed(account.id, 200, 6);
    });
    t.same(await stores.seats.all(account.id), [
      { code: 1, subscribed: 0, assigned: 1 }, { code: 200, subscribed: 6, assigned: 2 }, { code: 3000, subscribed: 2, assigned: 0 },
    ]);
    t.same(await change((s) => s.seats.forUpdate(account.id, 200)), { code: 200, subscribed: 6, assigned: 2 });
    t.same(await change((s) => s.seats.forUpdate(account.id, 101)), { code: 101, subscribed: 0, assigned: 0 }, 'a code nobody subscribed to');
  });

  t.test('API clients', async (t) => {
    const { account } = await accountWithSite(work);
    const client = { id: newId<ApiClientId>(), accountId: account.id, name: 'CI', secretHash: 'h', role: 'admin', targets: null, generation: 1, disabled: false, createdAt: AT, earlierSecret: null, lastUsedAt: null } as const;
    await change((s) => s.apiClients.insert(client));
    t.same(await stores.apiClients.get(client.id), client);
    await change((s) => s.apiClients.update(client.id, { generation: 2, disabled: true }));
    t.same(await stores.apiClients.all(account.id), [{ ...client, generation: 2, disabled: true }]);
    t.equal(await stores.apiClients.get(newId()), null);
  });

  t.test('blocked numbers', async (t) => {
    const { account } = await accountWithSite(work);
    const entry = {
      id: newId<BlockedNumberId>(), accountId: account.id, scope: 'account', scopeId: account.id, direction: 'outbound', number: '+1900', match: 'prefix',
      type: 'block', country: null, comment: 'Premium', status: 'active', createdAt: AT,
    } as const;
    await change((s) => s.blockedNumbers.insert(entry));
    t.same(await stores.blockedNumbers.get(account.id, entry.id), entry);
    await change((s) => s.blockedNumbers.update({ ...entry, status: 'inactive' }));
    t.same((await stores.blockedNumbers.page(account.id, entry, {}, FIRST)).items, [{ ...entry, status: 'inactive' }]);
    await change((s) => s.blockedNumbers.delete(entry.id));
    t.equal((await stores.blockedNumbers.page(account.id, entry, {}, FIRST)).total, 0);
  });
});
