import t from 'tap';
import { asId, type ApiClientId, type PhoneRoleId, type SiteId, type UserSessionId } from '../../src/domain/ids.js';
import type { ApiClient } from '../../src/ports/access-stores.js';
import type { SignInCode, UserSession } from '../../src/ports/sign-in-stores.js';
import { createRetention } from '../../src/storage/postgres/retention.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, addPhoneUser, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const other = { ...site, id: newId<SiteId>(), name: 'Other', isMain: false, siteCode: null };
  const { ada } = await commit(work, async (within) => {
    await within.sites.insert(other);
    return { ada: await addPhoneUser(within, site, '801', { email: 'ada@example.com' }) };
  });
  const roleId = asId<PhoneRoleId>('phone-site-admin');
  const heldBy = () => stores.roles.heldBy(account.id, ada.user.id);

  t.test('targets of members: none is none, not all; they go with membership and site', async (t) => {
    await stores.roles.addMembers(account.id, roleId, [ada.user.id], AT, false);
    t.same(await heldBy(), [{ roleId, targets: null }]);
    await stores.roles.addTargets(account.id, roleId, [ada.user.id], [other.id, site.id]);
    await stores.roles.addTargets(account.id, roleId, [ada.user.id], [site.id]);
    t.same((await heldBy())[0]?.targets?.toSorted(), [site.id, other.id].toSorted(), 'twice is once');
    t.same((await stores.roles.targets(account.id, roleId, ada.user.id)).map((one) => one.site.name).toSorted(), [site.name, 'Other'].toSorted());
    await stores.roles.removeTargets(account.id, roleId, [ada.user.id], [site.id]);
    await stores.sites.delete(other.id);
    t.same(await heldBy(), [{ roleId, targets: [] }]);
    await stores.roles.removeMembers(account.id, roleId, [ada.user.id]);
    await stores.roles.addMembers(account.id, roleId, [ada.user.id], AT, true);
    t.same(await heldBy(), [{ roleId, targets: [] }], 'a role about targets begins without any');
  });

  t.test('targets of clients, and permissions of roles', async (t) => {
    const client: ApiClient = {
      id: newId<ApiClientId>(), accountId: account.id, name: 'Robot', secretHash: 'h', role: 'r', targets: [site.id], generation: 1, disabled: false,
      createdAt: AT, earlierSecret: null, lastUsedAt: null,
    };
    await stores.apiClients.insert(client);
    t.same(await stores.apiClients.get(client.id), client);
    for (const targets of [[], null, [site.id]]) {
      await stores.apiClients.update(client.id, { targets });
      t.same((await stores.apiClients.get(client.id))?.targets, targets);
    }
    await stores.apiClients.update(client.id, { name: 'Same targets' });
    t.same((await stores.apiClients.get(client.id))?.targets, [site.id]);
    await stores.apiClients.delete(client.id);
    const role = { id: newId<PhoneRoleId>(), accountId: account.id, name: 'Own', description: '', base: 'Phone Read Only', permissions: ['site:read'], createdAt: AT };
    await stores.roles.insert(role);
    t.same(await stores.roles.get(account.id, role.id), role);
    await stores.roles.update(role.id, { permissions: null });
    t.same((await stores.roles.get(account.id, role.id))?.permissions, null);
  });

  t.test('sign-ins: a refresh counts once, whoever is faster', async (t) => {
    const session: UserSession = {
      id: newId<UserSessionId>(), accountId: account.id, userId: ada.user.id, how: 'saml', refreshHash: 'a', earlierRefreshHash: null, address: '192.0.2.1',
      createdAt: AT, expiresAt: AT + 1000,
    };
    await stores.userSessions.insert(session);
    t.same(await stores.userSessions.get(session.id), session);
    const won = await Promise.all(['b', 'c'].map((to) => stores.userSessions.rotate(session.id, 'a', to)));
    t.same(won.toSorted(), [false, true]);
    t.equal((await stores.userSessions.get(session.id))?.earlierRefreshHash, 'a');
    t.same((await stores.userSessions.of(ada.user.id, AT)).map(({ id }) => id), [session.id]);
    t.same(await stores.userSessions.of(ada.user.id, AT + 1000), []);
    await createRetention(db).purgeAccess({ now: AT + 1001, answers: AT });
    t.equal(await stores.userSessions.get(session.id), null, 'ended ones go');
  });

  t.test('codes: each try is counted, and one taker has it', async (t) => {
    const code: SignInCode = { id: newId(), accountId: account.id, userId: ada.user.id, codeHash: 'h', tries: 0, createdAt: AT, expiresAt: AT + 1000 };
    await stores.signInCodes.insert(code);
    t.same(await stores.signInCodes.newest(ada.user.id), code);
    t.equal(await stores.signInCodes.countSince(ada.user.id, AT), 1);
    t.equal(await stores.signInCodes.countSince(ada.user.id, AT + 1), 0);
    const tries = await Promise.all([1, 2, 3].map(() => stores.signInCodes.countTry(code.id)));
    t.same(tries.toSorted(), [1, 2, 3]);
    t.ok(await stores.signInCodes.countTry('none') > 1000);
    const taken = await Promise.all([1, 2].map(() => stores.signInCodes.take(code.id)));
    t.same(taken.toSorted(), [false, true]);
  });
});
