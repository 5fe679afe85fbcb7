import { createHash, randomBytes } from 'node:crypto';
import t from 'tap';
import type { Device } from '../../src/domain/device/device.js';
import type { Directory, DirectoryKeeper } from '../../src/ports/directory.js';
import { createSecretBox } from '../../src/security/secret-box.js';
import { createDirectory } from '../../src/storage/postgres/directory.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { nodeHash } from '../support/node-digest-hash.js';
import { onEveryPostgres } from '../support/postgres.js';
import {
  aCommonArea, aDevice, aSite, accountWithSite, addPhoneUser, anEvent, anExtension, commit, newId,
} from '../support/sample-account.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const secretBox = createSecretBox(randomBytes(32));
  const { log } = postgres;
  const newDirectory = (): Directory & DirectoryKeeper => createDirectory({ db, secretBox, hash: nodeHash, log });
  const silent = createUnitOfWork(db, { onCommitted: async () => undefined });
  const seal = (device: Device, password: string): string => secretBox.seal(password, device.id);

  t.test('an empty database loads, and says so when asked for an account', async (t) => {
    const directory = newDirectory();
    await directory.load();
    t.throws(() => directory.defaultAccount(), /holds no account/);
  });

  t.test('after load every lookup answers from memory', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const { person, area, device } = await commit(silent, async (s) => {
      const person = await addPhoneUser(s, site, '801', {}, { callingPlans: [200], packages: [3000] });
      const areaId = newId<ReturnType<typeof aCommonArea>['id']>();
      const extension = anExtension(site, '850', { kind: 'common_area', id: areaId });
      const area = aCommonArea(extension, { id: areaId, callingPlans: [100] });
      await s.extensions.insert(extension);
      await s.commonAreas.insert(area);
      const device = aDevice(site, [person.extension.id], { digestAlgorithms: ['SHA-256'] });
      await s.devices.insert(device, seal(device, 'pa:ss wörd'));
      return { person, area, device };
    });
    const directory = newDirectory();
    await directory.load();
    t.same(directory.account(account.id), account);
    t.same(directory.accountByDomain(account.sipDomain.toUpperCase()), account);
    t.same(directory.site(site.id), site);
    t.same(directory.sites(account.id), [site]);
    t.same(directory.user(person.user.id), person.user);
    t.same(directory.phoneUser(person.user.id), person.phone);
    t.same(directory.commonArea(area.id), area);
    t.same(directory.extension(person.extension.id), person.extension);
    t.same(directory.extensionsByNumber(account.id, '801'), [person.extension]);
    t.same(directory.extensionsByNumber(account.id, '999'), []);
    t.same(directory.device(device.id), device);
    t.same(directory.deviceByUserName(account.id, device.userName), device);
    t.equal(directory.deviceByUserName(newId(), device.userName), undefined, 'of its account only');
    t.same(directory.devicesOf(person.extension.id), [device]);
    const a1 = `${device.userName}:${account.sipDomain}:pa:ss wörd`;
    t.same(directory.ha1(device.id), { 'MD5': md5(a1), 'SHA-256': sha256(a1) });
    t.ok(directory.defaultAccount());
  });

  t.test('a change is seen when the unit of work answers, indexes included', async (t) => {
    const { account, site } = await accountWithSite(silent);
    const directory = newDirectory();
    await directory.load();
    const work = createUnitOfWork(db, { onCommitted: (events) => directory.apply(events) });
    const branch = aSite(account.id, { name: 'Branch', isMain: false });
    const { user, extension } = await commit(work, async (s) => {
      await s.sites.insert(branch);
      await s.emit(anEvent(account.id, 'site', branch.id, 'created'));
      const person = await addPhoneUser(s, site, '801');
      await s.emit(anEvent(account.id, 'phone_user', person.user.id, 'created'));
      return person;
    });
    t.same(directory.sites(account.id), [site, branch]);
    t.ok(directory.user(user.id) && directory.phoneUser(user.id), 'user and phone user by one event');
    t.same(directory.extensionsByNumber(account.id, '801'), [extension], 'and the extension with them');

    const device = aDevice(site, [extension.id]);
    await commit(work, async (s) => {
      await s.devices.insert(device, seal(device, 'secret'));
      await s.emit(anEvent(account.id, 'device', device.id, 'created'));
    });
    t.same(directory.devicesOf(extension.id), [device]);

    await commit(work, async (s) => {
      await s.extensions.update(extension.id, { number: '900' });
      await s.emit(anEvent(account.id, 'extension', extension.id));
    });
    t.same(directory.extensionsByNumber(account.id, '801'), []);
    t.same(directory.extensionsByNumber(account.id, '900').map((found) => found.id), [extension.id]);

    await commit(work, async (s) => {
      await s.devices.update(device.id, { assignees: [] });
      await s.emit(anEvent(account.id, 'device', device.id));
    });
    t.same(directory.devicesOf(extension.id), []);
    t.same(directory.deviceByUserName(account.id, device.userName)?.assignees, []);

    await commit(work, async (s) => {
      await s.phoneUsers.delete(user.id);
      await s.extensions.delete(extension.id);
      await s.emit(anEvent(account.id, 'phone_user', user.id, 'deleted'));
      await s.devices.delete(device.id);
      await s.emit(anEvent(account.id, 'device', device.id, 'deleted'));
    });
    t.equal(directory.phoneUser(user.id), undefined);
    t.ok(directory.user(user.id), 'the person stays');
    t.equal(directory.extension(extension.id), undefined);
    t.same(directory.extensionsByNumber(account.id, '900'), []);
    t.equal(directory.device(device.id), undefined);
    t.equal(directory.deviceByUserName(account.id, device.userName), undefined);
    t.equal(directory.ha1(device.id), undefined);
  });

  t.test("a new domain gives every device of the account its new H(A1), and the old domain ends", async (t) => {
    const { account, site } = await accountWithSite(silent);
    const device = aDevice(site, []);
    await commit(silent, (s) => s.devices.insert(device, seal(device, 'secret')));
    const directory = newDirectory();
    await directory.load();
    const work = createUnitOfWork(db, { onCommitted: (events) => directory.apply(events) });
    await commit(work, async (s) => {
      await s.accounts.update(account.id, { sipDomain: `new.${account.sipDomain}` });
      await s.emit(anEvent(account.id, 'account', account.id));
    });
    t.equal(directory.ha1(device.id)?.MD5, md5(`${device.userName}:new.${account.sipDomain}:secret`));
    t.equal(directory.accountByDomain(account.sipDomain), undefined);
    t.equal(directory.accountByDomain(`new.${account.sipDomain}`)?.configVersion, 1);
  });

  t.test('a password that does not open is logged without it, and leaves its device without H(A1)', async (t) => {
    const { site } = await accountWithSite(silent);
    const device = aDevice(site, []);
    await commit(silent, (s) => s.devices.insert(device, createSecretBox(randomBytes(32)).seal('secret', device.id)));
    const directory = newDirectory();
    await directory.load();
    t.ok(directory.device(device.id));
    t.equal(directory.ha1(device.id), undefined);
    t.ok(log.lines.some((line) => line.level === 'error' && line.event === 'device-password-unreadable'));
  });
});
