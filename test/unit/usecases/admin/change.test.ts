import t from 'tap';
import { asId, type SiteId } from '../../../../src/domain/ids.js';
import type { Draft } from '../../../../src/usecases/change.js';
import { change } from '../../../../src/usecases/change.js';
import { allOf, done, refused, within } from '../../../../src/usecases/outcome.js';
import { addDevice, normaliseMac } from '../../../../src/usecases/admin/add-device.js';
import { addPhoneUsers } from '../../../../src/usecases/admin/add-phone-users.js';
import { createSite } from '../../../../src/usecases/admin/sites.js';
import { ensureAdminClient } from '../../../../src/usecases/admin/ensure-admin-client.js';
import { ensureDemo } from '../../../../src/usecases/admin/ensure-demo.js';
import { ensureFirstAccount } from '../../../../src/usecases/admin/ensure-first-account.js';
import { startAdminDesk } from '../../../support/admin-desk.js';

t.test('a change is rows, audit and events, or nothing', async (t) => {
  const { deps, actor, account, events } = await startAdminDesk(t);
  const audited = async () => (await deps.stores.audit.page(account.id, 0, deps.clock.now(), { size: 100, after: null })).items;
  const rename = (draft: Draft, name: string) => draft.stores.accounts.update(account.id, { name });
  const note = (draft: Draft, before: object, after: object) => draft.note({
    aggregate: 'account', id: account.id, change: 'updated', action: 'rename', before, after,
  });

  await t.test('refused: nothing stays', async (t) => {
    const [entries, announced] = [(await audited()).length, events.length];
    const outcome = await change(deps, actor, async (draft) => {
      await rename(draft, 'Other');
      note(draft, { name: account.name }, { name: 'Other' });
      return refused('invalid', 'name', 'No.');
    });
    t.match(outcome, { kind: 'refused', problems: [{ field: 'name', text: 'No.' }] });
    t.equal((await deps.stores.accounts.first())?.name, account.name);
    t.equal((await audited()).length, entries);
    t.equal(events.length, announced);
  });

  await t.test('thrown: nothing stays, and the bug goes on up', async (t) => {
    await t.rejects(change(deps, actor, async (draft) => {
      await rename(draft, 'Other');
      throw new Error('bug');
    }), { message: 'bug' });
    t.equal((await deps.stores.accounts.first())?.name, account.name);
  });

  await t.test('done: only what differs is kept, secrets masked', async (t) => {
    await change(deps, actor, async (draft) => {
      await rename(draft, 'New');
      note(draft, { name: account.name, same: 1, clientSecret: 'a', pin: '1' }, { name: 'New', same: 1, clientSecret: 'b', pin: '2' });
      return done(null);
    });
    const [entry] = await audited();
    t.match(entry, { action: 'rename', actor: actor.name, address: actor.address, requestId: actor.requestId });
    t.same(entry?.before, { name: account.name, clientSecret: '***', pin: '***' });
    t.same(entry?.after, { name: 'New', clientSecret: '***', pin: '***' });
    t.match(events.at(-1), { aggregate: 'account', aggregateId: account.id, change: 'updated' });
  });

  await t.test('an update that changes nothing is no change', async (t) => {
    const [entries, announced] = [(await audited()).length, events.length];
    await change(deps, actor, async (draft) => {
      note(draft, { name: 'New' }, { name: 'New' });
      return done(null);
    });
    t.equal((await audited()).length, entries);
    t.equal(events.length, announced);
  });

  await t.test('who loses a race for a unique value runs again, and is refused by name in the end', async (t) => {
    const site = await deps.stores.sites.main(account.id);
    if (!site) throw new Error('no main site');
    let runs = 0;
    const outcome = await change(deps, actor, async (draft) => {
      runs += 1;
      // As a writer does that read before somebody else committed the same name.
      await draft.stores.sites.insert({ ...site, id: asSiteId(draft.newId()), isMain: false });
      return done(null);
    });
    t.match(outcome, { kind: 'refused', why: 'conflict', problems: [{ field: 'name' }] });
    t.equal(runs, 3);
  });
});

