import type { AccountId, EmergencyAddressId, ServiceLocationId, SiteId } from '../domain/ids.js';
import type { ExternalContact } from '../domain/contacts/external-contact.js';
import type { AddressHolder, EmergencyAddress } from '../domain/emergency/emergency-address.js';
import type { LocatableLocation } from '../domain/emergency/locate.js';

/** Addresses, locations and outside names as the call path sees them: in memory, like the directory they are part of. */
export interface SafetyDirectory {
  address(id: EmergencyAddressId): EmergencyAddress | undefined;
  /** What the holder was given; undefined = nothing of its own. */
  addressOf(holder: AddressHolder): EmergencyAddress | undefined;
  siteDefault(siteId: SiteId): EmergencyAddress | undefined;
  location(id: ServiceLocationId): LocatableLocation | undefined;
  locations(accountId: AccountId): readonly LocatableLocation[];
  /** By E.164 number. */
  contactByNumber(accountId: AccountId, number: string): ExternalContact | undefined;
  contactByExtension(accountId: AccountId, number: string): ExternalContact | undefined;
}
