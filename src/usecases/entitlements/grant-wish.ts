import { asId, type PhoneRoleId, type UserId } from '../../domain/ids.js';
import type { Wish } from '../../domain/entitlements/entitlements.js';
import type { KeptWish } from '../../domain/entitlements/kept-wish.js';
import type { Site } from '../../domain/identity/site.js';
import { e164Text } from '../../domain/numbering/pool-number.js';
import type { PhoneUserView, Stores } from '../../ports/admin-stores.js';
import { addPhoneUsers } from '../admin/add-phone-users.js';
import { updateAccountUser } from '../admin/account-users.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { assignCallingPlans, unassignCallingPlan } from '../admin/assign-calling-plan.js';
import { userNotFound } from '../admin/not-found.js';
import { addRoleMembers, listRoles, removeRoleMembers } from '../admin/phone-roles.js';
import { SUPER_ADMIN } from '../admin/roles.js';
import { codesOf, readEntitlements } from '../admin/seats.js';
import { updatePhoneUser } from '../admin/update-phone-user.js';
import type { Actor } from '../change.js';
import { assignNumbers, unassignNumber } from '../numbers/assign-numbers.js';
import { done, refused, type Outcome } from '../outcome.js';

const NO_PHONE = refused('conflict', 'extensionNumber', 'The person has no phone here. Give an extension, a calling plan or a package.');

/**
 * Does what one wish asks, as an administrator would; done already is done. Refused with the sentence an administrator would read.
 * `open`: wishes before this one that could not be granted.
 */
export async function grantWish(deps: AdminDeps, actor: Actor, userId: UserId, wish: Wish, open: readonly KeptWish[]): Promise<Outcome<unknown>> {
  const { accountId } = actor;
  const user = await deps.stores.users.get(accountId, userId);
  if (user === null) return userNotFound(userId);
  const view = await deps.stores.phoneUsers.get(accountId, userId);
  const holder = { kind: 'user' as const, id: userId };
  switch (wish.kind) {
    case 'role': return grantRole(deps, actor, userId, wish.role);
    case 'no-role': return withdrawRole(deps, actor, userId, wish.role);
    case 'no-phone': return view === null ? done(null) : updateAccountUser(deps, actor, userId, {}, { phone: false, licencePackage: null });
    case 'unknown': return refused('invalid', wish.name, 'There is no such attribute here.');
    case 'phone': case 'move': {
      const site = await siteNamed(deps.stores, actor, wish.site);
      if (site.kind === 'refused') return site;
      if (view !== null) return move(deps, actor, view, site.value, wish.extensionNumber);
      return addPhoneUsers(deps, actor, [{
        email: user.email, firstName: user.firstName, lastName: user.lastName, callingPlans: [], siteCode: '', siteName: site.value.name,
        extensionNumber: wish.extensionNumber, deskPhones: [],
      }]);
    }
    default:
  }
  if (view === null) return wish.kind === 'no-plan' || wish.kind === 'no-number' || (wish.kind === 'package' && wish.name === '') ? done(null) : NO_PHONE;
  switch (wish.kind) {
    case 'package': return updateAccountUser(deps, actor, userId, {}, { phone: null, licencePackage: wish.name === '' ? 'none' : wish.name });
    case 'plan': return holds(view, wish.plan) ? done(null) : assignCallingPlans(deps, actor, holder, [wish.plan]);
    case 'no-plan': {
      // The numbers would go with the last plan while the new one is waited for.
      const awaited = open.find((one) => one.wish.kind === 'plan');
      if (awaited?.wish.kind === 'plan') return refused('conflict', 'callingPlans', `It stays until ${awaited.wish.plan} can be assigned.`);
      return holds(view, wish.plan) ? unassignCallingPlan(deps, actor, holder, wish.plan) : done(null);
    }
    case 'number': case 'no-number': {
      const number = e164Text(wish.number);
      if (number === null) return refused('invalid', 'phoneNumbers', `${wish.number} is no whole number. Give it with + and country code, e.g. +15555550100.`);
      const held = (await deps.stores.phoneNumbers.of(view.extension.id)).some((one) => one.number === number);
      if (held === (wish.kind === 'number')) return done(null);
      return wish.kind === 'number' ? assignNumbers(deps, actor, holder, [{ number }]) : unassignNumber(deps, actor, holder, number);
    }
    case 'template': {
      const template = await deps.stores.settingTemplates.byName(accountId, 'user', wish.name);
      return template === null ? refused('invalid', 'template', 'There is no setting template with this name. GET /v2/phone/setting_templates lists them.', wish.name)
        : updatePhoneUser(deps, actor, userId, { templateId: template.id });
    }
  }
}

