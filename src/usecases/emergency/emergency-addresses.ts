import { addressProblems } from '../../domain/emergency/address-rules.js';
import type { EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import type { PostalAddress, Site } from '../../domain/identity/site.js';
import { asId, type EmergencyAddressId } from '../../domain/ids.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { findPhoneUser, siteById } from '../admin/resolve.js';

export const emergencyAddressNotFound = (id: string): Refused =>
  refused('not-found', 'emergencyAddressId', 'There is no emergency address with this id.', id);

export interface NewEmergencyAddress {
  readonly address: PostalAddress;
  readonly vatNumber?: string;
  readonly isDefault: boolean;
  /** Of a site's address; missing with `userId` = the main site. */
  readonly siteId?: string;
  /** Id or e-mail address of the person whose own it is. */
  readonly userId?: string;
}

/** Adds an address of a site, or one of a person's own. The first of each is the one that counts, whatever `isDefault` says. */
export function addEmergencyAddress(deps: ChangeDeps, actor: Actor, wanted: NewEmergencyAddress): Promise<Outcome<EmergencyAddress>> {
  return change(deps, actor, (draft) => addAddressIn(draft, wanted));
}

/** The same inside a larger change. */
export async function addAddressIn(draft: Draft, wanted: NewEmergencyAddress): Promise<Outcome<EmergencyAddress>> {
  if (wanted.siteId !== undefined && wanted.userId !== undefined) {
    return refused('invalid', 'user_id', 'Give site_id for an address of the site, or user_id for one of a person: not both.', wanted.userId);
  }
  const user = wanted.userId === undefined ? null : await findPhoneUser(draft.stores, draft.accountId, wanted.userId);
  if (wanted.userId !== undefined && user === null) {
    return refused('invalid', 'user_id', 'There is no phone user with this id or e-mail address.', wanted.userId);
  }
  const site = user === null ? await siteById(draft.stores, draft.accountId, wanted.siteId) : { kind: 'site' as const, site: user.site };
  if (site.kind === 'refused') return site;
  const problem = postalProblem(wanted.address, site.site);
  if (problem !== null) return problem;
  const current = user === null ? await draft.stores.emergencyAddresses.siteDefault(site.site.id)
    : await draft.stores.emergencyAddresses.addressOf(draft.accountId, { kind: 'user', id: user.phone.id });
  const counts = wanted.isDefault || current === null;
  const address: EmergencyAddress = {
    ...wanted.address, id: asId<EmergencyAddressId>(draft.newId()), accountId: draft.accountId, siteId: site.site.id, userId: user?.phone.id ?? null,
    vatNumber: wanted.vatNumber ?? '', isDefault: counts, createdAt: draft.at,
  };
  await draft.stores.emergencyAddresses.insert({ ...address, isDefault: false });
  draft.note({ aggregate: 'emergency_address', id: address.id, change: 'created', action: 'add-emergency-address', before: null, after: address });
  if (counts) await makeDefault(draft, address, site.site);
  return done(address);
}

export interface AddressChanges extends Partial<PostalAddress> {
  readonly isDefault?: boolean;
}

/** Changes what is given. A site always has a default once it has an address: another one takes its place, none does not. */
export function updateEmergencyAddress(deps: ChangeDeps, actor: Actor, id: string, wanted: AddressChanges): Promise<Outcome<EmergencyAddress>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.emergencyAddresses.get(draft.accountId, asId<EmergencyAddressId>(id));
    if (before === null) return emergencyAddressNotFound(id);
    const site = await draft.stores.sites.get(draft.accountId, before.siteId);
    if (site === null) return emergencyAddressNotFound(id);
    const { isDefault, ...lines } = wanted;
    const after = { ...before, ...lines, isDefault: isDefault ?? before.isDefault };
    const problem = postalProblem(after, site);
    if (problem !== null) return problem;
    if (before.isDefault && !after.isDefault && before.userId === null) {
      return refused('invalid', 'is_default', 'A site keeps a default address. Make another one the default instead.', 'false');
    }
    await draft.stores.emergencyAddresses.update(before.id, lines);
    draft.note({ aggregate: 'emergency_address', id: before.id, change: 'updated', action: 'update-emergency-address', before, after });
    if (after.isDefault) await makeDefault(draft, after, site);
    else if (before.isDefault && before.userId !== null) await useAddress(draft, { kind: 'user', id: before.userId }, null);
    return done(after);
  });
}

