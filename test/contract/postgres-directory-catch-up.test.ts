import { randomBytes } from 'node:crypto';
import t from 'tap';
import type { ConfigEvent } from '../../src/domain/events.js';
import type { Directory, DirectoryKeeper } from '../../src/ports/directory.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import { createRetention } from '../../src/storage/postgres/retention.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { nodeHash } from '../support/node-digest-hash.js';
import { onEveryPostgres } from '../support/postgres.js';
import {
  aSite, accountWithSite, addPhoneUser, anAccount, anEvent, anExtension, commit, newId,
} from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const secretBox = createSecretBox(randomBytes(32));
  const { log } = postgres;
  const newDirectory = (): Directory & DirectoryKeeper => createDirectory({ db, secretBox, hash: nodeHash, log });
  const silent = createUnitOfWork(db, { onCommitted: async () => undefined });
  const loads = (): number => log.lines.filter((line) => line.event === 'directory-loaded').length;

  t.test("other nodes' changes are caught up from the outbox, also when own later ones came first", async (t) => {
    const { account, site } = await accountWithSite(silent);
    const here = newDirectory();
    const there = newDirectory();
    await Promise.all([here.load(), there.load()]);
    const workHere = createUnitOfWork(db, { onCommitted: (events) => here.apply(events) });
    const workThere = createUnitOfWork(db, { onCommitted: (events) => there.apply(events) });
    const rename = (work: typeof workHere, name: string, number: string) => commit(work, async (s) => {
      await s.sites.update(site.id, { name });
      await s.emit(anEvent(account.id, 'site', site.id));
      const person = await addPhoneUser(s, site, number);
      await s.emit(anEvent(account.id, 'phone_user', person.user.id, 'created'));
    });
    await rename(workThere, 'one', '801');
    await rename(workHere, 'two', '802');
    t.same(here.extensionsByNumber(account.id, '801'), [], 'not heard of yet');
    const before = loads();
    await here.catchUp();
    await there.catchUp();
    t.equal(loads(), before, 'without loading all');
    for (const directory of [here, there]) {
      t.equal(directory.site(site.id)?.name, 'two');
      t.equal(directory.extensionsByNumber(account.id, '801').length, 1);
      t.equal(directory.extensionsByNumber(account.id, '802').length, 1);
    }
  });

  t.test('what the outbox no longer holds, and an account not known, are found too', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const directory = newDirectory();
    await directory.load();
    const unheard = createUnitOfWork(db, { onCommitted: async () => undefined });
    await commit(unheard, async (s) => {
      await s.sites.update(site.id, { name: 'changed' });
      await s.emit(anEvent(account.id, 'site', site.id));
    });
    await createRetention(db).purge({ outbox: Date.now() + 60_000, callEvents: 0 });
    const before = loads();
    await directory.catchUp();
    t.equal(loads(), before + 1, 'loaded anew');
    t.equal(directory.site(site.id)?.name, 'changed');
    await directory.catchUp();
    t.equal(loads(), before + 1, 'once');

    const other = anAccount();
    const otherSite = aSite(other.id);
    await commit(unheard, async (s) => {
      await s.accounts.insert(other);
      await s.sites.insert(otherSite);
      await s.emit(anEvent(other.id, 'account', other.id, 'created'));
      await s.emit(anEvent(other.id, 'site', otherSite.id, 'created'));
    });
    await directory.catchUp();
    t.equal(directory.accountByDomain(other.sipDomain)?.id, other.id);
    t.same(directory.sites(other.id), [otherSite]);
  });

  t.test('more rows than one chunk are loaded whole', async (t) => {
    const { account, site } = await accountWithSite(silent);
    await commit(silent, async (s) => {
      for (let index = 0; index < 1203; index += 1) {
        await s.extensions.insert(anExtension(site, String(10_000 + index), { kind: 'user', id: newId() }));
      }
    });
    const directory = newDirectory();
    await directory.load();
    const missing = Array.from({ length: 1203 }, (_, index) => String(10_000 + index))
      .filter((number) => directory.extensionsByNumber(account.id, number).length !== 1);
    t.same(missing, []);
  });

  t.test('while PostgreSQL is away the directory goes on with what it knows', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const away = await postgres.open(t);
    const directory = createDirectory({ db: away, secretBox, hash: nodeHash, log });
    await directory.load();
    await away.close();
    const event: ConfigEvent = { ...anEvent(account.id, 'site', site.id), version: 1 };
    await t.rejects(directory.apply([event]));
    await t.rejects(directory.catchUp());
    t.same(directory.site(site.id), site);
    t.same(directory.sites(account.id), [site]);
  });
});