/** Keeps the number that a person has while the next free one is asked for, and takes another where it is taken at the new site. */
async function move(deps: AdminDeps, actor: Actor, view: PhoneUserView, site: Site, extensionNumber: string): Promise<Outcome<unknown>> {
  const stays = extensionNumber === '0' && view.site.id === site.id;
  const number = stays ? view.extension.number : extensionNumber;
  if (view.site.id === site.id && number === view.extension.number) return done(null);
  const moved = await updatePhoneUser(deps, actor, view.user.id, { siteId: site.id, ...(extensionNumber === '0' ? {} : { extensionNumber: number }) });
  return moved.kind === 'refused' && extensionNumber === '0' ? updatePhoneUser(deps, actor, view.user.id, { siteId: site.id, extensionNumber: '0' }) : moved;
}

/** A site by code or name, whatever the case; the main site for ''. */
async function siteNamed(stores: Stores, { accountId }: Actor, text: string): Promise<Outcome<Site>> {
  const sites = await stores.sites.all(accountId);
  const wanted = text.toLowerCase();
  const site = text === '' ? sites.find((one) => one.isMain)
    : sites.find((one) => one.siteCode === text) ?? sites.find((one) => one.name.toLowerCase() === wanted) ?? sites.find((one) => one.id === text);
  return site === undefined ? refused('invalid', 'site', `There is no site ${text}. Add it, or send the code or name of another.`, text) : done(site);
}

function holds(view: PhoneUserView, plan: string): boolean {
  const read = readEntitlements([plan], 'callingPlans');
  if (read.kind === 'refused') return false;
  const held = codesOf(view.phone);
  return codesOf(read.entitlements).every((code) => held.includes(code));
}

/** Identity providers grant no role that a super admin has not named, and never that of super admins. */
async function grantRole(deps: AdminDeps, actor: Actor, userId: UserId, text: string): Promise<Outcome<unknown>> {
  const role = (await listRoles(deps.stores, actor.accountId)).find(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
  if (role === undefined) return refused('invalid', 'role', `There is no role ${text}. GET /v2/phone/roles lists them.`, text);
  if (role.base === SUPER_ADMIN) return refused('conflict', 'role', `${role.name} is never granted by identity providers. Give it with POST /v2/phone/roles/{roleId}/members.`, text);
  if (!(await deps.stores.grantableRoles.all(actor.accountId)).has(role.id)) {
    return refused('conflict', 'role', `Identity providers may not grant ${role.name}. A super admin allows it with PUT /v2/cordboard/scim/grantable_roles.`, text);
  }
  // A super admin has said that it may be given so, whatever the identity provider's client may do itself.
  return addRoleMembers(deps, actor, role.id, { userIds: [userId] }, role.permissions);
}

/** What identity providers may not grant they do not take away either. */
async function withdrawRole(deps: AdminDeps, actor: Actor, userId: UserId, roleId: string): Promise<Outcome<unknown>> {
  if (!(await deps.stores.grantableRoles.all(actor.accountId)).has(asId<PhoneRoleId>(roleId))) return done(null);
  return removeRoleMembers(deps, actor, roleId, [userId]);
}
