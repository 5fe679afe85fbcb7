import { asId, type GroupMappingId, type UserId } from '../../domain/ids.js';
import type { WantedEntitlements } from '../../domain/entitlements/entitlements.js';
import type { GroupMapping } from '../../ports/entitlement-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor } from '../change.js';
import { grantAsked } from '../entitlements/apply-entitlements.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { keepGroupWishes } from './groups.js';

export interface WantedMapping {
  readonly groupName: string;
  readonly entitlements: WantedEntitlements;
}

/** People whose wishes are written in one transaction. */
const CHUNK = 100;
const GRANTED_AT_ONCE = 50;

const mappingNotFound = (id: string): Refused => refused('not-found', 'mappingId', 'There is no mapping with this id.', id);

/** Adds a rule, and gives its group's members what it says. */
export async function addGroupMapping(deps: AdminDeps, actor: Actor, wanted: WantedMapping): Promise<Outcome<GroupMapping>> {
  return following(deps, actor, () => change(deps, actor, async (draft) => {
    const taken = nameTaken(await draft.stores.groupMappings.all(draft.accountId), wanted.groupName, null);
    if (taken !== null) return taken;
    const mapping: GroupMapping = { id: asId<GroupMappingId>(draft.newId()), ...wanted, createdAt: draft.at };
    await draft.stores.groupMappings.insert(draft.accountId, mapping);
    draft.note({ aggregate: 'group_mapping', id: mapping.id, change: 'created', action: 'add-group-mapping', before: null, after: mapping });
    return done(mapping);
  }));
}

/** Changes a rule; its group's members get what it says now, and lose what only it gave. */
export async function updateGroupMapping(deps: AdminDeps, actor: Actor, id: string, wanted: Partial<WantedMapping>): Promise<Outcome<GroupMapping>> {
  return following(deps, actor, () => change(deps, actor, async (draft) => {
    const before = await draft.stores.groupMappings.get(draft.accountId, asId<GroupMappingId>(id));
    if (before === null) return mappingNotFound(id);
    const after = { ...before, ...wanted };
    const taken = nameTaken(await draft.stores.groupMappings.all(draft.accountId), after.groupName, before.id);
    if (taken !== null) return taken;
    await draft.stores.groupMappings.update(before.id, after);
    draft.note({ aggregate: 'group_mapping', id: before.id, change: 'updated', action: 'update-group-mapping', before, after });
    return done(after);
  }));
}

export async function removeGroupMapping(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<GroupMapping>> {
  return following(deps, actor, () => change(deps, actor, async (draft) => {
    const before = await draft.stores.groupMappings.get(draft.accountId, asId<GroupMappingId>(id));
    if (before === null) return mappingNotFound(id);
    await draft.stores.groupMappings.delete(before.id);
    draft.note({ aggregate: 'group_mapping', id: before.id, change: 'deleted', action: 'remove-group-mapping', before, after: null });
    return done(before);
  }));
}

/** Runs the change of the rules, and then tells every member of the groups they speak of what it means. */
async function following(deps: AdminDeps, actor: Actor, run: () => Promise<Outcome<GroupMapping>>): Promise<Outcome<GroupMapping>> {
  const { groupMappings, scimGroups } = deps.stores;
  const before = await groupMappings.all(actor.accountId);
  const outcome = await run();
  if (outcome.kind === 'refused') return outcome;
  const names = new Set([outcome.value, ...before.filter(({ id }) => id === outcome.value.id)].map(({ groupName }) => groupName.toLowerCase()));
  const groups = (await scimGroups.all(actor.accountId)).filter(({ displayName }) => names.has(displayName.toLowerCase()));
  const members = [...new Set((await Promise.all(groups.map(({ id }) => scimGroups.memberIds(id)))).flat())];
  for (let from = 0; from < members.length; from += CHUNK) await tell(deps, actor, members.slice(from, from + CHUNK), before);
  for (const userId of members.slice(0, GRANTED_AT_ONCE)) await grantAsked(deps, actor, userId);
  return outcome;
}

async function tell(deps: AdminDeps, actor: Actor, userIds: readonly UserId[], before: readonly GroupMapping[]): Promise<void> {
  // One precondition of a request is one of its first change.
  const { onlyAt: _only, ...follower } = actor;
  await change(deps, follower, async (draft) => {
    const rules = await draft.stores.groupMappings.all(draft.accountId);
    for (const userId of userIds) {
      const person = await draft.stores.scimPeople.get(draft.accountId, userId);
      await keepGroupWishes(draft, actor, userId, (person?.groups ?? []).map(({ displayName }) => displayName), before, rules);
    }
    return done(null);
  });
}

function nameTaken(mappings: readonly GroupMapping[], name: string, own: GroupMappingId | null): Refused | null {
  const same = mappings.some(({ id, groupName }) => id !== own && groupName.toLowerCase() === name.toLowerCase());
  return same ? refused('conflict', 'group_name', 'There is a mapping of this group. Change that one.', name) : null;
}
