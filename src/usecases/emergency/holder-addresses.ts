import type { AddressHolder, EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import { holderKey } from '../../domain/emergency/emergency-address.js';
import type { PostalAddress } from '../../domain/identity/site.js';
import { asId, type EmergencyAddressId, type SiteId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import { deviceNotFound, phoneUserNotFound } from '../admin/not-found.js';
import { findDevice, findPhoneUser } from '../admin/resolve.js';
import { chainOf } from '../admin/setting-places.js';
import { readSettings } from '../admin/settings.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { done, named, refused, type Outcome, type Refused } from '../outcome.js';
import { addAddressIn, useAddress } from './emergency-addresses.js';

/**
 * Gives a user, common area or device an address inside a larger change: one of its site's, or, for a user, one of the user's own. '' is
 * the site's default again. Refused by `emergency_address_id`.
 */
export async function chooseAddress(draft: Draft, holder: AddressHolder, siteId: SiteId, addressId: string): Promise<Refused | null> {
  const before = await draft.stores.emergencyAddresses.addressOf(draft.accountId, holder);
  if (addressId === '') {
    if (before !== null) await noteUse(draft, holder, before, null);
    return null;
  }
  const address = await draft.stores.emergencyAddresses.get(draft.accountId, asId<EmergencyAddressId>(addressId));
  if (address === null) {
    return refused('invalid', 'emergency_address_id', 'There is no emergency address with this id. GET /v2/phone/emergency_addresses lists them.', addressId);
  }
  const fits = address.userId === null ? address.siteId === siteId : holder.kind === 'user' && address.userId === holder.id;
  if (!fits) {
    const text = address.userId === null ? 'This address belongs to another site. Choose one of its own site.' : 'This address is the own one of another person.';
    return refused('invalid', 'emergency_address_id', text, addressId);
  }
  if (before?.id !== address.id) await noteUse(draft, holder, before, address);
  return null;
}

async function noteUse(draft: Draft, holder: AddressHolder, before: EmergencyAddress | null, after: EmergencyAddress | null): Promise<void> {
  await useAddress(draft, holder, after?.id ?? null);
  draft.audit({
    aggregate: 'emergency_address_use', id: holderKey(holder), action: 'choose-emergency-address',
    about: { before: before?.id ?? '', after: after?.id ?? '' },
  });
}

/** Sets a device's own address; '' takes it off, and that of its owner, common area or site counts. */
export function setDeviceAddress(deps: ChangeDeps, actor: Actor, deviceId: string, addressId: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const device = await findDevice(draft.stores, draft.accountId, deviceId);
    if (device === null) return deviceNotFound(deviceId);
    return await chooseAddress(draft, { kind: 'device', id: device.id }, device.siteId, addressId) ?? done(null);
  });
}

export interface OwnAddressWish {
  /** An address there is; '' = the site's default. */
  readonly addressId?: string;
  /** A new one of the person's own. */
  readonly address?: PostalAddress;
  /** The person for whom a portal acts; null = an administrator's doing. */
  readonly actingUser: string | null;
}

/**
 * Sets the address of a person, by an administrator or, where `emergency_address_management` of person, site or account allows it, by the
 * person through a portal.
 */
export function setOwnAddress(deps: ChangeDeps, actor: Actor, userId: string, wish: OwnAddressWish): Promise<Outcome<EmergencyAddress | null>> {
  return change(deps, actor, async (draft) => {
    const view = await findPhoneUser(draft.stores, draft.accountId, userId);
    if (view === null) return phoneUserNotFound(userId);
    const problem = await actingProblem(draft, view.phone.id, wish.actingUser);
    if (problem !== null) return problem;
    const holder = { kind: 'user', id: view.phone.id } as const;
    if (wish.address !== undefined) {
      if (wish.addressId !== undefined) return refused('invalid', 'emergency_address_id', 'Give an address there is, or a new one: not both.', wish.addressId);
      const added = await addAddressIn(draft, { address: wish.address, isDefault: true, userId: view.phone.id });
      return added.kind === 'refused' ? added : done<EmergencyAddress | null>(added.value);
    }
    if (wish.addressId === undefined) return refused('invalid', 'emergency_address_id', 'Give emergency_address_id, or address.');
    const refusal = await chooseAddress(draft, holder, view.site.id, wish.addressId);
    return refusal ?? done(await draft.stores.emergencyAddresses.addressOf(draft.accountId, holder));
  });
}

async function actingProblem(draft: Draft, userId: string, person: string | null): Promise<Refused | null> {
  if (person === null) return null;
  const view = await findPhoneUser(draft.stores, draft.accountId, person);
  if (view === null) return named('acting_user_id', { ...phoneUserNotFound(person), why: 'invalid' });
  if (view.phone.id !== userId) {
    return refused('conflict', 'acting_user_id', 'People change their own address only. Leave the field out to change it as administrator.', person);
  }
  if (await mayManageAddress(draft.stores, draft.accountId, view.site.id, view.extension.id)) return null;
  return refused('conflict', 'acting_user_id', 'This person may not manage the own emergency address. Turn on emergency_address_management for person, site or account.', person);
}

/** Whether a person may change the own address: the setting of person, site, account, the nearest that is not locked out. */
export async function mayManageAddress(stores: Stores, accountId: Draft['accountId'], siteId: string, extensionId: string): Promise<boolean> {
  const reading = await readSettings(stores, accountId, chainOf(accountId, { siteId, extensionId }), ['emergency_address_management']);
  return reading.get('emergency_address_management').value.enable;
}
