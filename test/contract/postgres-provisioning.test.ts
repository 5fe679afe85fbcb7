import t from 'tap';
import type { DeviceAuthorityId, FirmwareImageId } from '../../src/domain/ids.js';
import { CLAIM_MS, type ProvisioningFetch, type ProvisioningToken } from '../../src/domain/provisioning/provisioning-access.js';
import { UniqueViolation } from '../../src/ports/admin-stores.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, aDevice, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const withDevice = async () => {
    const device = aDevice(site, []);
    await commit(work, (s) => s.devices.insert(device, 'sealed'));
    return device;
  };
  const token = (deviceId: ProvisioningToken['deviceId'], more: Partial<ProvisioningToken> = {}): ProvisioningToken => ({
    hash: newId(), accountId: account.id, deviceId, kind: 'steady', rotation: 1, createdAt: AT, expiresAt: null, claimedBy: null, firstUsedAt: null, credentialsAt: null, ...more,
  });

  t.test('tokens are found by hash, once each, and go with their device', async (t) => {
    const device = await withDevice();
    const [steady, enrol] = [token(device.id), token(device.id, { kind: 'enrol', rotation: 0, expiresAt: AT + 1000 })];
    await commit(work, async (s) => {
      await s.provisioningTokens.insert(steady);
      await s.provisioningTokens.insert(enrol);
    });
    t.same(await stores.provisioningTokens.byHash(steady.hash), steady);
    t.same(await stores.provisioningTokens.of(device.id), [enrol, steady]);
    t.equal(await stores.provisioningTokens.byHash('nobody'), null);
    for (const [name, one] of [['hash', steady], ['a second window', token(device.id, { kind: 'enrol', rotation: 0, expiresAt: AT })], ['rotation', token(device.id)]] as const) {
      await t.rejects(commit(work, (s) => s.provisioningTokens.insert(one)), UniqueViolation, name);
    }
    await commit(work, (s) => s.provisioningTokens.endEnrol(device.id));
    t.same(await stores.provisioningTokens.of(device.id), [steady]);
    await commit(work, (s) => s.devices.delete(device.id));
    t.equal(await stores.provisioningTokens.byHash(steady.hash), null);
  });

  t.test('phones are enrolled once they came back under an address of their own', async (t) => {
    const [back, opened, never] = [await withDevice(), await withDevice(), await withDevice()];
    await commit(work, async (s) => {
      await s.provisioningTokens.insert(token(back.id));
      await s.provisioningTokens.insert(token(back.id, { rotation: 2, firstUsedAt: AT }));
      await s.provisioningTokens.insert(token(opened.id));
      await s.provisioningTokens.insert(token(opened.id, { kind: 'enrol', rotation: 0, expiresAt: AT + 10 * CLAIM_MS, firstUsedAt: AT }));
    });
    t.same(await stores.provisioningTokens.enrolled([back.id, opened.id, never.id]), new Set([back.id]));
    t.same(await stores.provisioningTokens.enrolled([opened.id]), new Set());
    t.same(await stores.provisioningTokens.enrolled([]), new Set());
  });

  t.test('an enrol token is the first address\'s own, and its window closes soon', async (t) => {
    const device = await withDevice();
    const enrol = token(device.id, { kind: 'enrol', rotation: 0, expiresAt: AT + 10 * CLAIM_MS });
    await commit(work, (s) => s.provisioningTokens.insert(enrol));
    t.equal(await stores.provisioningTokens.claim(enrol.hash, '192.0.2.1', AT, AT + CLAIM_MS), true);
    t.equal(await stores.provisioningTokens.claim(enrol.hash, '192.0.2.2', AT, AT + CLAIM_MS), false);
    t.equal(await stores.provisioningTokens.claim(enrol.hash, '192.0.2.1', AT + 5, AT + 2 * CLAIM_MS), true);
    t.same(await stores.provisioningTokens.byHash(enrol.hash), { ...enrol, claimedBy: '192.0.2.1', firstUsedAt: AT, expiresAt: AT + CLAIM_MS });
  });

  t.test('older steady tokens end, never later than before', async (t) => {
    const device = await withDevice();
    const [first, second, third] = [token(device.id), token(device.id, { rotation: 2 }), token(device.id, { rotation: 3 })];
    await commit(work, async (s) => {
      for (const one of [first, second, third]) await s.provisioningTokens.insert(one);
      await s.provisioningTokens.retire(device.id, 2, AT + 100);
      await s.provisioningTokens.retire(device.id, 3, AT + 500);
    });
    t.same((await stores.provisioningTokens.of(device.id)).map(({ expiresAt }) => expiresAt), [AT + 100, AT + 500, null]);
    await stores.provisioningTokens.used(third.hash, AT + 7);
    await stores.provisioningTokens.used(third.hash, AT + 9);
    t.equal((await stores.provisioningTokens.byHash(third.hash))?.firstUsedAt, AT + 7);
    t.equal(await stores.provisioningTokens.forget(AT + 101), 1);
    t.equal(await stores.provisioningTokens.byHash(first.hash), null);
  });

  t.test('fetches are listed newest first and forgotten by age', async (t) => {
    const device = await withDevice();
    const made = [0, 1, 2].map((n): ProvisioningFetch => ({
      id: newId(), accountId: account.id, deviceId: device.id, at: AT + n * 1000, address: '192.0.2.1', method: 'GET', fileName: `${n}.cfg`, token: 'steady',
      outcome: 'served', status: 200, bytes: 10_000 + n, whole: true, userAgent: 'Yealink SIP-T54W 96.86.0.70', model: 'T54W', firmware: '96.86.0.70',
    }));
    for (const one of made) await stores.provisioningFetches.add(one);
    const newest = [...made].reverse();
    t.same(await stores.provisioningFetches.last(device.id), newest[0]);
    const page = await stores.provisioningFetches.page(account.id, device.id, { size: 2, after: null });
    t.same([page.items, page.total], [newest.slice(0, 2), 3]);
    t.same((await stores.provisioningFetches.page(account.id, device.id, { size: 2, after: page.next })).items, newest.slice(2));
    t.equal(await stores.provisioningFetches.forget(AT + 1000), 1);
    t.equal((await stores.provisioningFetches.page(account.id, device.id, { size: 2, after: null })).total, 2);
  });

  t.test('images are seen when they are whole, and take the place of one of their name', async (t) => {
    const { firmwareImages } = stores;
    const made = (name: string) => ({ id: newId<FirmwareImageId>(), accountId: account.id, vendor: 'Yealink', version: '96.86.0.70', fileName: name, uploadedAt: AT, uploadedBy: 'client:one' } as const);
    const [first, second, left] = [made('T54W.rom'), made('t54w.ROM'), made('T53.rom')];
    for (const one of [first, second, left]) await firmwareImages.begin(one);
    await firmwareImages.append(first, 0, new Uint8Array([1, 2, 255]));
    await firmwareImages.append(second, 0, new Uint8Array([3]));
    t.same((await firmwareImages.page(account.id, null, { size: 9, after: null })).items, [], 'none is whole');
    const whole = { ...first, bytes: 3, sha256: 'a'.repeat(64) };
    await commit(work, (s) => s.firmwareImages.finish(whole));
    t.same(await firmwareImages.get(account.id, 'Yealink', '96.86.0.70', 'T54W.ROM'), whole);
    t.same(Buffer.from(await firmwareImages.chunk(first.id, 0) ?? []), Buffer.from([1, 2, 255]));
    t.equal(await firmwareImages.chunk(first.id, 1), null);
    await commit(work, (s) => s.firmwareImages.finish({ ...second, bytes: 1, sha256: 'b'.repeat(64) }));
    t.match(await firmwareImages.page(account.id, 'Yealink', { size: 9, after: null }), { total: 1, items: [{ id: second.id, bytes: 1 }] });
    t.equal(await firmwareImages.chunk(first.id, 0), null, 'its pieces went with it');
    t.equal((await firmwareImages.page(account.id, 'Poly', { size: 9, after: null })).total, 0);
    t.equal(await firmwareImages.forgetUnfinished(AT), 0);
    t.equal(await firmwareImages.forgetUnfinished(AT + 1), 1);
    await firmwareImages.delete(second.id);
    t.equal(await firmwareImages.get(account.id, 'Yealink', '96.86.0.70', 'T54W.rom'), null);
  });

  t.test('allowed hosts, and authorities of certificates', async (t) => {
    const host = { accountId: account.id, host: 'fw.example.com', note: 'first', createdAt: AT };
    await stores.allowedHosts.put(host);
    await stores.allowedHosts.put({ ...host, note: 'second', createdAt: AT + 5 });
    t.same(await stores.allowedHosts.all(account.id), [{ ...host, note: 'second' }]);
    await stores.allowedHosts.delete(account.id, 'fw.example.com');
    t.same(await stores.allowedHosts.all(account.id), []);
    const authority = { id: newId<DeviceAuthorityId>(), accountId: account.id, vendor: 'Poly', name: 'CN=Root', fingerprint: 'AA:BB', pem: 'pem', expiresAt: AT, createdAt: AT } as const;
    await stores.deviceAuthorities.insert(authority);
    await stores.deviceAuthorities.insert({ ...authority, id: newId<DeviceAuthorityId>() });
    t.same(await stores.deviceAuthorities.all(account.id), [authority]);
    t.ok((await stores.deviceAuthorities.all(null)).some(({ id }) => id === authority.id));
    await stores.deviceAuthorities.delete(authority.id);
    t.same(await stores.deviceAuthorities.all(account.id), []);
  });

  t.test('since when a phone has its credentials, and what it was told of firmware', async (t) => {
    const device = await withDevice();
    const steady = token(device.id);
    await commit(work, (s) => s.provisioningTokens.insert(steady));
    await stores.provisioningTokens.credentials(device.id, 1, AT);
    await stores.provisioningTokens.credentials(device.id, 1, AT + 5);
    await stores.provisioningTokens.credentials(device.id, 2, AT);
    t.equal((await stores.provisioningTokens.byHash(steady.hash))?.credentialsAt, AT);
    await stores.provisioningTokens.credentials(device.id, 1, null);
    t.equal((await stores.provisioningTokens.byHash(steady.hash))?.credentialsAt, null);
    await commit(work, (s) => s.deviceConfigurations.raise(account.id, [{ kind: 'device', deviceId: device.id }], AT));
    await stores.deviceConfigurations.toldFirmware(device.id, '1.2 Yealink/x.rom');
    t.equal((await stores.deviceConfigurations.of([device.id])).get(device.id)?.firmwareTold, '1.2 Yealink/x.rom');
  });
});
