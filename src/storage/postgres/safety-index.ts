import type { AccountId, EmergencyAddressId, ExternalContactId, ServiceLocationId, SiteId } from '../../domain/ids.js';
import type { ExternalContact } from '../../domain/contacts/external-contact.js';
import { holderKey, type AddressHolder, type AddressUse, type EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import { locatable, type LocatableLocation } from '../../domain/emergency/locate.js';
import type { ServiceLocation } from '../../domain/emergency/service-location.js';
import type { SafetyDirectory } from '../../ports/safety-directory.js';
import { GroupIndex } from './group-index.js';

/** The maps behind `SafetyDirectory`; put and remove as in the directory's own index. */
export class SafetyIndex implements SafetyDirectory {
  readonly #addresses = new Map<EmergencyAddressId, EmergencyAddress>();
  readonly #addressesOfSite = new GroupIndex<EmergencyAddress>();
  readonly #uses = new Map<string, EmergencyAddressId>();
  readonly #locations = new Map<ServiceLocationId, LocatableLocation>();
  readonly #locationsOf = new GroupIndex<LocatableLocation>();
  readonly #contacts = new Map<ExternalContactId, ExternalContact>();
  readonly #contactsByNumber = new Map<string, ExternalContact>();
  readonly #contactsByExtension = new Map<string, ExternalContact>();

  address(id: EmergencyAddressId): EmergencyAddress | undefined {
    return this.#addresses.get(id);
  }
  addressOf(holder: AddressHolder): EmergencyAddress | undefined {
    const id = this.#uses.get(holderKey(holder));
    return id === undefined ? undefined : this.#addresses.get(id);
  }
  siteDefault(siteId: SiteId): EmergencyAddress | undefined {
    return this.#addressesOfSite.get(siteId).find(({ userId, isDefault }) => userId === null && isDefault);
  }
  location(id: ServiceLocationId): LocatableLocation | undefined {
    return this.#locations.get(id);
  }
  locations(accountId: AccountId): readonly LocatableLocation[] {
    return this.#locationsOf.get(accountId);
  }
  contactByNumber(accountId: AccountId, number: string): ExternalContact | undefined {
    return this.#contactsByNumber.get(within(accountId, number));
  }
  contactByExtension(accountId: AccountId, number: string): ExternalContact | undefined {
    return this.#contactsByExtension.get(within(accountId, number));
  }

  putAddress(address: EmergencyAddress): void {
    this.removeAddress(address.id);
    this.#addresses.set(address.id, address);
    this.#addressesOfSite.add(address.siteId, address);
  }
  removeAddress(id: EmergencyAddressId): void {
    const old = this.#addresses.get(id);
    if (old === undefined) return;
    this.#addressesOfSite.remove(old.siteId, id);
    this.#addresses.delete(id);
  }

  putUse({ holder, addressId }: AddressUse): void {
    this.#uses.set(holderKey(holder), addressId);
  }
  removeUse(key: string): void {
    this.#uses.delete(key);
  }

  putLocation(location: ServiceLocation): void {
    const found = locatable(location);
    this.#locations.set(location.id, found);
    this.#locationsOf.add(location.accountId, found);
  }
  removeLocation(id: ServiceLocationId): void {
    const old = this.#locations.get(id);
    if (old !== undefined) this.#locationsOf.remove(old.location.accountId, id);
    this.#locations.delete(id);
  }

  putContact(contact: ExternalContact): void {
    this.removeContact(contact.id);
    this.#contacts.set(contact.id, contact);
    for (const number of contact.phoneNumbers) this.#contactsByNumber.set(within(contact.accountId, number), contact);
    if (contact.extensionNumber !== null) this.#contactsByExtension.set(within(contact.accountId, contact.extensionNumber), contact);
  }
  removeContact(id: ExternalContactId): void {
    const old = this.#contacts.get(id);
    if (old === undefined) return;
    const forget = (index: Map<string, ExternalContact>, text: string): void => {
      const key = within(old.accountId, text);
      if (index.get(key)?.id === id) index.delete(key);
    };
    for (const number of old.phoneNumbers) forget(this.#contactsByNumber, number);
    if (old.extensionNumber !== null) forget(this.#contactsByExtension, old.extensionNumber);
    this.#contacts.delete(id);
  }

  /** What a site takes along when it goes. */
  removeSite(siteId: SiteId): void {
    for (const { id } of this.#addressesOfSite.get(siteId)) this.removeAddress(id);
    for (const { id, location } of [...this.#locations.values()]) if (location.siteId === siteId) this.removeLocation(id);
  }
  /** What a person, a common area or a phone takes along. */
  removeHolder(holder: AddressHolder): void {
    this.removeUse(holderKey(holder));
    if (holder.kind !== 'user') return;
    for (const { id, userId } of [...this.#addresses.values()]) if (userId === holder.id) this.removeAddress(id);
  }
}

/** Key of something unique in its account; ids hold no space. */
function within(accountId: AccountId, text: string): string {
  return `${accountId} ${text}`;
}
