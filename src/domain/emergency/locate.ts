import type { ServiceLocationId, SiteId } from '../ids.js';
import { longestMatch, parseAddress, parseNetwork, type Address, type Network } from './network.js';
import type { ServiceLocation } from './service-location.js';

/** A location with its networks read once. */
export interface LocatableLocation {
  readonly id: ServiceLocationId;
  readonly location: ServiceLocation;
  readonly privateNetworks: readonly Network[];
  readonly publicNetworks: readonly Network[];
}

/** Networks that cannot be read are left out. */
export function locatable(location: ServiceLocation): LocatableLocation {
  const read = (texts: readonly string[]): readonly Network[] => texts.flatMap((text) => parseNetwork(text) ?? []);
  return {
    id: location.id, location, privateNetworks: read(location.privateNetworks), publicNetworks: read(location.publicNetworks),
  };
}

/** Where a phone is seen from. */
export interface NetworkPlace {
  /** Site of the phone in the configuration: breaks ties. */
  readonly siteId: SiteId;
  /** Source of its REGISTER or INVITE. */
  readonly source: string;
  /** Host of its Contact, which behind a NAT is its own address; '' = unknown. */
  readonly contactHost: string;
}

interface Match {
  readonly found: LocatableLocation;
  readonly privateBits: number;
  readonly publicBits: number;
  readonly depth: number;
}

/**
 * The location that a phone is in, by its networks; null = in none. A private network that holds the phone's own address decides before a
 * public one alone, then the longer prefix, then the location further in, then one of the phone's own site, then the older one.
 * A location without a public network of its own lies behind that of the location around it. A phone that is seen without a NAT shows no
 * public address, so that only its own address counts. Switches and access points are not reported by phones, and decide nothing.
 */
export function locate(locations: readonly LocatableLocation[], place: NetworkPlace): LocatableLocation | null {
  const byId = new Map(locations.map((each) => [each.id, each]));
  const source = parseAddress(place.source);
  const contact = parseAddress(place.contactHost);
  const own = contact ?? source;
  const behindNat = contact !== null && source !== null && (contact.family !== source.family || contact.value !== source.value);
  const matches = locations.flatMap((found) => matchOf(found, byId, { source, own, behindNat }) ?? []);
  return matches.sort((a, b) => compare(a, b, place.siteId))[0]?.found ?? null;
}

interface Seen {
  readonly source: Address | null;
  readonly own: Address | null;
  readonly behindNat: boolean;
}

function matchOf(found: LocatableLocation, byId: ReadonlyMap<ServiceLocationId, LocatableLocation>, { source, own, behindNat }: Seen): Match | null {
  const around = lineOf(found, byId);
  const outer = around.find((each) => each.publicNetworks.length > 0)?.publicNetworks ?? [];
  const privateBits = longestMatch(found.privateNetworks, own);
  const publicBits = longestMatch(outer, source);
  const { minimumMatchCriteria } = found.location;
  const depth = around.length;
  if (privateBits >= 0) {
    const publicHolds = outer.length === 0 || publicBits >= 0 || !behindNat;
    return publicHolds ? { found, privateBits, publicBits, depth } : null;
  }
  // An inherited public network says that the phone is in the outer location, not that it is in this one.
  const bits = longestMatch(found.publicNetworks, source);
  return bits >= 0 && !minimumMatchCriteria ? { found, privateBits, publicBits: bits, depth } : null;
}

/** The location and those around it, from inside out; a ring, which nobody can make, would end at its first repetition. */
function lineOf(found: LocatableLocation, byId: ReadonlyMap<ServiceLocationId, LocatableLocation>): readonly LocatableLocation[] {
  const line: LocatableLocation[] = [];
  for (let at: LocatableLocation | undefined = found; at !== undefined && !line.includes(at);) {
    line.push(at);
    at = at.location.parentId === null ? undefined : byId.get(at.location.parentId);
  }
  return line;
}

function compare(a: Match, b: Match, siteId: SiteId): number {
  const home = (match: Match): number => (match.found.location.siteId === siteId ? 1 : 0);
  return b.privateBits - a.privateBits || b.publicBits - a.publicBits || b.depth - a.depth || home(b) - home(a)
    || (a.found.id < b.found.id ? -1 : 1);
}

/** The number to be called back at: the location's own, else that of the nearest one around it that has one; '' = none. */
export function elinOf(found: LocatableLocation, byId: (id: ServiceLocationId) => LocatableLocation | undefined): string {
  const seen = new Set<ServiceLocationId>();
  for (let at: LocatableLocation | undefined = found; at !== undefined && !seen.has(at.id);) {
    if (at.location.elin !== '') return at.location.elin;
    seen.add(at.id);
    at = at.location.parentId === null ? undefined : byId(at.location.parentId);
  }
  return '';
}
