import t from 'tap';
import { asId } from '../../src/domain/ids.js';
import type { DeviceId, UserId } from '../../src/domain/ids.js';
import { setAccountPolicy } from '../../src/usecases/admin/set-account-policy.js';
import { createCommonArea } from '../../src/usecases/admin/common-areas.js';
import { updatePhoneUser } from '../../src/usecases/admin/update-phone-user.js';
import { resetPin, setPin } from '../../src/usecases/hotdesk/set-pin.js';
import { readSettingsAt, setSessionSettings } from '../../src/usecases/hotdesk/set-session-settings.js';
import { unlockSignIn } from '../../src/usecases/hotdesk/unlock-sign-in.js';
import { startHotDeskOffice, valueOf } from '../support/hot-desk-office.js';

const MINUTE = 60_000;
const WRONG = '918273';

t.test('attempts', async (t) => {
  const office = await startHotDeskOffice(t);
  const { deps, account, actor, clock, pauses, pinIn } = office;
  const [owner, ann, bob, cid] = await office.sit(['1001', '1002', '1003', '1004']);
  if (owner === undefined || ann === undefined || bob === undefined || cid === undefined) throw new Error('nobody');
  const entries = async () => (await deps.stores.audit.page(account.id, 0, clock.now(), { size: 1000, after: null })).items;

  await t.test('refusals sound as they should, 300 ms after the last digit', async (t) => {
    const desk = await office.desk(owner.extension.id);
    const off = await office.desk(owner.extension.id, { hotDesking: 'off' });
    const nobodys = await office.desk(null);
    valueOf(await updatePhoneUser(deps, actor, bob.user.id, { hotDeskAllowed: false }));
    valueOf(await updatePhoneUser(deps, actor, cid.user.id, { status: 'deactivated' }));
    for (const [rule, device, digits, pin, reason, sounds] of [
      ['wrong PIN', desk, '1002', WRONG, 'pin-wrong', 'try-again'], ['nobody', desk, '4711', WRONG, 'extension-unknown', 'try-again'],
      ['not entitled', desk, '1003', bob.pinCode, 'not-entitled', 'try-again'], ['deactivated', desk, '1004', cid.pinCode, 'user-disabled', 'try-again'],
      ['a phone that takes no guests', off, '1002', ann.pinCode, 'device-not-hot-deskable', 'not-available'],
      ["nobody's phone", nobodys, '1002', ann.pinCode, 'device-not-hot-deskable', 'not-available'],
      ['no such phone', { id: asId<DeviceId>('nowhere') }, '1002', ann.pinCode, 'device-not-hot-deskable', 'not-available'],
      ['no digits', desk, '', '', 'extension-unknown', 'try-again'], ['a PIN that is none', desk, '1002', 'x'.repeat(400), 'pin-wrong', 'try-again'],
    ] as const) {
      pauses.length = 0;
      t.same(await pinIn(device, digits, pin), { kind: 'refused', reason, sounds }, rule);
      t.same(pauses, [300], `${rule}: the same wait`);
    }
    t.match(await office.signIn.begin(off.id), { kind: 'refused', sounds: 'not-available', reason: 'device-not-hot-deskable' });
  });

  await t.test('no digits typed are kept anywhere', async (t) => {
    const desk = await office.desk(owner.extension.id);
    await pinIn(desk, WRONG, ann.pinCode);
    await pinIn(desk, '1002', WRONG);
    const kept = JSON.stringify([await entries(), await deps.stores.signInLocks.failures(desk.id, 0), office.log.lines]);
    for (const digits of [WRONG, ann.pinCode]) t.notMatch(kept, digits);
    t.match(await entries(), [{ action: 'hot-desk-sign-in-refused', after: { reason: 'pin-wrong', extensionId: ann.extension.id } }]);
    await office.seat(desk, ann);
    t.match(await entries(), [{ action: 'hot-desk-sign-in', actor: `device:${desk.id}` }]);
    await office.signOut.byPhone(desk.id);
  });

  await t.test('five failures lock the pair, and the pair alone; a lock doubles; time, PIN change and administrator open it', async (t) => {
    const desk = await office.desk(owner.extension.id);
    const other = await office.desk(owner.extension.id);
    const fail = async (times: number, digits = '1002') => {
      for (let n = 0; n < times; n += 1) await pinIn(desk, digits, WRONG);
    };
    const locked = { kind: 'refused', reason: 'pair-locked', sounds: 'try-again' };
    await fail(5);
    t.same(await pinIn(desk, '1002', ann.pinCode), locked, 'the right PIN, too');
    t.match(await pinIn(other, '1002', ann.pinCode), { kind: 'signed-in' }, 'not at another phone');
    await office.signOut.byPhone(other.id);
    clock.advance(5 * MINUTE);
    t.match(await pinIn(desk, '1002', ann.pinCode), { kind: 'signed-in' }, 'after its time');
    await office.signOut.byPhone(desk.id);
    await fail(5);
    t.same(await pinIn(desk, '1002', WRONG), locked);
    t.equal(valueOf(await unlockSignIn(deps, actor, { deviceId: desk.id, extensionId: ann.extension.id })), 1);
    t.same(await pinIn(desk, '1002', WRONG), { kind: 'refused', reason: 'pin-wrong', sounds: 'try-again' });
    await fail(5);
    t.same(await pinIn(desk, '1002', ann.pinCode), locked);
    const { pin } = valueOf(await resetPin(deps, actor, { kind: 'user', id: ann.user.id }));
    t.match(await pinIn(desk, '1002', ann.pinCode), { reason: 'pin-wrong' }, 'the old one is void');
    t.match(await pinIn(desk, '1002', pin), { kind: 'signed-in' });
    await office.signOut.byPhone(desk.id);
    valueOf(await setPin(deps, actor, { kind: 'user', id: ann.user.id }, ann.pinCode));
    for (let guess = 0; guess < 3; guess += 1) await fail(4, `77${guess}`);
    t.match(await office.signIn.begin(desk.id), { kind: 'refused', reason: 'phone-locked', sounds: 'locked' });
    t.match(await pinIn(desk, '1002', ann.pinCode), { reason: 'phone-locked' });
    t.match((await deps.stores.signInLocks.holding(account.id, clock.now())).map(({ scope, level }) => [scope, level]), [['device', 1]]);
    t.match(valueOf(await office.signIn.byApi(actor, desk.id, ann.user.id)), { state: 'active', userId: ann.user.id }, 'a lock is of the code alone');
    await office.signOut.byPhone(desk.id);
  });

  await t.test('PINs', async (t) => {
    const holder = { kind: 'user', id: ann.user.id } as const;
    for (const [rule, pin] of [['default', '000000'], ['too short', '274'], ['sequence', '3456'], ['extension', '1002'], ['letters', 'abcd'], ['too long', '2749173']] as const) {
      const outcome = await setPin(deps, actor, holder, pin);
      t.match(outcome, { kind: 'refused', why: 'invalid', problems: [{ field: 'pin_code' }] }, rule);
      t.notMatch(JSON.stringify(outcome), pin, `${rule}: not repeated`);
    }
    t.match(await setPin(deps, actor, { kind: 'user', id: asId<UserId>('nobody') }, '274917'), { why: 'not-found' });
    valueOf(await setAccountPolicy(deps, actor, { refuseWeakPins: false, pinMinLength: 1 }));
    valueOf(await setPin(deps, actor, holder, '7'));
    const desk = await office.desk(owner.extension.id);
    t.match(await pinIn(desk, '1002', '7'), { kind: 'signed-in' });
    await office.signOut.byPhone(desk.id);
    valueOf(await setAccountPolicy(deps, actor, { refuseWeakPins: true, pinMinLength: 4 }));
    t.match(await pinIn(desk, '1002', '7'), { kind: 'refused', reason: 'pin-weak', sounds: 'not-available' }, 'checked again at sign-in');
    valueOf(await setPin(deps, actor, holder, ann.pinCode));
    const hash = (await deps.stores.pins.get(holder))?.hash ?? '';
    t.match(hash, /^scrypt\$/);
    t.notOk(await deps.hasher.verify(ann.pinCode, hash), 'no use without the key outside the database');
    t.notMatch(JSON.stringify(await entries()), new RegExp(`"${ann.pinCode}"|scrypt`));
    t.notSame(owner.pinCode, bob.pinCode);
    t.match(owner.pinCode, /^[0-9]{6}$/);
  });

  await t.test('the device lock is another thing', async (t) => {
    const desk = await office.desk(owner.extension.id);
    t.same(await office.deviceLock.begin(desk.id), { kind: 'locked', language: 'en' });
    t.match(office.directory.device(desk.id), { locked: true });
    t.match(await pinIn(desk, '1002', ann.pinCode), { reason: 'device-locked', sounds: 'not-available' }, 'no guest');
    t.same(await office.deviceLock.begin(desk.id), { kind: 'ask', askExtension: true, language: 'en' });
    const unlock = (digits: string | null, pin: string, device = desk) => office.deviceLock.unlock({ deviceId: device.id, digits, pin, at: clock.now() });
    t.match(await unlock('1001', WRONG), { kind: 'refused', sounds: 'try-again', reason: 'pin-wrong' });
    t.match(await unlock('1002', ann.pinCode), { kind: 'refused', reason: 'device-locked' }, 'a guest opens nothing');
    t.same(await unlock('1001', owner.pinCode), { kind: 'unlocked', language: 'en' });
    t.match(office.directory.device(desk.id), { locked: false });
    valueOf(await office.deviceLock.byApi(actor, desk.id, true));
    t.match(await pinIn(desk, '1001', owner.pinCode), { kind: 'owner-returned', unlocked: true });
    await office.seat(desk, ann);
    t.match(await office.deviceLock.begin(desk.id), { kind: 'refused', sounds: 'not-available' }, 'a guest does not lock');

    const area = valueOf(await createCommonArea(deps, actor, { displayName: 'Lobby', extensionNumber: '1090', callingPlans: [], country: null, timeZone: null }));
    const lobby = await office.desk(area.extensionId);
    const { pin } = valueOf(await resetPin(deps, actor, { kind: 'common_area', id: area.id }));
    t.same(await office.deviceLock.begin(lobby.id), { kind: 'locked', language: 'en' });
    t.match(await office.deviceLock.begin(lobby.id), { kind: 'ask', askExtension: false });
    t.match(await unlock(null, WRONG, lobby), { kind: 'refused', sounds: 'try-again' });
    t.match(await unlock(null, pin, lobby), { kind: 'unlocked' });
  });

  await t.test('settings: levels, locks, bad values', async (t) => {
    const desk = await office.desk(owner.extension.id);
    const key = 'hot-desk-session-timeout';
    const at = async () => valueOf(await readSettingsAt(deps, actor, { scope: 'device', deviceId: desk.id })).timeoutMinutes;
    const device = { scope: 'device', deviceId: desk.id } as const;
    t.match(await at(), { value: null, origin: 'default', lockedBy: null });
    valueOf(await setSessionSettings(deps, actor, { scope: 'account' }, [{ key, value: 120 }]));
    valueOf(await setSessionSettings(deps, actor, { scope: 'site', siteId: office.site }, [{ key, value: 60 }]));
    t.match(await at(), { value: 60, origin: 'site', lockedBy: null });
    valueOf(await setSessionSettings(deps, actor, device, [{ key, value: null }]));
    t.match(await at(), { value: null, origin: 'device', lockedBy: null });
    const session = await office.seat(desk, ann);
    t.equal(session.endsAt, null);
    valueOf(await setSessionSettings(deps, actor, { scope: 'site', siteId: office.site }, [{ key, value: 60, locked: true }]));
    t.match(await at(), { value: 60, origin: 'site', lockedBy: 'site' });
    t.equal((await office.session(session.id)).endsAt, session.startedAt + 60 * MINUTE, 'the lock reaches the running session');
    t.match(await setSessionSettings(deps, actor, device, [{ key, value: 30 }]), { kind: 'refused', why: 'conflict', problems: [{ field: 'hot_desk_session_timeout' }] });
    t.match(await setSessionSettings(deps, actor, { scope: 'account' }, [{ key, value: 45 }]), { kind: 'refused', why: 'invalid', problems: [{ value: '45' }] });
    valueOf(await setSessionSettings(deps, actor, device, [{ key, value: 'inherit' }]));
    await office.signOut.byPhone(desk.id);
  });
});
