import { asId, type AccountId, type PhoneRoleId, type UserId } from '../../domain/ids.js';
import type { CustomRole } from '../../ports/access-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import { change, type Actor, type ChangeDeps, type Draft } from '../change.js';
import { allOf, done, refused, type Outcome, type Refused } from '../outcome.js';
import { findUser } from './resolve.js';
import { moreThan } from './giving-roles.js';
import { DEFAULT_ROLES, isPermission, permissionsOf, type Permission } from './roles.js';

/** A default role, or an account's own copy of one. */
export interface PhoneRole {
  readonly id: PhoneRoleId;
  readonly name: string;
  readonly description: string;
  readonly isDefault: boolean;
  /** Name of the default role it comes from. */
  readonly base: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly needsTargets: boolean;
}

const roleNotFound = (id: string): Refused => refused('not-found', 'roleId', 'There is no role with this id. GET /v2/phone/roles lists them.', id);
const isDefault = (name: string): Refused => refused('invalid', 'roleId', 'A default role cannot be changed or deleted. Copy it with POST /v2/phone/roles.', name);

function ofDefault({ id, name, description, permissions, needsTargets }: (typeof DEFAULT_ROLES)[number]): PhoneRole {
  return { id: asId<PhoneRoleId>(id), name, description, isDefault: true, base: name, permissions, needsTargets };
}

/** Permissions of a version that is not this one are none. */
function ofCustom({ id, name, description, base, permissions }: CustomRole): PhoneRole {
  const source = DEFAULT_ROLES.find((role) => role.name === base);
  return {
    id, name, description, isDefault: false, base, needsTargets: source?.needsTargets ?? true,
    permissions: permissions === null ? permissionsOf(base) : new Set(permissions.filter(isPermission)),
  };
}

export async function listRoles(stores: Pick<Stores, 'roles'>, accountId: AccountId): Promise<readonly PhoneRole[]> {
  return [...DEFAULT_ROLES.map(ofDefault), ...(await stores.roles.all(accountId)).map(ofCustom)];
}

export async function findRole(stores: Pick<Stores, 'roles'>, accountId: AccountId, id: string): Promise<Outcome<PhoneRole>> {
  const known = DEFAULT_ROLES.find((role) => role.id === id);
  if (known) return done(ofDefault(known));
  const custom = await stores.roles.get(accountId, asId<PhoneRoleId>(id));
  return custom ? done(ofCustom(custom)) : roleNotFound(id);
}

/** What a role allows, and whether it reaches nothing without targets. */
export interface Allowing {
  readonly permissions: ReadonlySet<Permission>;
  readonly needsTargets: boolean;
}

/** By the name or id of a default role, or the id of a custom one; nothing for any other text. */
export async function roleAllowing(stores: Pick<Stores, 'roles'>, accountId: AccountId, role: string): Promise<Allowing> {
  const known = DEFAULT_ROLES.find(({ id, name }) => name === role || id === role);
  if (known) return known;
  const custom = await stores.roles.get(accountId, asId<PhoneRoleId>(role));
  return custom === null ? { permissions: new Set(), needsTargets: true } : ofCustom(custom);
}

export interface RoleChanges {
  readonly name?: string;
  readonly description?: string;
  /** All it is to allow. */
  readonly permissions?: readonly Permission[];
}

/** Copies a role under a new name, with its permissions or with chosen ones; "Copy of …" when no name is given. */
export async function duplicateRole(
  deps: ChangeDeps, actor: Actor, wanted: { readonly roleId: string } & RoleChanges, may: ReadonlySet<Permission>,
): Promise<Outcome<PhoneRole>> {
  return change(deps, actor, async (draft) => {
    const source = await findRole(draft.stores, draft.accountId, wanted.roleId);
    if (source.kind === 'refused') return refused('invalid', 'role_id', 'There is no role with this id. GET /v2/phone/roles lists them.', wanted.roleId);
    const permissions = wanted.permissions === undefined ? source.value.permissions : new Set(wanted.permissions);
    const more = moreThan(may, permissions);
    if (more) return more;
    const name = wanted.name ?? `Copy of ${source.value.name}`;
    const taken = await nameTaken(draft, name, null);
    if (taken) return taken;
    const role: CustomRole = {
      id: asId<PhoneRoleId>(draft.newId()), accountId: draft.accountId, name, description: wanted.description ?? source.value.description,
      base: source.value.base, permissions: ownPermissions(source.value.base, permissions), createdAt: draft.at,
    };
    await draft.stores.roles.insert(role);
    draft.note({ aggregate: 'phone_role', id: role.id, change: 'created', action: 'duplicate-role', before: null, after: role });
    return done(ofCustom(role));
  });
}

export async function updateRole(
  deps: ChangeDeps, actor: Actor, roleId: string, wanted: RoleChanges, may: ReadonlySet<Permission>,
): Promise<Outcome<PhoneRole>> {
  return change(deps, actor, async (draft) => {
    const before = await findRole(draft.stores, draft.accountId, roleId);
    if (before.kind === 'refused') return before;
    if (before.value.isDefault) return isDefault(before.value.name);
    const taken = wanted.name === undefined ? null : await nameTaken(draft, wanted.name, before.value.id);
    if (taken) return taken;
    const permissions = wanted.permissions === undefined ? before.value.permissions : new Set(wanted.permissions);
    // Of a role that allows more than who changes it, only the name is theirs to change.
    const more = wanted.permissions === undefined ? null : moreThan(may, new Set([...permissions, ...before.value.permissions]));
    if (more) return more;
    const { name, description } = wanted;
    await draft.stores.roles.update(before.value.id, {
      ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }),
      ...(wanted.permissions === undefined ? {} : { permissions: ownPermissions(before.value.base, permissions) }),
    });
    const after: PhoneRole = { ...before.value, ...(name === undefined ? {} : { name }), ...(description === undefined ? {} : { description }), permissions };
    draft.note({ aggregate: 'phone_role', id: after.id, change: 'updated', action: 'update-role', before: shown(before.value), after: shown(after) });
    return done(after);
  });
}