t.test('bootstrap', async (t) => {
  const { deps, actor, account } = await startAdminDesk(t);

  await t.test('the first account is made once, with a main site and seats', async (t) => {
    t.equal((await ensureFirstAccount(deps, { sipDomain: 'other.example', country: 'DE' })).id, account.id);
    t.equal((await deps.stores.sites.page(account.id, { size: 10, after: null })).total, 1);
    t.ok((await deps.stores.seats.all(account.id)).every((seat) => seat.subscribed === 100 && seat.assigned === 0));
  });

  await t.test('the first client: made up once, or as settings have it; a new secret ends old tokens', async (t) => {
    const made = await ensureAdminClient(deps, {});
    t.match(made, { created: true, accountId: account.id, clientSecret: /^\w{32}$/ });
    t.match(await ensureAdminClient(deps, {}), { created: false, clientId: made.clientId });
    const wanted = { clientId: 'set-by-me', clientSecret: 'first', accountId: account.id };
    t.same(await ensureAdminClient(deps, wanted), { created: true, accountId: account.id, clientId: 'set-by-me' });
    t.match(await ensureAdminClient(deps, wanted), { created: false });
    const generation = async () => (await deps.stores.apiClients.all(account.id)).find(({ id }) => id === 'set-by-me')?.generation;
    t.equal(await generation(), 1);
    await ensureAdminClient(deps, { ...wanted, clientSecret: 'second' });
    t.equal(await generation(), 2);
    await t.rejects(ensureAdminClient(deps, { accountId: 'nowhere' }), { message: /does not exist/ });
  });

  await t.test('the demo makes way for who is there already', async (t) => {
    t.match(await addPhoneUsers(deps, actor, [{
      email: 'first@example.com', firstName: '', lastName: '', callingPlans: [], siteCode: '', siteName: '', extensionNumber: '1002', deskPhones: [],
    }]), { kind: 'done' });
    const phones = await ensureDemo(deps);
    t.same(phones.map((phone) => phone.extension), ['1001', '1003', '1004', '1010']);
    t.same(await ensureDemo(deps), phones);
    t.equal(new Set(phones.map((phone) => phone.userName)).size, 4);
  });

  await t.test('a device password is sealed for its device alone', async (t) => {
    const outcome = await addDevice(deps, actor, {
      displayName: 'A', macAddress: '02:00:00:00:00:01', type: 'Other', model: '', assignees: [], provisionTemplateId: null,
    });
    if (outcome.kind === 'refused') throw new Error('refused');
    const sealed = await deps.stores.devices.sealedPassword(outcome.value.id) ?? '';
    t.match(deps.secretBox.open(sealed, outcome.value.id), /^\w{28}$/);
    t.throws(() => deps.secretBox.open(sealed, 'other device'));
    t.notMatch(JSON.stringify(outcome.value), /password/i);
  });

  await t.test('a site code is refused when it leads with a zero or is too long with its extensions', async (t) => {
    const address = { addressLine1: 'x', addressLine2: '', city: 'x', stateCode: 'NY', zip: '10001', country: 'US' };
    const site = { autoReceptionistName: 'x', defaultEmergencyAddress: address, shortExtensionLength: 3 };
    for (const [siteCode, length, kind] of [['0', 3, 'refused'], ['01', 3, 'refused'], ['123', 3, 'refused'], ['a', 3, 'refused'], ['12', 5, 'refused'], ['12', 4, 'done'], [null, 5, 'done']] as const) {
      t.equal((await createSite(deps, actor, { ...site, name: `Site ${siteCode}-${length}`, siteCode, shortExtensionLength: length })).kind, kind, `${siteCode} with ${length}`);
    }
  });
});

t.test('MAC addresses in usual notations', async (t) => {
  for (const [text, mac] of [
    ['00:15:65:AA:BB:01', '001565aabb01'], ['00-15-65-aa-bb-01', '001565aabb01'], ['0015.65aa.bb01', '001565aabb01'], ['001565AABB01', '001565aabb01'],
    ['001565aabb0', null], ['001565aabb011', null], ['g01565aabb01', null], ['', null],
  ] as const) t.equal(normaliseMac(text), mac, text);
});

t.test('refusals are renamed and added up', async (t) => {
  const invalid = refused('invalid', 'a', 'A.');
  const conflict = refused('conflict', 'b', 'B.', 'x');
  t.same(within('users[1].', conflict).problems, [{ field: 'users[1].b', text: 'B.', value: 'x' }]);
  t.equal(allOf([conflict, conflict]).why, 'conflict');
  t.same(allOf([conflict, invalid]), { kind: 'refused', why: 'invalid', problems: [...conflict.problems, ...invalid.problems] });
});

function asSiteId(text: string) {
  return asId<SiteId>(text);
}
