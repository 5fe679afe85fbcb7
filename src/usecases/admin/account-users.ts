import type { AccountUser } from '../../domain/identity/user.js';
import type { UserDetails } from '../../domain/identity/user-details.js';
import { freshPin, type FreshPin } from '../hotdesk/fresh-pins.js';
import { endSessionsOf, type EndingDeps } from '../hotdesk/session-step.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { accountOf, type AdminDeps } from './admin-deps.js';
import { packageWanted, setLicencePackage } from './assign-licence-package.js';
import { insertAccountUser, type NewAccountUser, type UserProfile } from './insert-account-user.js';
import { makePhoneUser } from './make-phone-user.js';
import { accountNotFound, userNotFound } from './not-found.js';
import { removePhone } from './remove-phone-user.js';
import { findUser } from './resolve.js';

/** With the PIN of a phone just given: shown once, kept nowhere; left out when a mail brings it. */
export type AccountUserWithPin = AccountUser & { readonly pinCode?: string };

/** What is said of a person's phone: `phone` gives or removes it, `licencePackage` (id, name, 'none') says what it may do. */
export interface PhoneWish {
  readonly phone: boolean | null;
  readonly licencePackage: string | null;
}

/**
 * Adds a person; with `phone`, as a phone user of the main site with its next free extension and no plan; with a package, as one who
 * holds it, unless `phone` is false.
 */
export async function addAccountUser(
  deps: AdminDeps, actor: Actor, wanted: NewAccountUser, { phone, licencePackage }: PhoneWish,
): Promise<Outcome<AccountUserWithPin>> {
  const named = licencePackage !== null && !['', 'none'].includes(licencePackage.toLowerCase());
  const pin = phone ?? named ? await freshPin(deps, actor.accountId) : null;
  return change(deps, actor, async (draft) => {
    if (named && phone === false) return refused('invalid', 'user_info.plan_united_type', 'A package needs a phone user. Leave out zoom_phone: false.', licencePackage);
    if (await draft.stores.users.byEmail(draft.accountId, wanted.email)) {
      return refused('conflict', 'user_info.email', 'A user of the account has this e-mail address.', wanted.email);
    }
    const user = await insertAccountUser(draft, wanted);
    const made = pin === null ? done<AccountUserWithPin>(user) : await givePhone(deps, draft, user, pin);
    return made.kind === 'refused' ? made : givePackage(draft, made.value, licencePackage, 'user_info.plan_united_type');
  });
}

/** What may be changed of a person; `details` are laid over those there are. */
export type UserChanges = Omit<UserProfile, 'details'> & { readonly details?: Partial<UserDetails> };

/** Changes what is given; `phone: false` removes the phone with extension and plans, `true` gives one. */
export async function updateAccountUser(
  deps: AdminDeps, actor: Actor, idOrEmail: string, { details, ...wanted }: UserChanges, { phone, licencePackage }: PhoneWish,
): Promise<Outcome<AccountUserWithPin>> {
  const pin = phone === true ? await freshPin(deps, actor.accountId) : null;
  return change(deps, actor, async (draft) => {
    const before = await findUser(draft.stores, draft.accountId, idOrEmail);
    if (!before) return userNotFound(idOrEmail);
    const after = { ...before, ...wanted, details: { ...before.details, ...details } };
    await draft.stores.users.update(before.id, { ...wanted, ...(details === undefined ? {} : { details: after.details }) });
    draft.note({ aggregate: 'user', id: before.id, change: 'updated', action: 'update-user', before, after });
    const present = await draft.stores.phoneUsers.get(draft.accountId, before.id);
    if (phone === false && present) await removePhone(deps, draft, present);
    const made = pin === null || present ? done<AccountUserWithPin>(after) : await givePhone(deps, draft, after, pin);
    if (made.kind === 'refused') return made;
    // What was held went with the phone.
    const kept = phone === false ? { ...made.value, licencePackageId: null } : made.value;
    return givePackage(draft, kept, licencePackage, 'plan_united_type');
  });
}

async function givePackage(draft: Draft, user: AccountUserWithPin, wanted: string | null, field: string): Promise<Outcome<AccountUserWithPin>> {
  if (wanted === null) return done(user);
  const bundle = await packageWanted(draft, wanted, field);
  if (bundle.kind === 'refused') return bundle;
  const given = await setLicencePackage(draft, user, bundle.value, field);
  return given.kind === 'refused' ? given : done({ ...user, ...given.value });
}

async function givePhone(deps: AdminDeps, draft: Draft, user: AccountUser, pin: FreshPin): Promise<Outcome<AccountUserWithPin>> {
  const account = await accountOf(draft);
  if (account.kind === 'refused') return account;
  const site = await draft.stores.sites.main(draft.accountId);
  if (!site) return accountNotFound(draft.accountId);
  const given = await makePhoneUser(
    deps, draft, account.account, user, { site, number: null, entitlements: { callingPlans: [], packages: [] }, pin },
  );
  return given.kind === 'refused' ? given : done({ ...user, ...(given.value.pinMailed ? {} : { pinCode: given.value.pinCode }) });
}

/** Switches a person on or off; the phone follows, since a person who may not work here may not call either. */
export async function setAccountUserStatus(
  deps: AdminDeps, actor: Actor, idOrEmail: string, status: AccountUser['status'],
): Promise<Outcome<AccountUser>> {
  return change(deps, actor, async (draft) => {
    const before = await findUser(draft.stores, draft.accountId, idOrEmail);
    if (!before) return userNotFound(idOrEmail);
    return done(await setStatusIn(deps, draft, before, status));
  });
}

/** The same inside a larger change. */
export async function setStatusIn(deps: EndingDeps, draft: Draft, before: AccountUser, status: AccountUser['status']): Promise<AccountUser> {
  await draft.stores.users.update(before.id, { status });
  const after = { ...before, status };
  draft.note({ aggregate: 'user', id: before.id, change: 'updated', action: 'set-user-status', before, after });
  if (status !== 'active') await draft.stores.userSessions.endOf(before.id);
  const view = await draft.stores.phoneUsers.get(draft.accountId, before.id);
  if (view === null) return after;
  const phoneStatus = status === 'active' ? 'active' : 'deactivated';
  await draft.stores.phoneUsers.update(view.phone.id, { status: phoneStatus });
  if (phoneStatus === 'deactivated') await endSessionsOf(deps, draft, { userId: view.phone.id }, 'user-disabled');
  draft.note({
    aggregate: 'phone_user', id: view.phone.id, change: 'updated', action: 'set-user-status',
    before: view.phone, after: { ...view.phone, status: phoneStatus },
  });
  return after;
}

/** Removes a person with everything that was theirs; their devices stay, unassigned. */
export async function removeAccountUser(
  deps: AdminDeps, actor: Actor, idOrEmail: string,
): Promise<Outcome<AccountUser>> {
  return change(deps, actor, async (draft) => {
    const user = await findUser(draft.stores, draft.accountId, idOrEmail);
    if (!user) return userNotFound(idOrEmail);
    const view = await draft.stores.phoneUsers.get(draft.accountId, user.id);
    if (view) await removePhone(deps, draft, view);
    await draft.stores.users.delete(user.id);
    draft.note({ aggregate: 'user', id: user.id, change: 'deleted', action: 'remove-user', before: user, after: null });
    return done(user);
  });
}
