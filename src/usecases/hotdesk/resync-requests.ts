import type { AccountId, DeviceId } from '../../domain/ids.js';
import { PHONE_FAMILIES, type LabelRefresh, type PhoneFamily } from '../../domain/device/phone-families.js';
import { labelRefreshOf, recognisePhone, type KnownPhone } from '../../domain/device/phone-families-recognise.js';
import { wantedResync, type DeviceResync } from '../../domain/device/resync-machine.js';
import type { Device } from '../../domain/device/device.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { LocationService } from '../../ports/location-service.js';
import { deviceNotFound } from '../admin/not-found.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

export interface ResyncRequestDeps extends ChangeDeps {
  readonly stores: Pick<Stores, 'devices' | 'deviceResyncs'>;
  readonly locations: Pick<LocationService, 'bindings'>;
}

/** What the API shows of a phone's re-sync. Instants are epoch milliseconds. */
export interface DeviceResyncView {
  readonly deviceId: DeviceId;
  readonly family: PhoneFamily;
  readonly model: string;
  readonly firmware: string | null;
  /** Whether signing in changes this phone's label. */
  readonly labelRefresh: LabelRefresh;
  /** Event of the NOTIFY; null = none known for this phone, so it cannot be asked. */
  readonly event: string | null;
  /** Contacts it would go to now. */
  readonly contacts: number;
  /** Null: it was never asked. */
  readonly resync: DeviceResync | null;
}

/** What became of the newest re-sync of a phone, and what is known of the phone. Throws StorageFault. */
export async function showResync(deps: ResyncRequestDeps, accountId: AccountId, deviceId: DeviceId): Promise<Outcome<DeviceResyncView>> {
  const device = await deps.stores.devices.get(accountId, deviceId);
  if (device === null) return deviceNotFound(deviceId);
  return done(viewOf(device, await presence(deps, device), await deps.stores.deviceResyncs.get(deviceId)));
}

/**
 * A person asks a phone to read its configuration again: it is sent whatever becomes of the label, after calls, and begins anew
 * where it had failed. Refused for phones whose event is not known, since it might restart them.
 */
export async function askResync(deps: ResyncRequestDeps, actor: Actor, deviceId: DeviceId): Promise<Outcome<DeviceResyncView>> {
  const known = await deps.stores.devices.get(actor.accountId, deviceId);
  if (known === null) return deviceNotFound(deviceId);
  const there = await presence(deps, known);
  return change<DeviceResyncView>(deps, actor, async (draft) => {
    const { devices, deviceResyncs } = draft.stores;
    const device = await devices.get(draft.accountId, deviceId);
    if (device === null) return deviceNotFound(deviceId);
    if (PHONE_FAMILIES[there.phone.family].resyncEvent === null) {
      return refused('conflict', 'deviceId', 'Nothing is known of this make of phone: set its type and model, or restart it by hand.', deviceId);
    }
    const before = await deviceResyncs.get(deviceId);
    const fence = Math.max(before?.fence ?? 0, await deviceResyncs.newestFence(deviceId));
    const wanted = wantedResync({ deviceId, accountId: device.accountId, fence, byPerson: true }, draft.at, 0);
    await deviceResyncs.want(wanted);
    draft.audit({ aggregate: 'device', id: deviceId, action: 'resync-device', about: { fence } });
    return done(viewOf(device, there, wanted));
  });
}

interface Presence {
  readonly phone: KnownPhone;
  readonly contacts: number;
}

async function presence(deps: ResyncRequestDeps, device: Device): Promise<Presence> {
  const bindings = (await deps.locations.bindings([device.id])).get(device.id) ?? [];
  return { phone: recognisePhone(device, bindings[0]?.userAgent ?? null), contacts: bindings.length };
}

function viewOf(device: Device, { phone, contacts }: Presence, resync: DeviceResync | null): DeviceResyncView {
  return {
    deviceId: device.id, ...phone, contacts,
    labelRefresh: labelRefreshOf(phone),
    event: PHONE_FAMILIES[phone.family].resyncEvent,
    resync,
  };
}
