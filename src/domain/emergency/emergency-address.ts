import { asId, type AccountId, type CommonAreaId, type DeviceId, type EmergencyAddressId, type SiteId, type UserId } from '../ids.js';
import type { PostalAddress } from '../identity/site.js';

/** Where help is sent: an address of a site, or one that a person has there alone. */
export interface EmergencyAddress extends PostalAddress {
  readonly id: EmergencyAddressId;
  readonly accountId: AccountId;
  readonly siteId: SiteId;
  /** Whose own it is; null = the site's, which anybody and anything there may have. */
  readonly userId: UserId | null;
  readonly vatNumber: string;
  /** Of a site's: what its desks without another have, one a site. Of a person's: the one that this person has. */
  readonly isDefault: boolean;
  readonly createdAt: number;
}

/** Who or what may be given an address of its own instead of its site's. */
export type AddressHolder =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'common_area'; readonly id: CommonAreaId }
  | { readonly kind: 'device'; readonly id: DeviceId };

/** A holder's address, chosen by an administrator or by the person. */
export interface AddressUse {
  readonly holder: AddressHolder;
  readonly addressId: EmergencyAddressId;
}

/** One text for a holder, as events and indexes name it. */
export function holderKey(holder: AddressHolder): string {
  return `${holder.kind}:${holder.id}`;
}

/** The holder that `holderKey` named; null for any other text. */
export function holderOf(key: string): AddressHolder | null {
  const separator = key.indexOf(':');
  const id = key.slice(separator + 1);
  switch (key.slice(0, Math.max(0, separator))) {
    case 'user': return { kind: 'user', id: asId<UserId>(id) };
    case 'common_area': return { kind: 'common_area', id: asId<CommonAreaId>(id) };
    case 'device': return { kind: 'device', id: asId<DeviceId>(id) };
    default: return null;
  }
}

/** On one line, as people and records read it. */
export function addressText(address: PostalAddress): string {
  const place = [address.stateCode, address.zip].filter((part) => part !== '').join(' ');
  return [address.addressLine1, address.addressLine2, address.city, place, address.country].filter((part) => part !== '').join(', ');
}
