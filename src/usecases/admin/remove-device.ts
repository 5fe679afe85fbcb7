import type { Device } from '../../domain/device/device.js';
import type { LocationService } from '../../ports/location-service.js';
import { StorageFault } from '../../ports/runtime.js';
import { endSessionsOf, type EndingDeps } from '../hotdesk/session-step.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, type Outcome } from '../outcome.js';
import { leaveListing } from '../redirect/redirect-listings.js';
import type { AdminDeps } from './admin-deps.js';
import { forgetSettings } from './forget-settings.js';
import { deviceNotFound } from './not-found.js';
import { findDevice } from './resolve.js';

export interface RemoveDeviceDeps extends AdminDeps {
  readonly locations: LocationService;
}

/** Removes a device, its credentials and its live registrations. */
export async function removeDevice(deps: RemoveDeviceDeps, actor: Actor, deviceId: string): Promise<Outcome<Device>> {
  const outcome = await change<Device>(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (!device) return deviceNotFound(deviceId);
    await removeDeviceIn(deps, draft, device);
    return done(device);
  });
  if (outcome.kind === 'done') {
    try {
      await deps.locations.drop(outcome.value.id, null, 'dropped');
    } catch (fault) {
      if (!(fault instanceof StorageFault)) throw fault;
      // The device is gone from the directory, so its bindings are never rung; they expire by themselves.
      deps.log.warn('registrations of a removed device left to expire', { deviceId: outcome.value.id, err: fault });
    }
  }
  return outcome;
}

/** The same inside a larger change; its live registrations are dropped by whoever committed it. */
export async function removeDeviceIn(deps: EndingDeps, draft: Draft, device: Device): Promise<void> {
  await endSessionsOf(deps, draft, { deviceId: device.id }, 'device-removed');
  await forgetSettings(draft, { scope: 'device', scopeId: device.id });
  await draft.stores.signInLocks.clear(draft.accountId, { deviceId: device.id });
  await leaveListing(draft, device);
  await draft.stores.devices.delete(device.id);
  draft.note({
    aggregate: 'device', id: device.id, change: 'deleted', action: 'remove-device', before: device, after: null,
  });
}
