import t from 'tap';
import type { SessionEnd } from '../../src/domain/hotdesk/session.js';
import { replaySessions } from '../../src/domain/hotdesk/replay-sessions.js';
import { removeAccountUser, setAccountUserStatus } from '../../src/usecases/admin/account-users.js';
import { addDeviceExtensions, removeDeviceExtension } from '../../src/usecases/admin/assign-device.js';
import { removeDevice } from '../../src/usecases/admin/remove-device.js';
import { setAccountPolicy } from '../../src/usecases/admin/set-account-policy.js';
import { setHotDesking } from '../../src/usecases/admin/set-hot-desking.js';
import { updateDevice } from '../../src/usecases/admin/update-device.js';
import { updatePhoneUser } from '../../src/usecases/admin/update-phone-user.js';
import { setSessionSettings } from '../../src/usecases/hotdesk/set-session-settings.js';
import { startTestRedis } from '../support/redis.js';
import { startHotDeskOffice, valueOf } from '../support/hot-desk-office.js';

const MINUTE = 60_000;

t.test('sitting down and getting up', async (t) => {
  const office = await startHotDeskOffice(t);
  const { deps, directory, calls, clock, account, actor } = office;
  const [owner, ann, bob] = await office.sit(['1001', '1002', '1003']);
  if (owner === undefined || ann === undefined || bob === undefined) throw new Error('nobody');
  const desk = await office.desk(owner.extension.id);
  const other = await office.desk(owner.extension.id);

  await t.test('the directory knows before the caller is answered', async (t) => {
    t.same(await office.signIn.begin(desk.id), { kind: 'ask', language: 'en' });
    const session = await office.seat(desk, ann);
    t.match(session, { state: 'active', via: 'phone', startedBy: `device:${desk.id}`, endsAt: null, idleEndsAt: null, cause: null });
    t.same(directory.guestOf(desk.id), session);
    t.same(directory.deskOf(ann.user.id), session);
    t.same(await office.seat(desk, ann), session, 'again at the same desk changes nothing');
  });

  await t.test('sitting down elsewhere ends the earlier session, over somebody else ends that one', async (t) => {
    const first = directory.guestOf(desk.id);
    const moved = await office.pinIn(other, '1002', ann.pinCode);
    t.match(moved, { kind: 'signed-in', name: 'User 1002', displaced: [{ id: first?.id, state: 'ended', cause: 'displaced' }] });
    t.equal(directory.guestOf(desk.id), undefined);
    const over = await office.pinIn(other, '1003', bob.pinCode);
    t.match(over, { kind: 'signed-in', displaced: [{ userId: ann.user.id, cause: 'displaced' }] });
    t.equal(directory.deskOf(ann.user.id), undefined);
    valueOf(await setAccountPolicy(deps, actor, { hotDeskConflict: 'refuse' }));
    t.match(await office.pinIn(desk, '1003', bob.pinCode), { kind: 'refused', sounds: 'not-available', reason: 'session-exists' });
    valueOf(await setAccountPolicy(deps, actor, { hotDeskConflict: 'displace' }));
  });

  await t.test('signing out, the owner returning', async (t) => {
    t.match(await office.signOut.byPhone(other.id), { kind: 'signed-out', session: { userId: bob.user.id, cause: 'user', state: 'ended' } });
    t.same(await office.signOut.byPhone(other.id), { kind: 'nobody-signed-in', language: 'en' });
    const session = await office.seat(desk, ann);
    t.match(await office.pinIn(desk, '1001', owner.pinCode), { kind: 'owner-returned', unlocked: false, ended: { id: session.id, cause: 'owner' } });
    t.match(await office.pinIn(desk, '1001', owner.pinCode), { kind: 'owner-returned', ended: null });
  });

  await t.test('by API', async (t) => {
    const session = valueOf(await office.signIn.byApi(actor, desk.id, ann.user.id));
    t.match(session, { via: 'api', startedBy: 'client:test', state: 'active' });
    t.match(await office.signIn.byApi(actor, desk.id, owner.user.id), { kind: 'refused', why: 'conflict', problems: [{ field: 'user_id' }] });
    t.match(valueOf(await office.signOut.byApi(actor, session.id, 'admin')), { cause: 'admin', endedBy: 'client:test' });
    t.match(await office.signOut.byApi(actor, session.id, 'admin'), { kind: 'refused', why: 'conflict' });
  });

  await t.test('an end during a call drains; the next guest may come; the last call ends it for its first cause', async (t) => {
    const session = await office.seat(desk, ann);
    calls.up(desk.id);
    t.match(await office.signOut.byPhone(desk.id), { kind: 'signed-out', session: { state: 'draining', cause: 'user' } });
    t.equal(directory.guestOf(desk.id), undefined, 'new calls are not hers');
    t.match(directory.drainingOn(desk.id), [{ id: session.id }]);
    t.match(await office.signOut.byApi(actor, session.id, 'admin'), { kind: 'refused', why: 'conflict' }, 'its cause is fixed');
    const next = await office.seat(desk, bob);
    t.equal(await office.finishDraining.sweep(), 0, 'while the call is up');
    calls.down(desk.id);
    t.equal(await office.finishDraining.ofDevice(desk.id), 1);
    t.equal(await office.finishDraining.ofDevice(desk.id), 0);
    t.match(await office.session(session.id), { state: 'ended', cause: 'user' });
    t.same(directory.drainingOn(desk.id), []);
    t.same(directory.guestOf(desk.id), next);
    await office.signOut.byPhone(desk.id);
  });

  await t.test('time-out, daily end and idle time, in any order of sweeps', async (t) => {
    const place = { scope: 'device', deviceId: desk.id } as const;
    const set = async (...wanted: Parameters<typeof setSessionSettings>[3]) => valueOf(await setSessionSettings(deps, actor, place, wanted));
    const session = await office.seat(desk, ann);
    await set({ key: 'hot-desk-session-timeout', value: 60 });
    t.match(await office.session(session.id), { endsAt: session.startedAt + 60 * MINUTE, endsBy: 'timeout' }, 'a running session follows the setting');
    clock.advance(60 * MINUTE - 1);
    t.same(await office.sweep(), { ended: 0, prolonged: 0 });
    // A restart, or a jump of the clock: what is due is due.
    clock.advance(30 * 24 * 60 * MINUTE);
    t.same(await Promise.all([office.sweep(), office.sweep()]).then((sweeps) => sweeps.reduce((sum, one) => sum + one.ended, 0)), 1, 'two sweeps end it once');
    t.match(await office.session(session.id), { cause: 'timeout', state: 'ended', endedBy: 'system' });

    await set({ key: 'hot-desk-session-timeout', value: 'inherit' }, { key: 'hot-desk-daily-end', value: '18:00' });
    const daily = await office.seat(desk, ann);
    t.equal(new Date(daily.endsAt ?? 0).toISOString().slice(11, 16), '18:00');
    clock.advance((daily.endsAt ?? 0) - clock.now());
    t.match(await office.sweep(), { ended: 1 });
    t.match(await office.session(daily.id), { cause: 'schedule' });

    await set({ key: 'hot-desk-daily-end', value: 'inherit' }, { key: 'hot-desk-idle-timeout', value: 10 });
    const idle = await office.seat(desk, ann);
    clock.advance(9 * MINUTE);
    calls.up(desk.id);
    clock.advance(2 * MINUTE);
    t.same(await office.sweep(), { ended: 0, prolonged: 1 }, 'never during a call');
    calls.down(desk.id);
    t.match(directory.guestOf(desk.id), { id: idle.id, idleEndsAt: clock.now() + 10 * MINUTE }, 'the directory follows');
    clock.advance(10 * MINUTE);
    t.match(await office.sweep(), { ended: 1 });
    t.match(await office.session(idle.id), { cause: 'idle' });
    await set({ key: 'hot-desk-idle-timeout', value: 'inherit' });
  });

  await t.test('history', async (t) => {
    clock.advance(1);
    const from = clock.now();
    const session = await office.seat(desk, ann);
    clock.advance(MINUTE);
    await office.signOut.byPhone(desk.id);
    clock.advance(MINUTE);
    t.equal((await office.history.whoSatAt(account.id, desk.id, from + 30_000))?.id, session.id);
    t.equal(await office.history.whoSatAt(account.id, desk.id, clock.now()), null);
    t.equal((await office.history.whoSatAt(account.id, desk.id, from))?.id, session.id, 'from the first instant');
    const desks = await office.history.desksOf(account.id, ann.user.id, from, clock.now(), { size: 10, after: null });
    t.same(desks.items.map(({ id }) => id), [session.id]);
    t.same((await office.history.eventsOf(account.id, session.id)).map(({ kind }) => kind), ['signed_in', 'signed_out']);
  });

  const log = await deps.stores.hotDeskSessions.events(account.id, {}, 1000);
  t.same(replaySessions(log).broken, [], 'the log is sound');
  t.ok([...replaySessions(log).sessions.values()].every(({ state }) => state === 'ended'));
});

