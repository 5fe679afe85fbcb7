import type { AccountId, DeviceId } from '../../domain/ids.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { Stores } from '../../ports/admin-stores.js';
import { refused, type Refused } from '../outcome.js';
import { devicesOfExtension, findDevice, findPhoneUser } from './resolve.js';

/** Ways to name a caller; the first one given counts. */
export interface CallerName {
  readonly deviceId: string | null;
  /** Id or e-mail address of a phone user. */
  readonly user: string | null;
  readonly extension: string | null;
}

/**
 * The phone that a call would come from: named itself, else the desk at which the user sits as guest, else the first own phone
 * without a guest.
 */
export async function callerDevice(
  { stores }: { readonly stores: Stores }, accountId: AccountId, caller: CallerName,
): Promise<{ kind: 'device'; deviceId: DeviceId } | Refused> {
  if (caller.deviceId !== null) {
    const device = await findDevice(stores, accountId, caller.deviceId);
    return device ? { kind: 'device', deviceId: device.id } : refused(
      'invalid', 'device_id', 'There is no device with this id.', caller.deviceId,
    );
  }
  const named = await extensionOf(stores, accountId, caller);
  if (named.kind === 'refused') return named;
  const { id, number, owner } = named.extension;
  const desk = owner.kind === 'user' ? await stores.hotDeskSessions.activeOf(owner.id) : null;
  if (desk !== null) return { kind: 'device', deviceId: desk.deviceId };
  const deviceIds = (await devicesOfExtension(stores, accountId, id)).map((device) => device.id);
  const guests = await stores.hotDeskSessions.active(accountId, { deviceIds });
  const lent = new Set(guests.map((session) => session.deviceId));
  const deviceId = deviceIds.find((each) => !lent.has(each));
  if (deviceId !== undefined) return { kind: 'device', deviceId };
  return refused('invalid', 'caller', lent.size > 0
    ? `Guests use the phones of extension ${number}. Give device_id.`
    : `Extension ${number} has no phone to call from. Assign one, or give device_id.`);
}

async function extensionOf(
  stores: Stores, accountId: AccountId, { user, extension }: CallerName,
): Promise<{ kind: 'extension'; extension: Extension } | Refused> {
  if (user !== null) {
    const view = await findPhoneUser(stores, accountId, user);
    return view
      ? { kind: 'extension', extension: view.extension }
      : refused('invalid', 'caller.user_id', 'There is no phone user with this id or e-mail address.', user);
  }
  if (extension === null) {
    return refused('invalid', 'device_id', 'Say who calls: device_id, caller.user_id or caller.extension.');
  }
  const [first, ...others] = await stores.extensions.byNumber(accountId, extension);
  if (!first) return refused('invalid', 'caller.extension', 'Nobody has this extension.', extension);
  if (others.length > 0) {
    return refused(
      'invalid', 'caller.extension', 'Several sites have this extension. Give device_id or caller.user_id.', extension,
    );
  }
  return { kind: 'extension', extension: first };
}
