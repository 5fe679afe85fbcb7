import { addressText, type EmergencyAddress } from './emergency-address.js';
import type { ServiceLocation } from './service-location.js';

/** Whose address a desk has, in the order in which they are asked. */
export type AddressOrigin = 'location' | 'device' | 'user' | 'common_area' | 'site';

/** What is known of the addresses around a desk. Nothing of a guest is among it: a guest takes no address along. */
export interface DeskAddressFacts {
  /** Site of the phone. */
  readonly siteId: EmergencyAddress['siteId'];
  /** The location that the phone is seen in now, with its address and the number to be called back at. */
  readonly location: { readonly location: ServiceLocation; readonly address: EmergencyAddress | undefined; readonly elin: string } | null;
  readonly device: EmergencyAddress | undefined;
  /** Of the phone's own user or common area. */
  readonly owner: { readonly kind: 'user' | 'common_area'; readonly address: EmergencyAddress } | null;
  readonly siteDefault: EmergencyAddress | undefined;
}

/** Where help is sent when this desk calls. */
export interface DeskAddress {
  /** Null where nobody entered any. */
  readonly address: EmergencyAddress | null;
  readonly origin: AddressOrigin | null;
  readonly location: ServiceLocation | null;
  /** E.164; '' = none. */
  readonly elin: string;
}

/**
 * The desk's address: that of the location the phone is seen in, else one set for the phone, else that of its owner or common area, else the
 * site's. A site's address chosen by the owner counts at desks of that site only; the person's own counts at each of their desks.
 */
export function deskAddress(facts: DeskAddressFacts): DeskAddress {
  const { location, owner } = facts;
  const around = { location: location?.location ?? null, elin: location?.elin ?? '' };
  const ownersCounts = owner !== null && (owner.address.userId !== null || owner.address.siteId === facts.siteId);
  const candidates: readonly (readonly [AddressOrigin, EmergencyAddress | undefined])[] = [
    ['location', location?.address],
    ['device', facts.device],
    [owner?.kind ?? 'user', ownersCounts ? owner.address : undefined],
    ['site', facts.siteDefault],
  ];
  for (const [origin, address] of candidates) if (address !== undefined) return { address, origin, ...around };
  return { address: null, origin: null, ...around };
}

const ORIGIN_TEXT: Readonly<Record<AddressOrigin, string>> = {
  location: 'the location that the phone is in', device: 'the phone', user: "the phone's user", common_area: "the phone's common area", site: 'the site',
};

/** In one sentence. */
export function describeDesk({ address, origin, location, elin }: DeskAddress): string {
  const where = location === null ? '' : ` The phone is in location ${location.name}.`;
  const back = elin === '' ? '' : ` It is called back at ${elin}.`;
  if (address === null || origin === null) return `No emergency address is known for this desk.${where}${back}`;
  return `Help is sent to ${addressText(address)}: the address of ${ORIGIN_TEXT[origin]}.${where}${back}`;
}
