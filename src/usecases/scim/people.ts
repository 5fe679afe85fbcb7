import { asId, type UserId } from '../../domain/ids.js';
import { userNameOf, type ScimPerson } from '../../domain/scim/person.js';
import type { AccountUser } from '../../domain/identity/user.js';
import { NO_DETAILS } from '../../domain/identity/user-details.js';
import { setStatusIn } from '../admin/account-users.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { insertAccountUser } from '../admin/insert-account-user.js';
import { userNotFound } from '../admin/not-found.js';
import { change, type Actor, type Draft } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { grantAsked, keepWishes } from '../entitlements/apply-entitlements.js';
import type { KeptWish } from '../../domain/entitlements/kept-wish.js';
import type { WantedPerson } from './wanted-person.js';

/** What identity providers say of a person by SCIM; what groups give has names of its own. */
const SOURCE = 'scim';

/** Adds a person as an identity provider wants them to be; what cannot be granted of their phone is kept as a wish, with the reason. */
export async function addPerson(deps: AdminDeps, actor: Actor, wanted: WantedPerson): Promise<Outcome<ScimPerson>> {
  const added = await change(deps, actor, async (draft) => {
    const taken = await takenProblem(draft, wanted, null);
    if (taken !== null) return taken;
    const details = { ...NO_DETAILS, employeeUniqueId: wanted.employeeId, company: wanted.company, manager: await managerOf(draft, wanted) };
    const user = await insertAccountUser(draft, { email: wanted.email, ...profileOf(wanted), details });
    if (!wanted.active) await setStatusIn(deps, draft, user, 'inactive');
    await writeProfile(draft, null, user.id, wanted);
    await keepWishes(draft, user.id, asked(wanted), actor);
    return done(user.id);
  });
  return added.kind === 'refused' ? added : granted(deps, actor, added.value);
}

/** How a person is to be after a change, told by what they are before and what they wait for. Runs again when another writer was faster, so it changes nothing itself. */
export type EditPerson = (before: ScimPerson, waiting: readonly KeptWish[]) => Outcome<WantedPerson>;

/**
 * Changes a person, a switch to inactive with its consequences in the same step: sign-ins at phones end, calls go on, desks stay
 * registered.
 */
export async function changePerson(deps: AdminDeps, actor: Actor, id: string, edit: EditPerson): Promise<Outcome<ScimPerson>> {
  const changed = await change(deps, actor, async (draft) => {
    const before = await draft.stores.scimPeople.get(draft.accountId, asId<UserId>(id));
    if (before === null) return userNotFound(id);
    const waiting = (await draft.stores.entitlementWishes.of(before.user.id, ['pending', 'open'])).filter(({ source }) => source === SOURCE);
    const edited = edit(before, waiting);
    if (edited.kind === 'refused') return edited;
    const wanted = edited.value;
    const taken = await takenProblem(draft, wanted, before);
    if (taken !== null) return taken;
    await update(deps, draft, before, wanted);
    await keepWishes(draft, before.user.id, asked(wanted), actor);
    return done(before.user.id);
  });
  return changed.kind === 'refused' ? changed : granted(deps, actor, changed.value);
}

async function update(deps: AdminDeps, draft: Draft, before: ScimPerson, wanted: WantedPerson): Promise<void> {
  const { user } = before;
  const details = { ...user.details, employeeUniqueId: wanted.employeeId, company: wanted.company, manager: await managerOf(draft, wanted, user) };
  const changes = { email: wanted.email, ...profileOf(wanted), details };
  await draft.stores.users.update(user.id, changes);
  draft.note({ aggregate: 'user', id: user.id, change: 'updated', action: 'update-user', before: user, after: { ...user, ...changes } });
  await writeProfile(draft, before, user.id, wanted);
  const status = wanted.active ? 'active' : 'inactive';
  if (status !== user.status) await setStatusIn(deps, draft, { ...user, ...changes }, status);
}

function profileOf({ firstName, lastName, displayName, jobTitle, timeZone, language, department, costCenter }: WantedPerson) {
  return { firstName, lastName, displayName, jobTitle, timeZone, language, department, costCenter };
}

/** The manager's address, as the directory of people has it; what an administrator wrote stays where SCIM names nobody known. */
async function managerOf(draft: Draft, { managerId }: WantedPerson, user?: AccountUser): Promise<string> {
  const manager = managerId === '' ? null : await draft.stores.users.get(draft.accountId, asId<UserId>(managerId));
  return manager?.email ?? user?.details.manager ?? '';
}

async function writeProfile(draft: Draft, before: ScimPerson | null, userId: UserId, { userName, externalId, attributes }: WantedPerson): Promise<void> {
  const profile = { userName, externalId, attributes };
  const earlier = before?.profile ?? null;
  await draft.stores.scimPeople.setProfile(draft.accountId, userId, { ...profile, updatedAt: draft.at });
  // The account's own columns are noted by themselves.
  draft.note({
    aggregate: 'user', id: userId, change: 'updated', action: 'set-scim-profile',
    before: earlier === null ? { userName: null } : { userName: earlier.userName, externalId: earlier.externalId, attributes: earlier.attributes }, after: profile,
  });
}

async function takenProblem(draft: Draft, { userName, email }: WantedPerson, own: ScimPerson | null): Promise<Refused | null> {
  const other = (people: readonly ScimPerson[]): boolean => people.some(({ user }) => user.id !== own?.user.id);
  if (own === null || userNameOf(own).toLowerCase() !== userName.toLowerCase()) {
    if (other(await draft.stores.scimPeople.find(draft.accountId, { userName }))) return refused('conflict', 'userName', 'A user of the account has this name.', userName);
  }
  if (other(await draft.stores.scimPeople.find(draft.accountId, { email }))) {
    return refused('conflict', 'emails', 'A user of the account has this e-mail address.', email);
  }
  return null;
}

function asked({ entitlements, unknown }: WantedPerson) {
  return { source: SOURCE, wanted: entitlements, unknown };
}

async function granted(deps: AdminDeps, actor: Actor, userId: UserId): Promise<Outcome<ScimPerson>> {
  await grantAsked(deps, actor, userId);
  const person = await deps.stores.scimPeople.get(actor.accountId, userId);
  return person === null ? userNotFound(userId) : done(person);
}
