import t from 'tap';
import type { CampaignPhone } from '../../src/domain/device/resync-campaign-phone.js';
import { campaignPhoneStep, skipReason } from '../../src/domain/device/resync-campaign-phone.js';
import { campaignStep, type ResyncCampaign } from '../../src/domain/device/resync-campaign.js';
import { selectionOf } from '../../src/domain/device/resync-scope.js';
import { resyncStep } from '../../src/domain/device/resync-machine.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, aCampaign, accountWithSite, aDevice, aSite, commit } from '../support/sample-account.js';

const ALL = { size: 100, after: null };

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const { resyncCampaigns: store } = stores;
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });

  /** An account with phones: pending unless they were delivered. */
  const office = async (kinds: readonly { readonly type?: string; readonly model?: string; readonly delivered?: boolean; readonly elsewhere?: boolean }[]) => {
    const { account, site } = await accountWithSite(work);
    const other = aSite(account.id, { name: 'Other', isMain: false });
    const devices = kinds.map(({ type = 'Yealink', model = 'T54W', elsewhere = false }) => aDevice(elsewhere ? other : site, [], { type, model }));
    await commit(work, async (s) => {
      await s.sites.insert(other);
      for (const device of devices) await s.devices.insert(device, 'sealed');
      await s.deviceConfigurations.raise(account.id, [{ kind: 'account' }], AT);
      for (const [index, { delivered = false }] of kinds.entries()) if (delivered) await s.deviceConfigurations.delivered(devices[index]?.id ?? account.id as never, 1, AT);
    });
    return { account, site, other, devices };
  };
  const begun = async (campaign: ResyncCampaign) => commit(work, async (s) => {
    await s.resyncCampaigns.insert(campaign);
    await s.resyncCampaigns.addPhones(campaign, selectionOf(campaign.scope));
    return campaign;
  });
  const states = async (campaign: ResyncCampaign) => (await store.phones(campaign.id, null, ALL)).items.map(({ phone }) => [phone.state, phone.reason]);

  t.test('phones of each scope; those to be skipped come last', async (t) => {
    const { account, site, other, devices } = await office([
      {}, { model: 'T57W' }, { type: 'polycom', model: 'VVX 450', elsewhere: true }, { type: 'Softphone', model: 'baresip' }, { delivered: true },
    ]);
    const [first] = devices;
    for (const [rule, scope, waiting, skipped] of [
      ['account', { kind: 'account' }, 3, 2],
      ['phones', { kind: 'devices', deviceIds: [first?.id ?? account.id as never, 'nobody' as never] }, 1, 0],
      ['site', { kind: 'site', siteId: other.id }, 1, 0],
      ['make', { kind: 'family', family: 'yealink', model: '' }, 2, 1],
      ['other word for the make', { kind: 'family', family: 'poly', model: '' }, 1, 0],
      ['model', { kind: 'family', family: 'yealink', model: 't57w' }, 1, 0],
      ['firmware rule', { kind: 'firmware-rule', ruleId: 'r' as never, siteId: site.id, type: 'Yealink', models: ['T54W'] }, 1, 1],
      ['firmware rule of several models', { kind: 'firmware-rule', ruleId: 'r' as never, siteId: null, type: 'yealink', models: ['T57W', 'T54W'] }, 2, 1],
      ['template of nobody', { kind: 'template', templateId: 't' as never }, 0, 0],
    ] as const) {
      const campaign = await begun(aCampaign(account.id, { scope }));
      t.same(await store.left(campaign.id), { waiting, open: 0 }, rule);
      t.equal((await store.phones(campaign.id, 'skipped', ALL)).total, skipped, rule);
      t.same((await states(campaign)).map(([state]) => state), [...Array.from({ length: waiting }, () => 'waiting'), ...Array.from({ length: skipped }, () => 'skipped')], rule);
      t.same((await store.get(account.id, campaign.id)), campaign, 'as it was kept');
      const found = await store.select(account.id, selectionOf(scope));
      const reasons = found.map((phone) => [phone.deviceId, skipReason(phone, { onlyPending: true, inShare: () => true }) ?? 'batch-not-begun']);
      const kept = (await store.phones(campaign.id, null, ALL)).items.map(({ phone }) => [phone.deviceId, phone.reason]);
      t.same(reasons, kept.sort(), `${rule}: what is told before is what is done`);
    }
    const all = await begun(aCampaign(account.id, { onlyPending: false }));
    t.same(await store.left(all.id), { waiting: 4, open: 0 }, 'those that are up to date as well');
  });

  t.test('batches: a wish for each phone, of what it must fetch; who came by itself, or went, is not asked', async (t) => {
    const { account, devices } = await office([{}, {}, {}, {}, {}]);
    const campaign = await begun(aCampaign(account.id));
    const order = await store.waiting(campaign.id);
    t.same([...order].sort(), devices.map(({ id }) => id).sort());
    t.equal(await commit(work, (s) => s.resyncCampaigns.beginBatch(campaign, AT + 10)), 3);
    const due = (await stores.deviceResyncs.due(AT + 10, 1000)).filter(({ accountId }) => accountId === account.id);
    t.same(due.map(({ deviceId }) => deviceId).sort(), order.slice(0, 2).sort());
    t.match(due[0], { byPerson: true, restart: false, campaignId: campaign.id, state: 'pending', nextAt: AT + 10 });
    t.match((await store.phones(campaign.id, 'asked', ALL)).items[0], { phone: { batch: 1, askedAt: AT + 10, wantedGeneration: 1, reason: 'due' }, device: { displayName: 'Desk', type: 'Yealink' } });
    await stores.deviceConfigurations.delivered(order[2] ?? account.id as never, 1, AT + 20);
    await commit(work, (s) => s.devices.delete(order[3] ?? account.id as never));
    t.equal(await commit(work, (s) => s.resyncCampaigns.beginBatch({ ...campaign, batches: 1 }, AT + 30)), 0);
    t.same(await states(campaign), [['asked', 'due'], ['asked', 'due'], ['delivered', 'came-by-itself'], ['skipped', 'removed'], ['asked', 'due']]);
    t.same(await store.counts([campaign.id]), new Map([[campaign.id, new Map([['asked', 3], ['delivered', 1], ['skipped', 1]])]]));
    t.same((await store.phones(campaign.id, null, { size: 2, after: '3' })).items.map(({ phone }) => phone.position), [4, 5]);
  });

  t.test('news: what became of a wish, a fetch, a removal; once each', async (t) => {
    const { account } = await office([{}, {}, {}]);
    const campaign = await begun(aCampaign(account.id, { batchSize: 3 }));
    await commit(work, (s) => s.resyncCampaigns.beginBatch(campaign, AT));
    const [one, two, three] = await store.waiting(campaign.id).then(async () => (await store.phones(campaign.id, null, ALL)).items.map(({ phone }) => phone.deviceId));
    if (one === undefined || two === undefined || three === undefined) throw new Error('three phones');
    const follow = async (): Promise<readonly CampaignPhone[]> => {
      const stepped = (await store.news(campaign.id, 100)).map(({ phone, facts }) => campaignPhoneStep(phone, facts));
      await store.setPhones(stepped);
      return stepped;
    };
    t.equal((await follow()).length, 3, 'each wish is new at first');
    t.same(await follow(), [], 'and then known');
    const wish = await stores.deviceResyncs.get(one);
    if (wish === null) throw new Error('a wish');
    const sent = resyncStep(wish, { kind: 'send' }, AT + 1, 0);
    await stores.deviceResyncs.step(wish, sent);
    await stores.deviceResyncs.step(sent, resyncStep(sent, { kind: 'answered', status: 200, retryAfterMs: null }, AT + 2, 0));
    t.match(await follow(), [{ deviceId: one, state: 'told', reason: 'not-enrolled', toldAt: AT + 2, lastStatus: 200, seenAt: AT + 2 }]);
    t.same(await store.left(campaign.id), { waiting: 0, open: 2 }, 'a phone that reads nothing of ours is not waited for');
    await stores.deviceConfigurations.delivered(two, 1, AT + 3);
    await commit(work, (s) => s.devices.delete(three));
    t.equal((await follow()).length, 2);
    t.same((await states(campaign)).map(([state]) => state).sort(), ['delivered', 'skipped', 'told']);
    t.same(await store.left(campaign.id), { waiting: 0, open: 0 });
  });

  t.test('one node at a time; of two steps one; what ended is not looked at', async (t) => {
    const { account } = await office([{}]);
    const campaign = await begun(aCampaign(account.id, { startedAt: AT - 1_000_000 }));
    const mine = async (at: number) => (await store.claim(at, at + 100, 1000)).filter(({ accountId }) => accountId === account.id);
    const claims = await Promise.all([mine(AT - 999_000), mine(AT - 999_000)]);
    t.equal(claims.flat().length, 1);
    t.same(await mine(AT - 998_950), [], 'while it is another node\'s');
    t.same(await mine(AT - 998_900), [campaign], 'until that is gone');
    const { campaign: after } = campaignStep(campaign, { kind: 'batch-begun', left: 0 }, AT);
    t.equal((await Promise.all([0, 1].map(() => store.settle(campaign, after, AT)))).filter(Boolean).length, 1);
    const { campaign: over } = campaignStep(after, { kind: 'looked', waiting: 0, open: 0 }, AT);
    t.equal(await store.settle(after, over, AT), true);
    t.same(await mine(AT + 1_000_000), []);
    t.match(await store.page(account.id, 'finished', ALL), { total: 1, items: [{ state: 'finished', endedAt: AT }] });
    t.equal(await store.running(account.id), 0);
    t.ok(await store.forget(AT + 1) >= 1);
    t.equal(await store.get(account.id, campaign.id), null);
  });

  t.test('cancelled: what is not on its way is not sent', async (t) => {
    const { account } = await office([{}, {}, {}]);
    const campaign = await begun(aCampaign(account.id));
    await commit(work, (s) => s.resyncCampaigns.beginBatch(campaign, AT));
    const [first] = (await store.phones(campaign.id, 'asked', ALL)).items;
    const wish = first === undefined ? null : await stores.deviceResyncs.get(first.phone.deviceId);
    if (wish === null) throw new Error('a wish');
    await stores.deviceResyncs.step(wish, resyncStep(wish, { kind: 'send' }, AT + 1, 0));
    await commit(work, (s) => s.resyncCampaigns.withdraw(campaign.id, AT + 2));
    t.same((await states(campaign)).map(([state]) => state), ['asked', 'cancelled', 'cancelled']);
    t.same((await stores.deviceResyncs.due(AT + 1_000_000, 1000)).filter(({ accountId }) => accountId === account.id).map(({ state }) => state), ['sent']);
  });

  t.test('what a phone fetched last: one text a file, gone with the phone', async (t) => {
    const { account, devices: [device] } = await office([{}]);
    if (device === undefined) throw new Error('a phone');
    const { deliveredFiles: files } = stores;
    t.equal(await files.etag(device.id, 'device'), null);
    const kept = { deviceId: device.id, file: 'device', etag: '"1"', body: 'label = Ada\n', at: AT };
    await files.keep(account.id, { ...kept, etag: '"0"', body: 'old' });
    await files.keep(account.id, kept);
    await files.keep(account.id, { ...kept, file: 'boot', etag: '"b"' });
    t.equal(await files.etag(device.id, 'device'), '"1"');
    t.same(await files.of([device.id]), new Map([[device.id, [{ ...kept, file: 'boot', etag: '"b"' }, kept]]]));
    await commit(work, (s) => s.devices.delete(device.id));
    t.same(await files.of([device.id]), new Map());
  });
});
