import type { LocationService } from '../../ports/location-service.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import type { AdminDeps } from './admin-deps.js';
import { deviceNotFound } from './not-found.js';
import { findDevice } from './resolve.js';

/**
 * Ends registrations of a device: all, or the one with this contact URI. Its credentials stay, so the phone may come
 * back.
 * Returns how many went; none is refused as not found. Throws StorageFault while Redis is away.
 */
export async function dropRegistrations(
  deps: AdminDeps & { readonly locations: LocationService }, actor: Actor, deviceId: string, contactUri: string | null,
): Promise<Outcome<number>> {
  const device = await findDevice(deps.stores, actor.accountId, deviceId);
  if (!device) return deviceNotFound(deviceId);
  const dropped = await deps.locations.drop(device.id, contactUri, 'dropped');
  if (dropped === 0) {
    return refused(
      'not-found', contactUri === null ? 'deviceId' : 'contactId', 'The device has no such registration.',
      contactUri ?? deviceId,
    );
  }
  return change(deps, actor, async (draft) => {
    draft.note({
      aggregate: 'device', id: device.id, change: 'updated', action: 'drop-registrations',
      before: { registrations: dropped }, after: { registrations: 0, contact: contactUri ?? 'all' },
    });
    return done(dropped);
  });
}