/** Removes an address that nobody and nothing has; a person's own goes though the person has it, and the site's counts again. */
export function removeEmergencyAddress(deps: ChangeDeps, actor: Actor, id: string): Promise<Outcome<EmergencyAddress>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.emergencyAddresses.get(draft.accountId, asId<EmergencyAddressId>(id));
    if (before === null) return emergencyAddressNotFound(id);
    if (before.userId === null && before.isDefault) {
      return refused('conflict', 'emergencyAddressId', "This is its site's default address. Make another one the default first.", id);
    }
    const { holders, locations } = await draft.stores.emergencyAddresses.usage(before.id);
    const others = before.userId !== null && before.isDefault ? holders - 1 : holders;
    if (others > 0 || locations > 0) {
      return refused('conflict', 'emergencyAddressId', `${others} users, common areas or devices and ${locations} locations have this address. Give them another one first.`, id);
    }
    if (before.userId !== null && before.isDefault) await useAddress(draft, { kind: 'user', id: before.userId }, null);
    await draft.stores.emergencyAddresses.delete(before.id);
    draft.note({ aggregate: 'emergency_address', id: before.id, change: 'deleted', action: 'remove-emergency-address', before, after: null });
    return done(before);
  });
}

/** The default address that comes with a site, or with a change of it: its row among the addresses follows. */
export async function followSiteAddress(draft: Draft, site: Site): Promise<void> {
  const { defaultEmergencyAddress: lines } = site;
  if (lines === null) return;
  const current = await draft.stores.emergencyAddresses.siteDefault(site.id);
  const id = current?.id ?? asId<EmergencyAddressId>(draft.newId());
  if (current === null) {
    await draft.stores.emergencyAddresses.insert({
      ...lines, id, accountId: draft.accountId, siteId: site.id, userId: null, vatNumber: '', isDefault: true, createdAt: draft.at,
    });
  } else {
    await draft.stores.emergencyAddresses.update(id, lines);
  }
  draft.announce({ aggregate: 'emergency_address', id, change: current === null ? 'created' : 'updated' });
}

/** What is wrong with an address at a site; `prefix` goes before the field's name. */
export function postalProblem(address: PostalAddress, site: Pick<Site, 'name' | 'country'>, prefix = ''): Refused | null {
  const problems = addressProblems(address).map(({ field, text }) => refused('invalid', prefix + field, text, fieldValue(address, field)));
  if (address.country !== site.country) {
    // Emergency numbers are those of the site's country, and so is who sends help.
    problems.push(refused('invalid', `${prefix}country`, `Site ${site.name} is in ${site.country}. Add a site for ${address.country}.`, address.country));
  }
  return problems.length === 0 ? null : allOf(problems);
}

function fieldValue(address: PostalAddress, field: string): string {
  return { address_line1: address.addressLine1, city: address.city, state_code: address.stateCode, zip: address.zip }[field] ?? '';
}

async function makeDefault(draft: Draft, address: EmergencyAddress, site: Site): Promise<void> {
  if (address.userId !== null) return useAddress(draft, { kind: 'user', id: address.userId }, address.id);
  const current = await draft.stores.emergencyAddresses.siteDefault(address.siteId);
  if (current !== null && current.id !== address.id) {
    await draft.stores.emergencyAddresses.update(current.id, { isDefault: false });
    draft.announce({ aggregate: 'emergency_address', id: current.id, change: 'updated' });
  }
  await draft.stores.emergencyAddresses.update(address.id, { isDefault: true });
  draft.announce({ aggregate: 'emergency_address', id: address.id, change: 'updated' });
  const { addressLine1, addressLine2, city, stateCode, zip, country } = address;
  await draft.stores.sites.update(site.id, { defaultEmergencyAddress: { addressLine1, addressLine2, city, stateCode, zip, country } });
  draft.announce({ aggregate: 'site', id: site.id, change: 'updated' });
}

/** Gives a holder an address (null = its site's again), inside a larger change. */
export async function useAddress(
  draft: Draft, holder: Parameters<Draft['stores']['emergencyAddresses']['use']>[1], id: EmergencyAddressId | null,
): Promise<void> {
  await draft.stores.emergencyAddresses.use(draft.accountId, holder, id);
  draft.announce({ aggregate: 'emergency_address_use', id: `${holder.kind}:${holder.id}`, change: 'updated' });
}
