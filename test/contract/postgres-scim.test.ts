import t from 'tap';
import type { ApiClientId, EntitlementWishId, PhoneRoleId, ScimGroupId, ScimTokenId, UserId } from '../../src/domain/ids.js';
import type { KeptWish } from '../../src/domain/entitlements/kept-wish.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { accountWithSite, addPhoneUser, anEvent, AT, aUser, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const { scimPeople, scimGroups, scimTokens, entitlementWishes, groupMappings, grantableRoles, apiClients } = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const [ada, bob] = [aUser(account.id, { email: 'Ada@example.com' }), aUser(account.id, { email: 'bob@example.com' })];
  const cleo = await commit(work, async (s) => {
    await s.users.insert(ada);
    await s.users.insert(bob);
    return addPhoneUser(s, site, '801', { email: 'cleo@example.com' }, { callingPlans: [200], packages: [3000] });
  });
  const names = (people: readonly { readonly user: { readonly email: string } }[]) => people.map(({ user }) => user.email);

  await t.test('people are found by the name they go by, whatever its case', async (t) => {
    t.same(names(await scimPeople.find(account.id, { userName: 'ADA@EXAMPLE.COM' })), ['Ada@example.com'], 'the address, before anybody named them');
    const profile = { userName: 'Ada.L', externalId: 'x-1', attributes: { nickName: 'A', name: { middleName: 'K.' } }, updatedAt: AT };
    await commit(work, (s) => s.scimPeople.setProfile(account.id, ada.id, profile));
    t.same(await scimPeople.find(account.id, { userName: 'ada@example.com' }), []);
    t.match(await scimPeople.find(account.id, { userName: 'ada.l' }), [{ user: ada, profile, phone: null, packageName: null, roleId: null, groups: [] }]);
    t.same(names(await scimPeople.find(account.id, { externalId: 'x-1' })), ['Ada@example.com']);
    t.same(names(await scimPeople.find(account.id, { email: 'ADA@example.com' })), ['Ada@example.com']);
    await t.rejects(commit(work, (s) => s.scimPeople.setProfile(account.id, bob.id, { ...profile, userName: 'ADA.l' })), /scim_profiles_name_unique/);
    t.same(await scimPeople.get(newId(), ada.id), null, 'of another account');
  });

  await t.test('a page of people with phones in one statement', async (t) => {
    t.equal(await scimPeople.count(account.id), 3);
    t.same(names(await scimPeople.list(account.id, { limit: 2, skip: 1 })), ['bob@example.com', 'cleo@example.com']);
    const [last] = await scimPeople.list(account.id, { limit: 9, after: bob.id });
    t.match(last, { user: { id: cleo.user.id }, profile: null, phone: { extensionNumber: '801', siteName: site.name, callingPlans: [200], packages: [3000], phoneNumbers: [], status: 'active' } });
  });

  await t.test('groups and members', async (t) => {
    const group = { id: newId<ScimGroupId>(), displayName: 'Sales', externalId: 'g-1', createdAt: AT, updatedAt: AT };
    await commit(work, async (s) => {
      await s.scimGroups.insert(account.id, group);
      await s.scimGroups.addMembers(account.id, group.id, [ada.id, bob.id]);
      await s.scimGroups.addMembers(account.id, group.id, [ada.id]);
      await s.scimGroups.removeMembers(group.id, [bob.id, newId<UserId>()]);
    });
    for (const key of [{ id: group.id }, { displayName: 'SALES' }, { externalId: 'g-1' }]) t.same(await scimGroups.find(account.id, key), [group]);
    t.same(await scimGroups.members([group.id]), new Map([[group.id, [{ userId: ada.id, name: 'Ada Lovelace' }]]]));
    t.same(await scimGroups.knownUsers(account.id, [ada.id, newId<UserId>()]), new Set([ada.id]));
    t.match(await scimPeople.get(account.id, ada.id), { groups: [{ id: group.id, displayName: 'Sales' }] });
    await commit(work, (s) => s.scimGroups.update(group.id, { displayName: 'Desk', updatedAt: AT + 1 }));
    t.same(await scimGroups.all(account.id), [{ ...group, displayName: 'Desk', updatedAt: AT + 1 }]);
    await commit(work, (s) => s.scimGroups.delete(group.id));
    t.same(await scimGroups.memberIds(group.id), []);
  });

  await t.test('wishes: due once the account has changed, or when they were left', async (t) => {
    const wish = (changes: Partial<KeptWish>): KeptWish => ({
      id: newId<EntitlementWishId>(), userId: ada.id, attribute: 'phoneNumbers', wish: { kind: 'number', number: '+1' }, source: 'scim', state: 'open', askedBy: 'client:x',
      requestId: 'r', askedAt: AT, reason: 'No.', tries: 1, triedAt: AT, triedVersion: 0, settledAt: null, ...changes,
    });
    const [open, unknown, pending] = [
      wish({}), wish({ attribute: 'unknown', wish: { kind: 'unknown', name: 'a', value: 'b' }, triedAt: null, triedVersion: null }),
      wish({ state: 'pending', userId: bob.id, tries: 0, triedAt: null, triedVersion: null, askedAt: AT + 50 }),
    ];
    await commit(work, async (s) => {
      for (const one of [open, unknown, pending]) await s.entitlementWishes.insert(account.id, one);
    });
    t.same(await entitlementWishes.due(9, AT), []);
    t.same(await entitlementWishes.due(9, AT + 51), [{ accountId: account.id, userId: bob.id }]);
    await commit(work, (s) => s.emit(anEvent(account.id, 'phone_number', 'n')));
    t.same(await entitlementWishes.due(9, AT), [{ accountId: account.id, userId: ada.id }]);
    t.same(await entitlementWishes.of(ada.id, ['open']), [open, unknown]);
    t.match(await entitlementWishes.page(account.id, { states: ['open'], attribute: 'phoneNumbers' }, { size: 5, after: null }), { total: 1, items: [open], next: null });
    t.match(await entitlementWishes.page(account.id, {}, { size: 1, after: pending.id }), { total: 3, items: [unknown], next: unknown.id });
    await commit(work, (s) => s.entitlementWishes.update(open.id, { state: 'resolved', settledAt: AT + 9, reason: '' }));
    await commit(work, (s) => s.entitlementWishes.purge(AT + 9));
    t.match(await entitlementWishes.get(account.id, open.id), { state: 'resolved', settledAt: AT + 9 });
    await commit(work, (s) => s.entitlementWishes.purge(AT + 10));
    t.equal(await entitlementWishes.get(account.id, open.id), null);
    await commit(work, (s) => s.users.delete(bob.id));
    t.equal(await entitlementWishes.get(account.id, pending.id), null, 'wishes go with the person');
  });

  await t.test('mappings, grantable roles and tokens', async (t) => {
    const mapping = { id: newId<never>(), groupName: 'Sales', entitlements: { callingPlans: ['200'] }, createdAt: AT };
    await commit(work, (s) => s.groupMappings.insert(account.id, mapping));
    await t.rejects(commit(work, (s) => s.groupMappings.insert(account.id, { ...mapping, id: newId<never>(), groupName: 'SALES' })), /group_mappings_name_unique/);
    t.same(await groupMappings.all(account.id), [mapping]);
    await commit(work, (s) => s.grantableRoles.set(account.id, [newId<PhoneRoleId>(), newId<PhoneRoleId>()]));
    const [role] = [newId<PhoneRoleId>()];
    await commit(work, (s) => s.grantableRoles.set(account.id, [role]));
    t.same(await grantableRoles.all(account.id), new Set([role]));
    const client = { id: newId<ApiClientId>(), accountId: account.id, name: 'IdP', secretHash: 'h', role: 'r', generation: 1, disabled: false, createdAt: AT, targets: null };
    const token = { id: newId<ScimTokenId>(), accountId: account.id, clientId: client.id, name: 'Entra', tokenHash: 'hash', generation: 1, createdAt: AT, expiresAt: null, lastUsedAt: null };
    await commit(work, async (s) => {
      await s.apiClients.insert(client);
      await s.scimTokens.insert(token);
    });
    await scimTokens.used(token.id, AT + 5);
    t.same(await scimTokens.byHash('hash'), { ...token, lastUsedAt: AT + 5 });
    await apiClients.delete(client.id);
    t.same(await scimTokens.of(client.id), [], 'tokens go with their client');
  });
});
