import { parseNetwork } from '../../domain/emergency/network.js';
import type { NetworkSwitch, ServiceLocation } from '../../domain/emergency/service-location.js';
import { asId, type EmergencyAddressId, type ServiceLocationId } from '../../domain/ids.js';
import type { Site } from '../../domain/identity/site.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { siteById } from '../admin/resolve.js';
import { readElin } from './elin.js';

export const locationNotFound = (id: string): Refused => refused('not-found', 'locationId', 'There is no emergency service location with this id.', id);

export interface LocationFields {
  readonly name: string;
  readonly emergencyAddressId: string;
  /** Id of a number of the account, or E.164; '' = that of the location around it. */
  readonly elin: string;
  /** Lists as typed: separated by commas or blanks. */
  readonly bssid: string;
  readonly privateIp: string;
  readonly publicIp: string;
  readonly networkSwitches: readonly NetworkSwitch[];
  readonly sipGroup: string;
  readonly minimumMatchCriteria: boolean;
}
export interface NewLocation extends LocationFields {
  readonly siteId?: string;
  readonly parentId: string;
  readonly identifier: string | null;
}

export function addLocation(deps: ChangeDeps, actor: Actor, wanted: NewLocation): Promise<Outcome<ServiceLocation>> {
  return change(deps, actor, async (draft) => {
    const site = await siteById(draft.stores, draft.accountId, wanted.siteId);
    return site.kind === 'refused' ? site : addLocationIn(draft, site.site, wanted);
  });
}

/** The same inside a larger change. */
export async function addLocationIn(draft: Draft, site: Site, wanted: NewLocation): Promise<Outcome<ServiceLocation>> {
  const parent = wanted.parentId === '' ? null : await draft.stores.serviceLocations.get(draft.accountId, asId<ServiceLocationId>(wanted.parentId));
  if (wanted.parentId !== '' && parent?.siteId !== site.id) {
    return refused('invalid', 'parent_location_id', 'There is no location with this id at the site.', wanted.parentId);
  }
  if (wanted.identifier !== null && await draft.stores.serviceLocations.byIdentifier(draft.accountId, wanted.identifier) !== null) {
    return refused('conflict', 'identifier', 'Another location has this identifier.', wanted.identifier);
  }
  const read = await readFields(draft, site, wanted, parent === null);
  if (read.kind === 'refused') return read;
  const location: ServiceLocation = {
    ...read.value, id: asId<ServiceLocationId>(draft.newId()), accountId: draft.accountId, siteId: site.id, identifier: wanted.identifier,
    parentId: parent?.id ?? null, createdAt: draft.at,
  };
  await draft.stores.serviceLocations.insert(location);
  draft.note({ aggregate: 'emergency_location', id: location.id, change: 'created', action: 'add-emergency-location', before: null, after: location });
  return done(location);
}

/** Changes what is given and keeps the rest; the location stays in its site and inside the one around it. */
export function updateLocation(deps: ChangeDeps, actor: Actor, id: string, wanted: Partial<LocationFields>): Promise<Outcome<ServiceLocation>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.serviceLocations.get(draft.accountId, asId<ServiceLocationId>(id));
    const site = before === null ? null : await draft.stores.sites.get(draft.accountId, before.siteId);
    if (before === null || site === null) return locationNotFound(id);
    const read = await readFields(draft, site, { ...typed(before), ...wanted }, before.parentId === null);
    if (read.kind === 'refused') return read;
    await draft.stores.serviceLocations.update(before.id, read.value);
    const after = { ...before, ...read.value };
    draft.note({ aggregate: 'emergency_location', id: before.id, change: 'updated', action: 'update-emergency-location', before, after });
    return done(after);
  });
}

/** Removes a location that none lies in. */
export function removeLocation(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<ServiceLocation>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.serviceLocations.get(draft.accountId, asId<ServiceLocationId>(id));
    if (before === null) return locationNotFound(id);
    const inside = await draft.stores.serviceLocations.children(before.id);
    if (inside > 0) return refused('conflict', 'locationId', `${inside} locations lie in this one. Remove them first.`, id);
    await draft.stores.serviceLocations.delete(before.id);
    draft.note({ aggregate: 'emergency_location', id: before.id, change: 'deleted', action: 'remove-emergency-location', before, after: null });
    return done(before);
  });
}

function typed(location: ServiceLocation): LocationFields {
  return {
    name: location.name, emergencyAddressId: location.emergencyAddressId, elin: location.elinPhoneNumberId || location.elin, bssid: location.bssids.join(','),
    privateIp: location.privateNetworks.join(','), publicIp: location.publicNetworks.join(','), networkSwitches: location.networkSwitches,
    sipGroup: location.sipGroup, minimumMatchCriteria: location.minimumMatchCriteria,
  };
}

type ReadFields = Omit<ServiceLocation, 'id' | 'accountId' | 'siteId' | 'identifier' | 'parentId' | 'createdAt'>;

async function readFields(
  draft: Draft, site: Site, wanted: LocationFields, top: boolean,
): Promise<{ readonly kind: 'read'; readonly value: ReadFields } | Refused> {
  const address = await draft.stores.emergencyAddresses.get(draft.accountId, asId<EmergencyAddressId>(wanted.emergencyAddressId));
  const elin = await readElin(draft, site, wanted.elin);
  const privateNetworks = listOf(wanted.privateIp);
  const publicNetworks = listOf(wanted.publicIp);
  const bssids = listOf(wanted.bssid).map(hexOf);
  const problems: Refused[] = [];
  if (address?.siteId !== site.id || address.userId !== null) {
    problems.push(refused('invalid', 'emergency_address_id', 'This is no address of the site. GET /v2/phone/emergency_addresses lists them.', wanted.emergencyAddressId));
  }
  if (elin.kind === 'refused') problems.push(elin);
  for (const [field, networks] of [['private_ip', privateNetworks], ['public_ip', publicNetworks]] as const) {
    for (const text of networks) {
      if (parseNetwork(text) === null) problems.push(refused('invalid', field, 'Give addresses or ranges such as 10.1.0.0/16, separated by commas; host bits of a range are 0.', text));
    }
  }
  for (const bssid of bssids) if (!isHex(bssid)) problems.push(refused('invalid', 'bssid', 'A BSSID has twelve hex digits.', bssid));
  // Deviation: a top location may be known by the phones' own networks alone, since servers in the same network see no public address.
  if (top && privateNetworks.length === 0 && publicNetworks.length === 0) {
    problems.push(refused('invalid', 'public_ip', 'A location that lies in no other needs public_ip, or private_ip where phones are reached without NAT.'));
  }
  if (wanted.minimumMatchCriteria && privateNetworks.length === 0 && bssids.length === 0 && wanted.networkSwitches.length === 0) {
    problems.push(refused('invalid', 'private_ip', 'With minimum_match_criteria, give private_ip, bssid or network_switches as well.'));
  }
  if (problems.length > 0 || elin.kind === 'refused' || address === null) return allOf(problems);
  return {
    kind: 'read',
    value: {
      name: wanted.name, emergencyAddressId: address.id, elin: elin.number, elinPhoneNumberId: elin.id, bssids, networkSwitches: wanted.networkSwitches,
      privateNetworks, publicNetworks, sipGroup: wanted.sipGroup, minimumMatchCriteria: wanted.minimumMatchCriteria,
    },
  };
}

function listOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

function hexOf(text: string): string {
  return text.replace(/[:-]/g, '').toLowerCase();
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{12}$/.test(text);
}
