import t from 'tap';
import { asId } from '../../src/domain/ids.js';
import type { EventId, UserId } from '../../src/domain/ids.js';
import type { ChangeStores, Stores } from '../../src/ports/admin-stores.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import {
  AT, aDevice, aSite, aUser, accountWithSite, addPhoneUser, anAccount, anExtension, commit, newId,
} from '../support/sample-account.js';

const FIRST = { size: 10, after: null };

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores: Stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const change = <T>(fn: (stores: ChangeStores) => Promise<T>): Promise<T> => commit(work, fn);

  t.test('paging: every row once, in order, total of all, next null on the last page', async (t) => {
    const { account } = await accountWithSite(work);
    const users = Array.from({ length: 7 }, () => aUser(account.id));
    await change(async (s) => {
      for (const user of [...users].reverse()) await s.users.insert(user);
    });
    for (const size of [1, 3, 7, 8]) {
      const seen: UserId[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof stores.users.page>> = await stores.users.page(account.id, {}, { size, after });
        t.equal(page.total, 7);
        t.ok(page.items.length <= size && page.items.length > 0);
        seen.push(...page.items.map((user) => user.id));
        after = page.next;
      } while (after !== null);
      t.same(seen, users.map((user) => user.id), `pages of ${size}`);
    }
    t.same(await stores.users.page(account.id, {}, { size: 5, after: 'zzzz' }), { items: [], next: null, total: 7 }, 'past the end');
  });

  t.test('audit: newest first, both bounds included, pages without gap or repeat', async (t) => {
    const { account } = await accountWithSite(work);
    const entries = [0, 1, 1, 2].map((minute) => ({
      id: newId<EventId>(), accountId: account.id, at: AT + minute * 60_000, actor: 'cli', address: '', requestId: 'r', aggregate: 'site', aggregateId: 's',
      action: 'update', before: null, after: { name: 'nul \0 and half \ud800' },
    } as const));
    await change(async (s) => {
      for (const entry of entries) await s.audit.append(entry);
    });
    const first = await stores.audit.page(account.id, AT, AT + 120_000, { size: 2, after: null });
    t.equal(first.total, 4);
    const rest = await stores.audit.page(account.id, AT, AT + 120_000, { size: 2, after: first.next });
    t.same([...first.items, ...rest.items].map((entry) => entry.id), [...entries].reverse().map((entry) => entry.id));
    t.equal(rest.next, null);
    t.same(first.items[0]?.after, { name: 'nul \ufffd and half \ufffd' }, 'what PostgreSQL cannot hold is replaced, not refused');
    t.equal((await stores.audit.page(account.id, AT + 60_000, AT + 60_000, FIRST)).total, 2);
  });

  t.test('unique rules are told by name', async (t) => {
    const { account, site } = await accountWithSite(work);
    const { user, extension } = await change((s) => addPhoneUser(s, site, '801', { email: 'a@example.com' }));
    const device = aDevice(site, []);
    await change((s) => s.devices.insert(device, 'x'));
    const rows: readonly (readonly [rule: string, break_: (s: ChangeStores) => Promise<unknown>])[] = [
      ['users_email_unique', (s) => s.users.insert(aUser(account.id, { email: 'A@EXAMPLE.com' }))],
      ['accounts_sip_domain_unique', (s) => s.accounts.insert(anAccount({ sipDomain: account.sipDomain.toUpperCase() }))],
      ['sites_name_unique', (s) => s.sites.insert(aSite(account.id, { isMain: false, name: 'MAIN' }))],
      ['sites_main_unique', (s) => s.sites.insert(aSite(account.id, { name: 'Second' }))],
      ['extensions_number_unique', (s) => s.extensions.insert(anExtension(site, '801', { kind: 'user', id: newId() }))],
      ['extensions_owner_unique', (s) => s.extensions.insert(anExtension(site, '802', { kind: 'user', id: user.id }))],
      ['devices_mac_unique', (s) => s.devices.insert(aDevice(site, [], { macAddress: device.macAddress }), 'x')],
      ['devices_user_name_unique', (s) => s.devices.insert(aDevice(site, [], { userName: device.userName }), 'x')],
      ['phone_users_pk', (s) => s.phoneUsers.insert({
        id: user.id, accountId: account.id, siteId: site.id, extensionId: extension.id, status: 'active', callingPlans: [], packages: [],
        internationalCalling: false, areaCode: '', hotDeskAllowed: true, createdAt: AT,
      })],
    ];
    for (const [rule, breakIt] of rows) {
      const error: unknown = await change(breakIt).then(() => null, (thrown: unknown) => thrown);
      t.ok(error instanceof UniqueViolation, rule);
      t.equal(error instanceof UniqueViolation ? error.constraint : '', rule);
    }
    const elsewhere = await accountWithSite(work);
    await change((s) => s.users.insert(aUser(elsewhere.account.id, { email: 'a@example.com' })));
    t.ok(await stores.users.byEmail(elsewhere.account.id, 'a@example.com'), 'unique in its account only');
  });

  t.test('ids of any text are unknown ids, not faults', async (t) => {
    const { account } = await accountWithSite(work);
    for (const id of ['', 'x\0y', '\ud800', "'; drop table users; --", 'a'.repeat(10_000)]) {
      t.equal(await stores.users.get(account.id, asId<UserId>(id)), null);
      t.equal(await stores.users.byEmail(account.id, id), null);
      t.equal((await stores.users.page(account.id, { keyword: `${id}?` }, { size: 1, after: id })).items.length, 0);
    }
  });
});
