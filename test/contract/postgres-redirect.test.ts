import t from 'tap';
import type { DeviceId } from '../../src/domain/ids.js';
import { wantedListing } from '../../src/domain/provisioning/redirect-machine.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { accountWithSite, commit, newId } from '../support/sample-account.js';

const AT = Date.UTC(2026, 2, 2, 9);

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account } = await accountWithSite(work);
  const service = { accountId: account.id, vendor: 'yealink' as const, accessKeyId: 'key', active: true, updatedAt: AT };
  const listing = (macAddress: string, at = AT) => wantedListing({ accountId: account.id, macAddress, vendor: 'yealink', deviceId: newId<DeviceId>() }, at);
  const { redirectListings, redirectServices } = stores;

  await t.test('one access for each maker, with its secret beside it', async (t) => {
    await commit(work, (s) => s.redirectServices.set(service, 'sealed'));
    await commit(work, (s) => s.redirectServices.set({ ...service, accessKeyId: 'other' }, 'sealed again'));
    t.same(await redirectServices.all(account.id), [{ ...service, accessKeyId: 'other' }]);
    t.equal(await redirectServices.sealedSecret(account.id, 'yealink'), 'sealed again');
  });

  await t.test('what is due is claimed once, while its service is active', async (t) => {
    const [one, two] = [listing('000000000001'), listing('000000000002', AT + 50)];
    await commit(work, async (s) => {
      await s.redirectListings.put(one);
      await s.redirectListings.put(two);
      await s.redirectServices.set({ ...service, active: false }, 'sealed');
    });
    t.same(await redirectListings.claimDue(AT, { limit: 9, until: AT + 10 }), []);
    await commit(work, (s) => s.redirectServices.set(service, 'sealed'));
    const claims = await Promise.all([1, 2].map(() => redirectListings.claimDue(AT, { limit: 9, until: AT + 10 })));
    t.same(claims.flat(), [{ ...one, attempts: 1, nextAt: AT + 10 }]);
    t.same(await redirectListings.claimDue(AT + 10, { limit: 9, until: AT + 20 }), [{ ...one, attempts: 2, nextAt: AT + 20 }], 'a node that died leaves its claim');
  });

  await t.test('a wish of meanwhile is not overwritten by what became of the one before', async (t) => {
    const [claimed] = await redirectListings.claimDue(AT + 20, { limit: 1, until: AT + 30 });
    if (claimed === undefined) return t.fail('nothing was due');
    await commit(work, (s) => s.redirectListings.leave(account.id, claimed.macAddress, AT + 21));
    await redirectListings.settle(claimed, { ...claimed, state: 'listed', nextAt: null });
    t.match(await redirectListings.of(account.id, claimed.macAddress), { state: 'leaving', attempts: 0, nextAt: AT + 21 });
    const [leaving] = await redirectListings.claimDue(AT + 21, { limit: 1, until: AT + 30 });
    if (leaving === undefined) return t.fail('nothing was due');
    await redirectListings.settle(leaving, null);
    t.equal(await redirectListings.of(account.id, claimed.macAddress), null);
  });

  await t.test('new credentials revive what failed for want of them', async (t) => {
    const [key, gone, owned] = (['credentials', 'unreachable', 'owned-elsewhere'] as const)
      .map((reason, at) => ({ ...listing(`00000000001${at}`), state: 'failed' as const, nextAt: null, reason }));
    for (const one of [key, gone, owned]) if (one !== undefined) await commit(work, (s) => s.redirectListings.put(one));
    await commit(work, (s) => s.redirectListings.revive(account.id, 'yealink', AT + 100));
    const states = async () => Promise.all(['0', '1', '2'].map(async (last) => (await redirectListings.of(account.id, `00000000001${last}`))?.state ?? null));
    t.same(await states(), ['wanted', 'wanted', 'failed']);
    await commit(work, (s) => s.redirectListings.forget(account.id, 'yealink'));
    t.same(await states(), [null, null, null]);
  });
});
