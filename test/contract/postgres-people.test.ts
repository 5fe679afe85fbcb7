import t from 'tap';
import type { LicencePackageId } from '../../src/domain/ids.js';
import { NO_DETAILS } from '../../src/domain/identity/user-details.js';
import { NO_RIGHTS, type UserMember } from '../../src/domain/identity/user-member.js';
import type { LicencePackage } from '../../src/domain/licensing/licence-package.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, addPhoneUser, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const { ada, bob } = await commit(work, async (within) => ({
    ada: await addPhoneUser(within, site, '801', { email: 'ada@example.com' }, { callingPlans: [200], packages: [3000, 4010] }),
    bob: await addPhoneUser(within, site, '802', { email: 'bob@example.com' }),
  }));

  t.test('details, licences and add-ons come back as they were written', async (t) => {
    t.match((await stores.phoneUsers.get(account.id, ada.user.id))?.phone, { callingPlans: [200], packages: [3000, 4010] });
    await stores.phoneUsers.update(ada.user.id, { packages: [4010] });
    t.match((await stores.phoneUsers.get(account.id, ada.user.id))?.phone, { callingPlans: [200], packages: [4010] });
    t.equal((await stores.users.get(account.id, ada.user.id))?.details, NO_DETAILS, 'people without details share one object');
    const details = { ...NO_DETAILS, company: 'Ünited', employeeUniqueId: 'E-1', customAttributes: [{ key: 'k', name: 'n', value: 'v' }] };
    await stores.users.update(ada.user.id, { details });
    t.same((await stores.users.byEmployeeId(account.id, 'E-1'))?.details, details);
    t.equal(await stores.users.byEmployeeId(newId(), 'E-1'), null, 'not of another account');
    t.same((await stores.users.page(account.id, { licence: 4010 }, { size: 9, after: null })).items.map(({ id }) => id), [ada.user.id]);
    t.same((await stores.users.page(account.id, { skip: 1 }, { size: 9, after: null })).items.length, 1);
  });

  t.test('packages, and who holds them', async (t) => {
    const bundle: LicencePackage = { id: newId<LicencePackageId>(), accountId: account.id, name: 'Office', codes: [3000, 200, 4010], createdAt: AT };
    await stores.licencePackages.insert(bundle);
    t.same(await stores.licencePackages.get(account.id, bundle.id), bundle);
    t.same(await stores.licencePackages.byName(account.id, 'OFFICE'), bundle);
    await t.rejects(stores.licencePackages.insert({ ...bundle, id: newId<LicencePackageId>(), name: 'office' }), UniqueViolation);
    await stores.users.update(ada.user.id, { licencePackageId: bundle.id });
    t.equal(await stores.licencePackages.holders(bundle.id), 1);
    t.same([...await stores.licencePackages.holdersOfAll(account.id)], [[bundle.id, 1]]);
    await t.rejects(stores.licencePackages.delete(bundle.id), 'one that somebody holds stays');
    await stores.users.update(ada.user.id, { licencePackageId: null });
    await stores.licencePackages.update(bundle.id, { codes: [100] });
    t.match(await stores.licencePackages.all(account.id), [{ name: 'Office', codes: [100] }]);
    await stores.licencePackages.delete(bundle.id);
    t.same(await stores.licencePackages.all(account.id), []);
  });

  t.test('lists of a person go with the person and with whom they name', async (t) => {
    const entry = (kind: UserMember['kind']): UserMember => (
      { id: newId(), accountId: account.id, userId: ada.user.id, kind, memberId: bob.extension.id, rights: { ...NO_RIGHTS, download: true }, createdAt: AT });
    const [assistant, voicemail] = [entry('delegation'), entry('voice_mail')];
    for (const one of [assistant, voicemail]) await stores.userMembers.insert(one);
    t.same(await stores.userMembers.of(account.id, ada.user.id), [assistant, voicemail]);
    await t.rejects(stores.userMembers.insert(entry('voice_mail')), UniqueViolation);
    await stores.userMembers.setRights(voicemail.id, { ...NO_RIGHTS, share: true });
    await stores.userMembers.delete({ id: assistant.id });
    t.match(await stores.userMembers.of(account.id, ada.user.id), [{ kind: 'voice_mail', rights: { share: true, download: false } }]);
    await commit(work, async (within) => {
      await within.phoneUsers.delete(bob.user.id);
      await within.extensions.delete(bob.extension.id);
    });
    t.same(await stores.userMembers.of(account.id, ada.user.id), []);
  });
});
