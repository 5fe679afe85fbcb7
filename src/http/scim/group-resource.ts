import { asId, type UserId } from '../../domain/ids.js';
import type { JsonObject, ScimGroup, ScimGroupMember } from '../../domain/scim/person.js';
import type { Outcome } from '../../usecases/outcome.js';
import type { GroupChange, MemberStep } from '../../usecases/scim/groups.js';
import type { ScimFilter } from './filter.js';
import { applyPatch, concerns, keyOf, readPatch, type PatchOperation } from './patch.js';
import { asObject, isEmpty, isList, readResource, textOf } from './read-resource.js';
import { GROUP_SCHEMA, GROUP_TYPE } from './schemas.js';
import { SCIM_BASE, scimRefused, type ScimRefused } from './scim-problem.js';
import { withMeta } from './user-resource.js';

/** A group as SCIM shows it; `members` null = they were not asked for. Its version tells nothing of who they are, so that both agree. */
export function groupResource(group: ScimGroup, members: readonly ScimGroupMember[] | null, origin: string): JsonObject {
  const { id, displayName, externalId } = group;
  const resource: JsonObject = {
    schemas: [GROUP_SCHEMA], id, ...(externalId === '' ? {} : { externalId }), displayName,
    ...(members === null ? {} : {
      members: members.map(({ userId, name }) => ({ value: userId, $ref: `${origin}${SCIM_BASE}/Users/${userId}`, display: name, type: 'User' })),
    }),
  };
  return withMeta(resource, {
    resourceType: 'Group', created: group.createdAt, lastModified: group.updatedAt, location: `${origin}${SCIM_BASE}/Groups/${id}`,
  }, [id, displayName, externalId, group.updatedAt]);
}

/** A whole group as POST and PUT say it. */
export function readGroup(body: JsonObject): Outcome<GroupChange> | ScimRefused {
  const read = readResource(GROUP_TYPE, body);
  if (read.kind === 'refused') return read;
  const displayName = textOf(read.resource['displayName']);
  if (displayName === '') return scimRefused('invalidValue', 'displayName', 'This attribute is required.');
  const members = membersIn(read.resource['members']);
  if (members.kind === 'refused') return members;
  return { kind: 'done', value: { displayName, externalId: textOf(read.resource['externalId']), members: [{ kind: 'set', userIds: members.ids }] } };
}

/** What a PatchOp does to a group. Members are steps of their own, so that no member of a large group is read for one that comes. */
export function groupPatch(body: JsonObject): (before: ScimGroup) => Outcome<GroupChange> {
  const patch = readPatch(GROUP_TYPE, body);
  return (before) => {
    if (patch.kind === 'refused') return patch;
    const unknown = patch.unknown[0];
    if (unknown !== undefined) return scimRefused('invalidPath', 'path', `There is no attribute ${unknown.name.slice(0, 100)}.`);
    const steps: MemberStep[] = [];
    for (const operation of patch.operations.filter((one) => concerns(one, 'members'))) {
      const step = memberStep(operation);
      if (step.kind === 'refused') return step;
      steps.push(step.step);
    }
    const others = patch.operations.filter((one) => !concerns(one, 'members'));
    const after = applyPatch({ displayName: before.displayName, ...(before.externalId === '' ? {} : { externalId: before.externalId }) }, others);
    if (after.kind === 'refused') return after;
    const read = readGroup(after.resource);
    return read.kind === 'refused' ? read : { kind: 'done', value: { ...read.value, members: steps } };
  };
}

function memberStep({ op, at, value }: PatchOperation): { readonly kind: 'step'; readonly step: MemberStep } | ScimRefused {
  if (at.filter !== null) {
    const ids = idsIn(at.filter);
    if (ids === null || op !== 'remove' || at.sub !== null) return scimRefused('invalidPath', 'path', 'Use members[value eq "…"] with remove.');
    return { kind: 'step', step: { kind: 'remove', userIds: ids } };
  }
  if (at.container.length > 1) return scimRefused('mutability', 'path', 'Members are added and removed, never changed.');
  if (op === 'remove' && isEmpty(value)) return { kind: 'step', step: { kind: 'set', userIds: [] } };
  const members = membersIn(value);
  if (members.kind === 'refused') return members;
  return { kind: 'step', step: { kind: op === 'replace' ? 'set' : op, userIds: members.ids } };
}

type Members = { readonly kind: 'members'; readonly ids: readonly UserId[] } | ScimRefused;

function membersIn(value: JsonObject[string] | undefined): Members {
  const list = value === undefined || value === null ? [] : isList(value) ? value : [value];
  const nested = list.find((one) => textOf(asObject(one)['type']).toLowerCase() === 'group');
  if (nested !== undefined) return scimRefused('invalidValue', 'members', 'Groups in groups are not kept. Assign the people of the inner group.', keyOf(nested));
  const ids = list.map((one) => asId<UserId>(typeof one === 'string' ? one : textOf(asObject(one)['value'])));
  return ids.includes(asId<UserId>('')) ? scimRefused('invalidValue', 'members.value', 'Every member has the id of a user as its value.') : { kind: 'members', ids };
}

/** The ids that a filter of equalities names; null for any other. */
function idsIn(filter: ScimFilter): readonly UserId[] | null {
  if (filter.op === 'or') {
    const parts = filter.filters.map(idsIn);
    return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
  }
  return filter.op === 'eq' && filter.at.path[0] === 'value' && typeof filter.value === 'string' ? [asId<UserId>(filter.value)] : null;
}
