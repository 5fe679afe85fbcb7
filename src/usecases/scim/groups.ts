import { asId, type ScimGroupId, type UserId } from '../../domain/ids.js';
import { givenByGroups, wantedByGroups } from '../../domain/entitlements/group-entitlements.js';
import type { ScimGroup } from '../../domain/scim/person.js';
import type { GroupMapping } from '../../ports/entitlement-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor, type Draft } from '../change.js';
import { grantAsked, heldBy, keepWishes, namesOf } from '../entitlements/apply-entitlements.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

/** One step of a change of members; `set` names all who are members after it. */
export interface MemberStep {
  readonly kind: 'add' | 'remove' | 'set';
  readonly userIds: readonly UserId[];
}

export interface GroupChange {
  readonly displayName: string;
  readonly externalId: string;
  readonly members: readonly MemberStep[];
}

/** People whose wishes are granted before the caller is answered; those after them follow by the clock. */
const GRANTED_AT_ONCE = 50;
/** What groups give people; what SCIM says of a person has another name. */
const SOURCE = 'groups';

export async function addGroup(deps: AdminDeps, actor: Actor, wanted: GroupChange): Promise<Outcome<ScimGroup>> {
  return granting(deps, actor, async (draft) => {
    const group: ScimGroup = {
      id: asId<ScimGroupId>(draft.newId()), displayName: wanted.displayName, externalId: wanted.externalId, createdAt: draft.at, updatedAt: draft.at,
    };
    await draft.stores.scimGroups.insert(draft.accountId, group);
    draft.note({ aggregate: 'scim_group', id: group.id, change: 'created', action: 'add-scim-group', before: null, after: group });
    return moveMembers(draft, actor, { ...group, displayName: '' }, group, wanted.members);
  });
}

/** Changes a group's names and members; what mappings give its members follows. */
export async function changeGroup(
  deps: AdminDeps, actor: Actor, id: string, edit: (before: ScimGroup) => Outcome<GroupChange>,
): Promise<Outcome<ScimGroup>> {
  return granting(deps, actor, async (draft) => {
    const before = await draft.stores.scimGroups.get(draft.accountId, asId<ScimGroupId>(id));
    if (before === null) return groupNotFound(id);
    const edited = edit(before);
    if (edited.kind === 'refused') return edited;
    const { displayName, externalId, members } = edited.value;
    // Later than any earlier version, however close they are: the ETag is made of it.
    const after = { ...before, displayName, externalId, updatedAt: Math.max(draft.at, before.updatedAt + 1) };
    await draft.stores.scimGroups.update(before.id, after);
    draft.note({
      aggregate: 'scim_group', id: before.id, change: 'updated', action: 'update-scim-group', before: { ...before, updatedAt: 0 }, after: { ...after, updatedAt: 0 },
    });
    return moveMembers(draft, actor, before, after, members);
  });
}

export async function removeGroup(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<ScimGroup>> {
  return granting(deps, actor, async (draft) => {
    const group = await draft.stores.scimGroups.get(draft.accountId, asId<ScimGroupId>(id));
    if (group === null) return groupNotFound(id);
    const left = await moveMembers(draft, actor, group, group, [{ kind: 'set', userIds: [] }]);
    if (left.kind === 'refused') return left;
    await draft.stores.scimGroups.delete(group.id);
    draft.note({ aggregate: 'scim_group', id: group.id, change: 'deleted', action: 'remove-scim-group', before: group, after: null });
    return left;
  });
}

export function groupNotFound(id: string): Refused {
  return refused('not-found', 'id', 'There is no group with this id.', id);
}

interface Moved {
  readonly group: ScimGroup;
  readonly waiting: readonly UserId[];
}

async function granting(deps: AdminDeps, actor: Actor, fn: (draft: Draft) => Promise<Outcome<Moved>>): Promise<Outcome<ScimGroup>> {
  const outcome = await change(deps, actor, fn);
  if (outcome.kind === 'refused') return outcome;
  for (const userId of outcome.value.waiting.slice(0, GRANTED_AT_ONCE)) await grantAsked(deps, actor, userId);
  return done(outcome.value.group);
}

/** Writes who is a member, and what that changes for those concerned. */
async function moveMembers(draft: Draft, actor: Actor, before: ScimGroup, after: ScimGroup, steps: readonly MemberStep[]): Promise<Outcome<Moved>> {
  const { scimGroups, groupMappings } = draft.stores;
  const present = new Set(await scimGroups.memberIds(after.id));
  const wanted = new Set(present);
  for (const { kind, userIds } of steps) {
    if (kind === 'set') wanted.clear();
    for (const id of userIds) {
      if (kind === 'remove') wanted.delete(id);
      else wanted.add(id);
    }
  }
  const added = [...wanted].filter((id) => !present.has(id));
  const removed = [...present].filter((id) => !wanted.has(id));
  const unknown = await unknownOf(draft, added);
  if (unknown !== null) return unknown;
  const renamed = before.displayName !== after.displayName && before.displayName !== '';
  const mappings = await groupMappings.all(draft.accountId);
  const mapped = mappings.some(({ groupName }) => [before, after].some(({ displayName }) => displayName.toLowerCase() === groupName.toLowerCase()));
  const concerned = mapped ? [...added, ...removed, ...(renamed ? [...wanted].filter((id) => present.has(id)) : [])] : [];
  const namesBefore = await groupNames(draft, concerned);
  await scimGroups.addMembers(draft.accountId, after.id, added);
  await scimGroups.removeMembers(after.id, removed);
  if (added.length + removed.length > 0) {
    draft.note({
      aggregate: 'scim_group', id: after.id, change: 'updated', action: 'change-scim-members', before: { added: [], removed: [] }, after: { added, removed },
    });
  }
  for (const userId of concerned) {
    const was = (namesBefore.get(userId) ?? []).map(({ id, displayName }) => (id === before.id ? before.displayName : displayName));
    await keepGroupWishes(draft, actor, userId, was, mappings, mappings);
  }
  return done({ group: after, waiting: concerned });
}

async function groupNames(draft: Draft, userIds: readonly UserId[]) {
  const people = await Promise.all(userIds.map((id) => draft.stores.scimPeople.get(draft.accountId, id)));
  return new Map(people.flatMap((person) => (person === null ? [] : [[person.user.id, person.groups] as const])));
}

/** Asks for a person what their groups give now, and gives up what only earlier groups, or earlier rules, gave. */
export async function keepGroupWishes(
  draft: Draft, actor: Actor, userId: UserId, groupsBefore: readonly string[], rulesBefore: readonly GroupMapping[], rules: readonly GroupMapping[],
): Promise<void> {
  const person = await draft.stores.scimPeople.get(draft.accountId, userId);
  if (person === null) return;
  const before = givenByGroups(groupsBefore, rulesBefore);
  const after = givenByGroups(person.groups.map(({ displayName }) => displayName), rules);
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const wanted = wantedByGroups(await heldBy(draft.stores, draft, userId), before, after, await namesOf(draft.stores, draft));
  await keepWishes(draft, userId, { source: SOURCE, wanted, unknown: [] }, actor);
}

async function unknownOf(draft: Draft, ids: readonly UserId[]): Promise<Refused | null> {
  const known = await draft.stores.scimGroups.knownUsers(draft.accountId, ids);
  const unknown = ids.find((id) => !known.has(id));
  return unknown === undefined ? null : refused('invalid', 'members', 'There is no user with this id. Members are people; groups in groups are not kept.', unknown);
}
