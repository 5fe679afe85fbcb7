import t from 'tap';
import type { HotDeskSessionId, WebhookId } from '../../src/domain/ids.js';
import type { Webhook, WebhookDelivery } from '../../src/domain/webhooks/webhook.js';
import { createRetention } from '../../src/storage/postgres/retention.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { aSession, aSessionEvent } from '../support/hot-desk-samples.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, commit, newId } from '../support/sample-account.js';

const MINUTE = 60_000;
const FAILED = { state: 'failed', nextAt: AT, lastStatus: 500, lastError: 'no' } as const;
const DELIVERED = { state: 'delivered', nextAt: AT, lastStatus: 200, lastError: '' } as const;

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const others = createStores(await postgres.open(t));
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account } = await accountWithSite(work);
  const { webhookDeliveries: deliveries } = stores;
  const limits = { all: 100, each: 100, without: [], until: AT + MINUTE };
  let sequence = 0;

  const webhook = async (changes: Partial<Webhook> = {}): Promise<Webhook> => {
    const made: Webhook = {
      id: newId<WebhookId>(), accountId: account.id, url: 'https://example.com/', events: ['hot_desk.signed_in', 'hot_desk.signed_out'], active: true, verifiedAt: null,
      createdAt: AT, ...changes,
    };
    await stores.webhooks.insert(made, 'sealed');
    return made;
  };
  const waiting = async (webhookId: WebhookId, sessionId: HotDeskSessionId, changes: Partial<WebhookDelivery> = {}): Promise<WebhookDelivery> => {
    const delivery: WebhookDelivery = {
      id: newId<HotDeskSessionId>(), accountId: account.id, webhookId, eventId: newId(), type: 'hot_desk.signed_in', sessionId, sequence: sequence += 1, body: '{"ü":"\\u0000"}',
      state: 'pending', attempts: 0, nextAt: AT, lastStatus: null, lastError: '', createdAt: AT, deliveredAt: null, ...changes,
    };
    await deliveries.insert(delivery);
    return delivery;
  };
  const idsOf = (claimed: readonly { readonly delivery: WebhookDelivery }[]): readonly string[] => claimed.map(({ delivery }) => delivery.id);

  t.test('webhooks are kept as they are, and asked for by event', async (t) => {
    const [all, out] = [await webhook(), await webhook({ events: ['hot_desk.signed_out'] })];
    const off = await webhook({ active: false });
    t.same(await stores.webhooks.get(account.id, all.id), all);
    t.equal(await stores.webhooks.get(newId(), all.id), null, 'not for another account');
    t.same((await stores.webhooks.wanting(account.id, 'hot_desk.signed_in')).map(({ id }) => id), [all.id]);
    t.same((await stores.webhooks.wanting(account.id, 'hot_desk.signed_out')).map(({ id }) => id), [all.id, out.id]);
    await stores.webhooks.update(all.id, { verifiedAt: AT, events: ['hot_desk.draining'] }, 'new seal');
    t.match(await stores.webhooks.get(account.id, all.id), { verifiedAt: AT, events: ['hot_desk.draining'], active: true });
    t.equal(await stores.webhooks.sealedSecret(all.id), 'new seal');
    t.equal(await stores.webhooks.count(account.id), 3);
    for (const { id } of [all, out, off]) await stores.webhooks.delete(id);
    t.equal(await stores.webhooks.count(account.id), 0);
  });

  t.test('a session in order, sessions and webhooks beside each other', async (t) => {
    const [one, two] = [await webhook(), await webhook()];
    const [a, b] = [newId<HotDeskSessionId>(), newId<HotDeskSessionId>()];
    const first = await waiting(one.id, a);
    const second = await waiting(one.id, a);
    const beside = await waiting(one.id, b);
    const elsewhere = await waiting(two.id, a);
    const later = await waiting(two.id, b, { nextAt: AT + 1 });
    await deliveries.insert({ ...first, id: newId<HotDeskSessionId>() });
    t.equal((await deliveries.page(account.id, one.id, {}, { size: 9, after: null })).total, 3, 'an event is there once for each webhook');
    const claimed = await deliveries.claimDue(AT, limits);
    t.strictSame(idsOf(claimed), [first.id, beside.id, elsewhere.id]);
    t.match(claimed[0], { url: one.url, sealedSecret: 'sealed', delivery: { attempts: 1, nextAt: AT + MINUTE, body: first.body } });
    t.strictSame(idsOf(await deliveries.claimDue(AT, limits)), [], 'claimed is claimed');
    t.ok(await deliveries.settle(first.id, 1, FAILED, AT));
    t.notOk(await deliveries.settle(first.id, 1, DELIVERED, AT), 'what ended has ended');
    t.strictSame(idsOf(await deliveries.claimDue(AT, limits)), [second.id], 'given up, it holds up nobody');
    t.strictSame(idsOf(await deliveries.claimDue(AT + 1, limits)), [later.id]);
    t.notOk(await deliveries.settle(second.id, 7, DELIVERED, AT), 'an attempt that was overtaken decides nothing');
    t.match((await deliveries.page(account.id, one.id, { state: 'failed' }, { size: 9, after: null })).items, [{ id: first.id, lastStatus: 500, lastError: 'no', deliveredAt: null }]);
    await deliveries.retry(first.id, AT);
    t.match(await deliveries.get(account.id, one.id, first.id), { state: 'pending', attempts: 0, nextAt: AT });
    for (const { id } of [one, two]) await stores.webhooks.delete(id);
    t.equal(await deliveries.get(account.id, one.id, first.id), null, 'deliveries go with their webhook');
  });

  t.test('limits: in all, for each webhook, without those that have enough, not of those switched off', async (t) => {
    const [one, two, off] = [await webhook(), await webhook(), await webhook({ active: false })];
    for (const { id } of [one, one, one, two, off]) await waiting(id, newId());
    t.equal((await deliveries.claimDue(AT, { ...limits, all: 2 })).length, 2);
    t.equal((await deliveries.claimDue(AT + MINUTE, { ...limits, each: 1, until: AT + 2 * MINUTE })).length, 2, 'a claim runs out');
    t.equal((await deliveries.claimDue(AT + 2 * MINUTE, { ...limits, without: [one.id], until: AT + 3 * MINUTE })).length, 1);
    for (const { id } of [one, two, off]) await stores.webhooks.delete(id);
  });

  t.test('two nodes at once share the work', async (t) => {
    const one = await webhook();
    for (let sessions = 0; sessions < 20; sessions += 1) await waiting(one.id, newId());
    const shares = await Promise.all([deliveries.claimDue(AT, limits), others.webhookDeliveries.claimDue(AT, limits), deliveries.claimDue(AT, limits)]);
    t.equal(shares.flat().length, 20);
    t.equal(new Set(idsOf(shares.flat())).size, 20);
    await stores.webhooks.delete(one.id);
  });

  t.test('not before every earlier step of the session was handed on; and what is old goes', async (t) => {
    const one = await webhook();
    const id = newId<HotDeskSessionId>();
    const session = aSession({ id, accountId: account.id, deviceId: newId(), userId: newId(), extensionId: newId(), startedAt: AT, fence: 900_001 });
    const event = (step: number, kind: 'signed_in' | 'signed_out') => aSessionEvent(step, kind, id, { id: newId(), accountId: account.id, at: AT });
    const [came, went] = [event(900_001, 'signed_in'), event(900_002, 'signed_out')];
    await commit(work, async (s) => {
      await s.hotDeskSessions.insert(session, came);
      await s.hotDeskSessions.step({ ...session, state: 'ended', fence: 900_002, endedAt: AT, cause: 'user', endedBy: 'device:desk' }, went);
    });
    const delivery = await waiting(one.id, id, { sequence: 900_002 });
    t.strictSame(idsOf(await deliveries.claimDue(AT, limits)), [], 'the first step is not handed on');
    await commit(work, (s) => s.hotDeskSessions.handedOn([came.id]));
    t.strictSame(idsOf(await deliveries.claimDue(AT, limits)), [delivery.id]);
    const retention = createRetention(db);
    t.same(await retention.purgeHotDesking({ deliveries: AT + 1, events: AT + 1 }), { deliveries: 0, events: 1 }, 'what waits stays');
    await deliveries.settle(delivery.id, 1, DELIVERED, AT);
    await commit(work, (s) => s.hotDeskSessions.handedOn([went.id]));
    t.same(await retention.purgeHotDesking({ deliveries: AT, events: AT }), { deliveries: 0, events: 0 }, 'not what is young');
    t.same(await retention.purgeHotDesking({ deliveries: AT + 1, events: AT + 1 }), { deliveries: 1, events: 1 });
    await stores.webhooks.delete(one.id);
  });
});