t.test('what else ends a session, and what does not', async (t) => {
  const office = await startHotDeskOffice(t);
  const { deps, directory, account, actor } = office;
  const locations = (await (await startTestRedis(t)).location()).service;
  const [owner] = await office.sit(['1001']);
  if (owner === undefined) throw new Error('nobody');
  let number = 2000;
  for (const [rule, act, cause] of [
    ['phone removed', (d) => removeDevice({ ...deps, locations }, actor, d.desk), 'device-removed'],
    ['hot desking off', (d) => updateDevice(deps, actor, d.desk, { hotDesking: 'off' }), 'device-disabled'],
    ['hot desking off by its holder', (d) => setHotDesking(deps, actor, { kind: 'user', id: d.owner }, [{ deviceId: d.desk, hotDesking: 'off', field: 'x' }]), 'device-disabled'],
    ['unassigned', (d) => removeDeviceExtension(deps, actor, d.desk, d.ownerExtension), 'device-disabled'],
    ['given to somebody else', (d) => updateDevice(deps, actor, d.desk, { assignedTo: owner.extension.id }), 'device-disabled'],
    ['the owner removed', (d) => removeAccountUser(deps, actor, d.owner), 'device-disabled'],
    ['guest deactivated', (d) => updatePhoneUser(deps, actor, d.guest, { status: 'deactivated' }), 'user-disabled'],
    ['guest deactivated in the account', (d) => setAccountUserStatus(deps, actor, d.guest, 'inactive'), 'user-disabled'],
    ['guest not allowed any more', (d) => updatePhoneUser(deps, actor, d.guest, { hotDeskAllowed: false }), 'user-disabled'],
    ['guest removed', (d) => removeAccountUser(deps, actor, d.guest), 'deprovisioned'],
    ['owner deactivated: the guest stays', (d) => updatePhoneUser(deps, actor, d.owner, { status: 'deactivated' }), null],
    ['phone renamed', (d) => updateDevice(deps, actor, d.desk, { displayName: 'Other' }), null],
    ['assigned to the same owner again', (d) => updateDevice(deps, actor, d.desk, { assignedTo: d.ownerExtension }), null],
    ['an extension more is refused and changes nothing', (d) => addDeviceExtensions(deps, actor, d.desk, [owner.extension.id]).then(() => ({ kind: 'done' })), null],
    ['device lock', (d) => office.deviceLock.byApi(actor, d.id, true), null],
  ] as readonly (readonly [
    string, (d: { desk: string; id: Parameters<typeof office.deviceLock.byApi>[1]; owner: string; ownerExtension: string; guest: string }) => Promise<{ readonly kind: string }>, SessionEnd | null,
  ])[]) {
    const [holder, guest] = await office.sit([String(number += 1), String(number += 1)]);
    if (holder === undefined || guest === undefined) throw new Error('nobody');
    const desk = await office.desk(holder.extension.id);
    const session = await office.seat(desk, guest);
    t.equal((await act({ desk: desk.id, id: desk.id, owner: holder.user.id, ownerExtension: holder.extension.id, guest: guest.user.id })).kind, 'done', rule);
    const after = await office.session(session.id);
    t.same([after.state, after.cause], cause === null ? ['active', null] : ['ended', cause], rule);
    t.equal(directory.guestOf(desk.id)?.id, cause === null ? session.id : undefined, `${rule}: directory`);
    const events = await office.history.eventsOf(account.id, session.id);
    t.equal(events.filter(({ kind }) => kind === 'signed_out').length, cause === null ? 0 : 1, `${rule}: one event`);
  }
});