/** What the audit log and events show of a role. */
function shown({ permissions, ...role }: PhoneRole) {
  return { ...role, permissions: [...permissions] };
}

/** Null while they are those of the base: then the role grows with it. */
function ownPermissions(base: string, permissions: ReadonlySet<Permission>): readonly Permission[] | null {
  const usual = permissionsOf(base);
  return usual.size === permissions.size && [...permissions].every((one) => usual.has(one)) ? null : [...permissions].sort();
}

/** Members lose it; a role that API clients have stays. */
export async function deleteRole(deps: ChangeDeps, actor: Actor, roleId: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const found = await findRole(draft.stores, draft.accountId, roleId);
    if (found.kind === 'refused') return found;
    const role = found.value;
    if (role.isDefault) return isDefault(role.name);
    const client = (await draft.stores.apiClients.all(draft.accountId)).find((one) => one.role === role.id);
    if (client) return refused('conflict', 'roleId', `The API client ${client.name} has this role. Give it another first.`, roleId);
    await draft.stores.roles.delete(draft.accountId, role.id);
    draft.note({ aggregate: 'phone_role', id: role.id, change: 'deleted', action: 'delete-role', before: shown(role), after: null });
    return done(null);
  });
}

export interface NewMembers {
  readonly userIds: readonly string[];
  /** Everybody of this other role, too. */
  readonly copyFrom?: string;
  /** With the sites at which that other role counts for each. */
  readonly copyTargets?: boolean;
}

/** Adds account users by id or e-mail address; whom it does not know refuses all, and is named. */
export async function addRoleMembers(
  deps: ChangeDeps, actor: Actor, roleId: string, wanted: NewMembers, may: ReadonlySet<Permission>,
): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const found = await findRole(draft.stores, draft.accountId, roleId);
    if (found.kind === 'refused') return found;
    const more = moreThan(may, found.value.permissions);
    if (more) return more;
    const ids = await userIdsOf(draft, wanted.userIds);
    if (ids.kind === 'refused') return ids;
    const copied = wanted.copyFrom === undefined ? done([]) : await membersToCopy(draft, wanted.copyFrom);
    if (copied.kind === 'refused') return copied;
    const present = new Set(await draft.stores.roles.memberIds(draft.accountId, found.value.id));
    const added = [...new Set([...ids.value, ...copied.value])].filter((id) => !present.has(id));
    if (added.length === 0) return done(null);
    await draft.stores.roles.addMembers(draft.accountId, found.value.id, added, draft.at, found.value.needsTargets);
    if (wanted.copyFrom !== undefined && wanted.copyTargets === true) await copyTargets(draft, wanted.copyFrom, found.value.id, added);
    draft.audit({ aggregate: 'phone_role', id: roleId, action: 'add-role-members', about: { userIds: added } });
    return done(null);
  });
}

export async function removeRoleMembers(deps: ChangeDeps, actor: Actor, roleId: string, userIds: readonly string[]): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const found = await findRole(draft.stores, draft.accountId, roleId);
    if (found.kind === 'refused') return found;
    const ids = await userIdsOf(draft, userIds);
    if (ids.kind === 'refused') return ids;
    const present = new Set(await draft.stores.roles.memberIds(draft.accountId, found.value.id));
    const removed = ids.value.filter((id) => present.has(id));
    if (removed.length === 0) return done(null);
    await draft.stores.roles.removeMembers(draft.accountId, found.value.id, removed);
    draft.audit({ aggregate: 'phone_role', id: roleId, action: 'remove-role-members', about: { userIds: removed } });
    return done(null);
  });
}

/** Each new member gets the sites at which the other role counts for them; only sites, where it counts at sites alone. */
async function copyTargets(draft: Draft, from: string, to: PhoneRoleId, added: readonly UserId[]): Promise<void> {
  for (const userId of added) {
    const held = (await draft.stores.roles.heldBy(draft.accountId, userId)).find(({ roleId }) => roleId === from);
    if (held?.targets) await draft.stores.roles.addTargets(draft.accountId, to, [userId], held.targets);
  }
}

async function membersToCopy(draft: Draft, roleId: string): Promise<Outcome<readonly UserId[]>> {
  const source = await findRole(draft.stores, draft.accountId, roleId);
  if (source.kind === 'refused') return refused('invalid', 'role_id', 'There is no role with this id. GET /v2/phone/roles lists them.', roleId);
  return done(await draft.stores.roles.memberIds(draft.accountId, source.value.id));
}

/** Account users by id or e-mail address; a refusal names those there are not. */
export async function userIdsOf(draft: Draft, idsOrEmails: readonly string[]): Promise<Outcome<readonly UserId[]>> {
  const found: UserId[] = [];
  const refusals: Refused[] = [];
  for (const [index, text] of idsOrEmails.entries()) {
    const user = await findUser(draft.stores, draft.accountId, text);
    if (user) found.push(user.id);
    else refusals.push(refused('invalid', `user_ids[${index}]`, 'There is no user with this id or e-mail address.', text));
  }
  return refusals.length > 0 ? allOf(refusals) : done(found);
}

async function nameTaken(draft: Draft, name: string, own: PhoneRoleId | null): Promise<Refused | null> {
  const same = (await listRoles(draft.stores, draft.accountId)).some((role) => role.id !== own && role.name.toLowerCase() === name.toLowerCase());
  return same ? refused('conflict', 'name', 'A role has this name. Choose another.', name) : null;
}
