import { parseSipUri } from '../domain/addressing/sip-uri.js';
import { deskAddress, type DeskAddress, type DeskAddressFacts } from '../domain/emergency/desk-address.js';
import { elinOf, locate, type LocatableLocation, type NetworkPlace } from '../domain/emergency/locate.js';
import type { EmergencyDesk } from '../domain/calls/call-event.js';
import { addressText } from '../domain/emergency/emergency-address.js';
import type { Binding, Flow } from '../domain/registration/binding.js';
import type { Device } from '../domain/device/device.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService } from '../ports/location-service.js';

/**
 * Where help is sent when this phone calls, from memory. `bindings` are the phone's live ones; `flow` is that of its call, which tells
 * better where it is now. Who is signed in as guest is never asked.
 */
export function deskEmergency(
  directory: Pick<Directory, 'safety' | 'extension'>, device: Device, bindings: readonly Binding[], flow: Flow | null = null,
): DeskAddress {
  const { safety } = directory;
  return deskAddress({
    siteId: device.siteId,
    location: locationOf(directory, device, bindings, flow),
    device: safety.addressOf({ kind: 'device', id: device.id }),
    owner: ownerAddress(directory, device),
    siteDefault: safety.siteDefault(device.siteId),
  });
}

/** The same with the phone's bindings read first. */
export async function deskEmergencyNow(
  deps: { readonly directory: Pick<Directory, 'safety' | 'extension'>; readonly locations: Pick<LocationService, 'bindings'> }, device: Device,
): Promise<DeskAddress> {
  const bindings = await deps.locations.bindings([device.id]);
  return deskEmergency(deps.directory, device, bindings.get(device.id) ?? []);
}

/** The same for a call record: what it was at that moment, whatever becomes of the address. */
export function emergencyNote({ address, origin, location, elin }: DeskAddress): EmergencyDesk {
  return {
    addressId: address?.id ?? '', address: address === null ? '' : addressText(address), origin: origin ?? '',
    locationId: location?.id ?? '', location: location?.name ?? '', elin,
  };
}

function locationOf(
  { safety }: Pick<Directory, 'safety'>, device: Device, bindings: readonly Binding[], flow: Flow | null,
): DeskAddressFacts['location'] {
  const locations = safety.locations(device.accountId);
  if (locations.length === 0) return null;
  const found = placesOf(device, bindings, flow).reduce<LocatableLocation | null>((first, place) => first ?? locate(locations, place), null);
  if (found === null) return null;
  return {
    location: found.location, address: safety.address(found.location.emergencyAddressId), elin: elinOf(found, (id) => safety.location(id)),
  };
}

/** The flow of the call first, then the bindings, the newest first. */
function placesOf(device: Device, bindings: readonly Binding[], flow: Flow | null): readonly NetworkPlace[] {
  const { siteId } = device;
  const newest = [...bindings].sort((a, b) => b.registeredAt - a.registeredAt);
  const registered = newest.map((binding) => ({ siteId, source: binding.flow.address, contactHost: hostOf(binding) }));
  if (flow === null) return registered;
  const own = newest.find((binding) => binding.flow.address === flow.address);
  return [{ siteId, source: flow.address, contactHost: own === undefined ? '' : hostOf(own) }, ...registered];
}

function hostOf(binding: Binding): string {
  return parseSipUri(binding.contactUri)?.host ?? '';
}

function ownerAddress(directory: Pick<Directory, 'safety' | 'extension'>, device: Device): DeskAddressFacts['owner'] {
  const { safety } = directory;
  const [first] = device.assignees;
  const owner = first === undefined ? undefined : directory.extension(first)?.owner;
  if (owner === undefined) return null;
  const address = owner.kind === 'user' ? safety.addressOf({ kind: 'user', id: owner.id }) : safety.addressOf({ kind: 'common_area', id: owner.id });
  return address === undefined ? null : { kind: owner.kind, address };
}
