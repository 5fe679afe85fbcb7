import type { Device } from '../../domain/device/device.js';
import { redirectVendorOf, wantedListing } from '../../domain/provisioning/redirect-machine.js';
import type { Draft } from '../change.js';

/** The maker's service is to send the phone to the window that was just opened, where the account has access to one. */
export async function wantListing(draft: Draft, device: Device): Promise<void> {
  const vendor = redirectVendorOf(device.type);
  if (vendor === null) return;
  const { redirectServices, redirectListings } = draft.stores;
  if ((await redirectServices.get(device.accountId, vendor))?.active !== true) return;
  await redirectListings.put(wantedListing({ accountId: device.accountId, macAddress: device.macAddress, vendor, deviceId: device.id }, draft.at));
}

/** The maker's service is to forget the phone: it was removed, or another one stands for the device. */
export async function leaveListing(draft: Draft, device: Pick<Device, 'accountId' | 'macAddress'>): Promise<void> {
  await draft.stores.redirectListings.leave(device.accountId, device.macAddress, draft.at);
}
