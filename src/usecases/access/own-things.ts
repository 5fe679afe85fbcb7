import { asId, type DeviceId, type HotDeskSessionId, type UserId, type UserSessionId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { PhoneUserView, Stores } from '../../ports/admin-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { phoneUserNotFound } from '../admin/not-found.js';
import { devicesOfExtension, findDevice } from '../admin/resolve.js';
import { setHotDesking } from '../admin/set-hot-desking.js';
import type { Actor } from '../change.js';
import { setPin } from '../hotdesk/set-pin.js';
import { done, forbidden, refused, type Outcome } from '../outcome.js';
import { FRESH_MS } from './user-sessions.js';

/** A person's own phone; a refusal for people who have none. */
export async function ownPhone(stores: Stores, actor: Actor, userId: UserId): Promise<Outcome<PhoneUserView>> {
  const phone = await stores.phoneUsers.get(actor.accountId, userId);
  return phone === null ? { ...phoneUserNotFound(userId), problems: [{ field: '', text: 'You have no phone of the account.' }] } : done(phone);
}

export async function ownDevices(stores: Stores, actor: Actor, userId: UserId): Promise<Outcome<readonly Device[]>> {
  const phone = await ownPhone(stores, actor, userId);
  return phone.kind === 'refused' ? phone : done(await devicesOfExtension(stores, actor.accountId, phone.value.extension.id));
}

/** Where the person is guest now, and who is guest at the person's phones. */
export async function sessionsAround(stores: Stores, actor: Actor, userId: UserId): Promise<readonly HotDeskSession[]> {
  const devices = await ownDevices(stores, actor, userId);
  const here = devices.kind === 'refused' ? [] : await Promise.all(devices.value.map(({ id }) => stores.hotDeskSessions.activeOn(id)));
  const found = [await stores.hotDeskSessions.activeOf(userId), ...here].filter((session) => session !== null);
  return [...new Map<HotDeskSessionId, HotDeskSession>(found.map((session) => [session.id, session])).values()];
}

/** Lets guests use an own phone, or no longer. What an administrator has marked as unfit stays so. */
export async function allowGuests(deps: AdminDeps, actor: Actor, userId: UserId, deviceId: string, allowed: boolean): Promise<Outcome<Device>> {
  const device = await findDevice(deps.stores, actor.accountId, deviceId);
  if (device?.hotDesking === 'unsupported') return refused('conflict', 'allowed', 'This phone cannot take guests, an administrator says.');
  const set = await setHotDesking(
    deps, actor, { kind: 'user', id: userId }, [{ deviceId: asId<DeviceId>(deviceId), hotDesking: allowed ? 'on' : 'off', field: 'deviceId' }]);
  if (set.kind === 'refused') return set;
  const [changed] = set.value;
  return changed === undefined ? refused('not-found', 'deviceId', 'You have no such phone.', deviceId) : done(changed);
}

export interface PinWish {
  readonly pin: string;
  /** The PIN so far; needed when the person did not sign in just now. */
  readonly current: string | null;
}

/**
 * Changes the person's own PIN: shortly after signing in, or with the PIN so far. Who gives a wrong one is signed out, so that a token
 * that was taken guesses once.
 */
export async function changeOwnPin(deps: AdminDeps, actor: Actor, userId: UserId, sessionId: UserSessionId, wish: PinWish): Promise<Outcome<null>> {
  const session = await deps.stores.userSessions.get(sessionId);
  const fresh = session !== null && deps.clock.now() - session.createdAt <= FRESH_MS;
  if (!fresh) {
    if (wish.current === null) return forbidden('Give current_pin_code, or sign in again and change the PIN within ten minutes.');
    const kept = await deps.stores.pins.get({ kind: 'user', id: userId });
    if (!await deps.pinHasher.verify(actor.accountId, wish.current, kept?.hash ?? null)) {
      await deps.stores.userSessions.end(sessionId);
      return forbidden('This is not your PIN. You are signed out; sign in again.');
    }
  }
  return setPin(deps, actor, { kind: 'user', id: userId }, wish.pin);
}
