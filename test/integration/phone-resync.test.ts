import t from 'tap';
import { SETTLE_MS, LEASE_MS } from '../../src/domain/device/resync-machine.js';
import { rebootPhone } from '../../src/usecases/admin/sync-phones.js';
import { updateDevice } from '../../src/usecases/admin/update-device.js';
import { askResync } from '../../src/usecases/hotdesk/resync-requests.js';
import { isRequest } from '../support/sip-peer.js';
import { valueOf } from '../support/hot-desk-office.js';
import { notifies, notifyOf, reply, startResyncBed, type DeskPhone } from '../support/resync-bed.js';
import { SHORT_TIMERS } from '../support/edge-bed.js';

t.test('a session step', async (t) => {
  const bed = await startResyncBed(t);
  const { notifier, clock, calls } = bed;
  /** Ticks once what is due now, and answers the NOTIFY that comes. */
  const told = async (phone: DeskPhone, fence: number): Promise<void> => {
    const over = bed.stepTo(phone.device.id, { state: 'confirmed', fence });
    await notifier.tick();
    await reply(phone, await notifyOf(phone), 200);
    await over;
  };

  await t.test('is told a moment after the BYE, to phones whose label changes live', async (t) => {
    const phone = await bed.arrived(t);
    t.same(await notifier.resync(phone.device.id, 11), { kind: 'asked' });
    clock.advance(SETTLE_MS - 1);
    await notifier.tick();
    t.match(await bed.now(phone.device.id), { state: 'pending', attempts: 0 }, 'not yet');
    clock.advance(1);
    await told(phone, 11);
  });

  await t.test('asked by a person: its configuration of then is requested; to restart, it gets the event for that', async (t) => {
    const phone = await bed.arrived(t);
    const { id } = phone.device;
    const asked = { ...bed.deps, locations: bed.location };
    const configuration = async () => (await bed.deps.stores.deviceConfigurations.of([id])).get(id);
    valueOf(await askResync(asked, bed.actor, id));
    const over = bed.stepTo(id, { state: 'confirmed' });
    await notifier.tick();
    const notify = await notifyOf(phone);
    t.equal(notify.header('Event'), 'check-sync;reboot=false');
    valueOf(await updateDevice(bed.deps, bed.actor, id, { displayName: 'Renamed meanwhile' }));
    await reply(phone, notify, 200);
    await over;
    t.match(await configuration(), { generation: 2, requestedGeneration: 1, deliveredGeneration: 0 }, 'the change came too late for this NOTIFY');
    valueOf(await rebootPhone(asked, bed.actor, id));
    const restarted = bed.stepTo(id, { state: 'confirmed', restart: true });
    await notifier.tick();
    const restart = await phone.peer.waitFor((message) => isRequest('NOTIFY')(message) && message.header('Event') === 'check-sync;reboot=true', 'NOTIFY to restart', 10_000);
    await reply(phone, restart, 200);
    await restarted;
    t.match(await configuration(), { generation: 2, requestedGeneration: 2 });
  });

  for (const [rule, kind] of [
    ['labels of the family are not known to be live', { type: 'Poly', userAgent: 'PolycomVVX-VVX_450-UA/6.4.3.5814' }],
    ['nor of the firmware', { userAgent: 'Yealink SIP-T21P 34.72.0.20' }],
    ['a phone that reads nothing of ours', { provisioned: false }],
  ] as const) {
    await t.test(`not needed: ${rule}`, async (t) => {
      const phone = await bed.arrived(t, kind);
      await notifier.resync(phone.device.id, 12);
      clock.advance(SETTLE_MS);
      const over = bed.stepTo(phone.device.id, { state: 'not-needed' });
      await notifier.tick();
      t.match(await over, { attempts: 0, nextAt: null });
      t.equal(notifies(phone), 0);
    });
  }

  await t.test('a guest who has left is taken off a phone that looked in the meantime, and off no other', async (t) => {
    const [owner, guest] = await bed.sit(['1501', '1502']);
    if (owner === undefined || guest === undefined) throw new Error('nobody');
    const poly = { type: 'Poly', userAgent: 'PolycomVVX-VVX_450-UA/6.4.3.5814', owner: owner.extension.id };
    for (const looked of [true, false]) {
      const phone = await bed.arrived(t, poly);
      const { id } = phone.device;
      const generation = async () => (await bed.deps.stores.deviceConfigurations.of([id])).get(id)?.generation ?? 0;
      const before = await generation();
      const session = await bed.seat(phone.device, guest);
      t.equal(await generation(), before + 1, 'who is signed in is part of its configuration');
      const quiet = bed.stepTo(id, { state: 'not-needed', fence: session.fence });
      await notifier.resync(id, session.fence);
      clock.advance(SETTLE_MS);
      await notifier.tick();
      await quiet;
      if (looked) await bed.deps.stores.deviceConfigurations.delivered(id, await generation(), clock.now());
      clock.advance(300_000);
      await bed.signOut.byPhone(id);
      const { fence } = await bed.session(session.id);
      t.equal(await generation(), before + 2, 'and so is the end of it');
      await notifier.resync(id, fence);
      clock.advance(SETTLE_MS);
      if (looked) {
        await told(phone, fence);
        t.same(phone.peer.seen.filter(isRequest('NOTIFY')).map((notify) => notify.header('Event')), ['check-sync']);
      } else {
        const over = bed.stepTo(id, { state: 'not-needed', fence });
        await notifier.tick();
        await over;
        t.equal(notifies(phone), 0);
      }
    }
  });

  await t.test('an older fence never overtakes a newer one', async (t) => {
    const phone = await bed.arrived(t);
    const { id } = phone.device;
    t.same(await notifier.resync(id, 21), { kind: 'asked' });
    t.same(await notifier.resync(id, 23), { kind: 'asked' });
    t.same(await notifier.resync(id, 22), { kind: 'outdated' });
    t.same(await notifier.resync(id, 23), { kind: 'outdated' });
    clock.advance(SETTLE_MS);
    await notifier.tick();
    const first = await notifyOf(phone);
    t.same(await notifier.resync(id, 24), { kind: 'asked' }, 'while 23 is on its way');
    clock.advance(SETTLE_MS);
    await notifier.tick();
    t.equal(notifies(phone), 1, 'the newer waits for the end of the older');
    const givenUp = bed.stepRefused();
    await reply(phone, first, 401, [['WWW-Authenticate', 'Digest realm="r", nonce="n", qop="auth"']]);
    await givenUp;
    await told(phone, 24);
    t.equal(phone.peer.count((message) => isRequest('NOTIFY')(message) && message.header('Authorization') !== undefined), 0, 'the older was given up at its challenge');
    t.match(await bed.now(id), { state: 'confirmed', fence: 24, lastStatus: 200 });
  });

  await t.test('not during a call; a moment after its BYE', async (t) => {
    const phone = await bed.arrived(t);
    const { id } = phone.device;
    calls.up(id);
    await notifier.resync(id, 31);
    clock.advance(SETTLE_MS);
    const waits = bed.stepTo(id, { waitsFor: 'call-end' });
    await notifier.tick();
    await waits;
    const settles = bed.stepTo(id, { state: 'pending', waitsFor: null });
    calls.down(id);
    t.match(await settles, { nextAt: clock.now() + SETTLE_MS });
    clock.advance(SETTLE_MS);
    await told(phone, 31);
  });

  await t.test('not registered: as soon as it is; found also when nobody tells', async (t) => {
    for (const heard of [true, false]) {
      const phone = await bed.phone(t);
      const { id } = phone.device;
      const deaf = heard ? notifier : bed.notifierOf(t);
      await deaf.resync(id, 41);
      clock.advance(SETTLE_MS);
      const waits = bed.stepTo(id, { waitsFor: 'registration' });
      await deaf.tick();
      await waits;
      if (!heard) deaf.stop();
      const settles = bed.stepTo(id, { state: 'pending', waitsFor: null });
      await phone.arrive();
      if (!heard) {
        clock.advance(30_000);
        await notifier.tick();
      }
      await settles;
      clock.advance(SETTLE_MS);
      await told(phone, 41);
    }
  });

  await t.test('over the connection of a TCP phone', async (t) => {
    const phone = await bed.arrived(t, { transport: 'tcp' });
    await notifier.resync(phone.device.id, 51);
    clock.advance(SETTLE_MS);
    const over = bed.stepTo(phone.device.id, { state: 'confirmed' });
    await notifier.tick();
    const notify = await notifyOf(phone);
    t.equal(notify.from.port, phone.line.edge.port, 'the one the phone opened');
    t.match(notify.header('Contact'), /;transport=tcp>$/);
    await reply(phone, notify, 200);
    await over;
  });

  await t.test('503 with Retry-After, then a success', async (t) => {
    const phone = await bed.arrived(t);
    const { id } = phone.device;
    await notifier.resync(id, 61);
    clock.advance(SETTLE_MS);
    const waits = bed.stepTo(id, { waitsFor: 'retry' });
    await notifier.tick();
    const first = await notifyOf(phone);
    await reply(phone, first, 503, [['Retry-After', '42 (busy)']]);
    t.match(await waits, { lastStatus: 503, attempts: 1, nextAt: clock.now() + 42_000 });
    clock.advance(42_000);
    await told(phone, 61);
    t.match(await bed.now(id), { attempts: 2 });
  });

  await t.test('a process killed at any point leaves what is to be sent', async (t) => {
    const pending = await bed.arrived(t);
    await bed.notifierOf(t).resync(pending.device.id, 71);
    clock.advance(SETTLE_MS);
    // Never answers its caller: the process dies with the NOTIFY on its way.
    const dying = bed.notifierOf(t, { notify: () => new Promise(() => undefined) });
    const claimed = bed.stepTo(pending.device.id, { state: 'sent' });
    await dying.tick();
    await claimed;
    dying.stop();
    await notifier.tick();
    t.equal(notifies(pending), 0, 'another process leaves it while the first may live');
    clock.advance(LEASE_MS);
    await told(pending, 71);
    t.match(await bed.now(pending.device.id), { attempts: 2 });
  });

  await t.test('steps that nobody announced are found: at once by API, after half a minute at the phone', async (t) => {
    const [owner, guest] = await bed.sit(['1001', '1002']);
    if (owner === undefined || guest === undefined) throw new Error('nobody');
    const phone = await bed.arrived(t, { owner: owner.extension.id });
    const session = valueOf(await bed.signIn.byApi(bed.actor, phone.device.id, guest.user.id));
    await told(phone, session.fence);
    await bed.signOut.byPhone(phone.device.id);
    await notifier.tick();
    t.match(await bed.now(phone.device.id), { state: 'confirmed', fence: session.fence }, 'its prompt call is not over');
    clock.advance(30_000);
    const over = bed.stepTo(phone.device.id, { state: 'confirmed' });
    await notifier.tick();
    const notify = await notifyOf(phone);
    await reply(phone, notify, 200);
    t.ok((await over).fence > session.fence);
  });
});

t.test('a silent phone is told four times, then it is shown', async (t) => {
  const bed = await startResyncBed(t, { timers: SHORT_TIMERS });
  const { notifier, clock } = bed;
  const phone = await bed.arrived(t);
  await notifier.resync(phone.device.id, 1);
  for (const [attempts, next] of [[1, 5_000], [2, 20_000], [3, 60_000], [4, 0]] as const) {
    clock.advance(attempts === 1 ? SETTLE_MS : 60_000);
    const over = bed.stepTo(phone.device.id, attempts === 4 ? { state: 'failed' } : { waitsFor: 'retry' });
    await notifier.tick();
    t.match(await over, { attempts, lastStatus: 408, nextAt: attempts === 4 ? null : clock.now() + next });
  }
  t.equal(notifies(phone), 4);
  await bed.app.stop('shutdown');
  const other = valueOf(await askResync({ ...bed.deps, locations: bed.location }, bed.actor, phone.device.id));
  t.match(other.resync, { state: 'pending', attempts: 0 }, 'a person begins anew');
  const waits = bed.stepTo(phone.device.id, { waitsFor: 'retry' });
  await notifier.tick();
  t.match(await waits, { attempts: 0, lastStatus: null }, 'without an edge it is no attempt');
});
