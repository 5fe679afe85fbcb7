import t from 'tap';
import type { EventId, HotDeskSessionId, UserId } from '../../src/domain/ids.js';
import type { HotDeskEvent } from '../../src/domain/hotdesk/session.js';
import { resyncStep, wantedResync, type DeviceResync } from '../../src/domain/device/resync-machine.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createUnitOfWork } from '../../src/storage/postgres/unit-of-work.js';
import { onEveryPostgres } from '../support/postgres.js';
import { AT, accountWithSite, aDevice, commit, newId } from '../support/sample-account.js';

await onEveryPostgres(t, async (t, postgres) => {
  const db = await postgres.open(t);
  const stores = createStores(db);
  const { deviceResyncs: store } = stores;
  const work = createUnitOfWork(db, { onCommitted: async () => undefined });
  const { account, site } = await accountWithSite(work);
  const desk = async () => {
    const device = aDevice(site, []);
    await commit(work, (s) => s.devices.insert(device, 'sealed'));
    return device;
  };
  const wish = (device: { readonly id: DeviceResync['deviceId'] }, fence: number, changes: Partial<DeviceResync> = {}): DeviceResync =>
    ({ ...wantedResync({ deviceId: device.id, accountId: account.id, fence, byPerson: false }, AT), ...changes });

  t.test('the highest fence stays; the same again only by a person, whose wish lives on', async (t) => {
    const device = await desk();
    for (const [rule, wanted, kept, byPerson] of [
      ['the first', wish(device, 5), true, false],
      ['lower', wish(device, 4), false, false],
      ['the same', wish(device, 5), false, false],
      ['lower, by a person', wish(device, 4, { byPerson: true }), false, false],
      ['the same, by a person', wish(device, 5, { byPerson: true }), true, true],
      ['higher', wish(device, 9), true, true],
    ] as const) {
      t.equal(await store.want(wanted), kept, rule);
      t.match(await store.get(device.id), { fence: Math.max(wanted.fence, 5), byPerson }, rule);
    }
    const now = await store.get(device.id);
    t.ok(now !== null && await store.step(now, resyncStep(now, { kind: 'not-needed' }, AT, 0)));
    await store.want(wish(device, 10));
    t.match(await store.get(device.id), { fence: 10, byPerson: false }, 'until it has ended');
  });

  t.test('one of two writers makes a step; a newer wish stops the older', async (t) => {
    const device = await desk();
    await store.want(wish(device, 1));
    const before = wish(device, 1);
    t.same(await store.get(device.id), before, 'as it was kept');
    const claims = await Promise.all([0, 1].map(() => store.step(before, resyncStep(before, { kind: 'send' }, AT + 1, 0))));
    t.same(claims.filter(Boolean).length, 1);
    const sent = resyncStep(before, { kind: 'send' }, AT + 1, 0);
    await store.want(wish(device, 2));
    t.notOk(await store.step(sent, resyncStep(sent, { kind: 'answered', status: 200, retryAfterMs: null }, AT + 2, 0)));
    t.match(await store.get(device.id), { fence: 2, state: 'pending', attempts: 0 });
  });

  t.test('due by time; ends are not; gone with the phone', async (t) => {
    const [one, two, three] = [await desk(), await desk(), await desk()];
    const later = AT + 10_000_000;
    for (const [device, nextAt] of [[one, later + 2], [two, later + 1], [three, later + 9]] as const) await store.want(wish(device, 1, { nextAt }));
    const due = async () => (await store.due(later + 5, 1000)).filter(({ nextAt }) => (nextAt ?? 0) > later).map(({ deviceId }) => deviceId);
    t.same(await due(), [two.id, one.id]);
    const first = await store.get(two.id);
    if (first !== null) await store.step(first, resyncStep(first, { kind: 'not-needed' }, AT, 0));
    t.same(await due(), [one.id]);
    await commit(work, (s) => s.devices.delete(one.id));
    t.same(await due(), []);
    t.equal(await store.get(one.id), null);
  });

  t.test('steps nobody announced', async (t) => {
    const sat = async (device: { readonly id: DeviceResync['deviceId'] }, at: number, actor: string): Promise<number> => commit(work, async (s) => {
      const fence = await s.hotDeskSessions.nextFence();
      const id = newId<HotDeskSessionId>();
      const userId = newId<UserId>();
      const event: HotDeskEvent = { id: newId<EventId>(), accountId: account.id, sequence: fence, sessionId: id, deviceId: device.id, userId, kind: 'signed_in', cause: null, at, actor };
      await s.hotDeskSessions.insert({
        id, accountId: account.id, deviceId: device.id, userId, extensionId: newId(), state: 'ended', fence, startedAt: at, endsAt: null, endsBy: null,
        idleEndsAt: null, drainingSince: null, endedAt: at, cause: 'user', via: 'phone', startedBy: actor, endedBy: actor,
      }, event);
      return fence;
    });
    const [byApi, atPhone, elsewhere, old, told] = [await desk(), await desk(), await desk(), await desk(), await desk()];
    t.equal(await store.newestFence(byApi.id), 0);
    const fences = [await sat(byApi, AT, 'client:x'), await sat(byApi, AT, 'system')];
    await sat(atPhone, AT, `device:${atPhone.id}`);
    await sat(elsewhere, AT, `device:${byApi.id}`);
    await sat(old, AT - 1000, 'client:x');
    await store.want(wish(told, await sat(told, AT, 'client:x')));
    t.equal(await store.newestFence(byApi.id), fences[1]);
    const times = { at: AT + 50, since: AT - 1000, atPhoneUntil: AT - 1 };
    t.equal(await store.adopt(times), 2);
    t.match(await store.get(byApi.id), { fence: fences[1], state: 'pending', nextAt: AT + 50, byPerson: false });
    t.equal((await store.get(elsewhere.id))?.state, 'pending', 'somebody sat down elsewhere');
    t.equal(await store.get(atPhone.id), null, 'its prompt call tells');
    t.equal(await store.adopt(times), 0, 'once');
    t.equal(await store.adopt({ ...times, atPhoneUntil: AT }), 1);
    t.equal(await store.get(old.id), null);
  });
});
