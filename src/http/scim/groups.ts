import { z } from 'zod';
import { asId, type ScimGroupId } from '../../domain/ids.js';
import type { JsonObject, ScimGroup } from '../../domain/scim/person.js';
import { addGroup, changeGroup, groupNotFound, removeGroup } from '../../usecases/scim/groups.js';
import { answer, json, NO_CONTENT, type Answer } from '../answers.js';
import { route, type CallContext, type Route } from '../route.js';
import { groupPatch, groupResource, readGroup } from './group-resource.js';
import { listResources, type ListRequest, type ResourceSource } from './list.js';
import { isShown, type Projection } from './projection.js';
import { refusal, resourceAnswer } from './scim-answer.js';
import { jsonOf, listQuery, projectionQuery, scimBody, scimList, scimResource, searchBody } from './scim-schemas.js';
import { GROUP_TYPE } from './schemas.js';

const TAG = 'SCIM';
type Asking = Pick<CallContext, 'deps' | 'actor' | 'origin'>;

/** Groups as resources, with members only where somebody asks for them. */
async function resources({ deps, origin }: Asking, groups: readonly ScimGroup[], withMembers: boolean): Promise<readonly JsonObject[]> {
  const members = withMembers ? await deps.stores.scimGroups.members(groups.map(({ id }) => id)) : null;
  return groups.map((group) => groupResource(group, members === null ? null : members.get(group.id) ?? [], origin));
}

export function groupSource(asking: Asking, request: ListRequest): ResourceSource {
  const { deps: { stores: { scimGroups } }, actor: { accountId } } = asking;
  const withMembers = isShown(GROUP_TYPE, 'members', request) || /members/i.test(`${request.filter ?? ''} ${request.sortBy ?? ''}`);
  const shown = (groups: readonly ScimGroup[]) => resources(asking, groups, withMembers);
  return {
    indexed: (attribute, value) => {
      const key = attribute === 'id' ? { id: asId<ScimGroupId>(value) } : attribute === 'displayName' ? { displayName: value }
        : attribute === 'externalId' && value !== '' ? { externalId: value } : null;
      return key === null ? null : scimGroups.find(accountId, key).then(shown);
    },
    count: async () => (await scimGroups.all(accountId)).length,
    slice: async (skip, limit) => shown((await scimGroups.all(accountId)).slice(skip, skip + limit)),
    async *all() {
      yield await shown(await scimGroups.all(accountId));
    },
  };
}

async function listGroups(asking: Asking, request: ListRequest): Promise<Answer> {
  const listed = await listResources(GROUP_TYPE, groupSource(asking, request), request);
  return listed.kind === 'refused' ? refusal(listed) : json(listed.body);
}

async function shownGroup(asking: Asking, group: ScimGroup, projection: Projection, status: 200 | 201 = 200): Promise<Answer> {
  const [resource = {}] = await resources(asking, [group], isShown(GROUP_TYPE, 'members', projection));
  return resourceAnswer(GROUP_TYPE, resource, projection, status);
}

const projection = z.object(projectionQuery);
const GROUP = { status: 200, description: 'The group.', schema: scimResource };
const LIST = { status: 200, description: 'Groups, oldest first.', schema: scimList };

/** Groups that identity providers keep here; what they mean for phones is said by group mappings. */
export const scimGroupRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/scim2/Groups', operationId: 'scimListGroups', summary: 'List or find groups', tag: TAG, access: 'scim:read', query: z.object(listQuery),
    answer: LIST,
    handle: (call) => listGroups(call, call.query),
  }),
  route({
    method: 'POST', path: '/scim2/Groups/.search', operationId: 'scimSearchGroups', summary: 'Find groups', tag: TAG, access: 'scim:read', body: searchBody,
    answer: LIST,
    handle: (call) => listGroups(call, call.body),
  }),
  route({
    method: 'POST', path: '/scim2/Groups', operationId: 'scimAddGroup', summary: 'Add a group', tag: TAG, access: 'scim:write', body: scimBody, query: projection,
    answer: { status: 201, description: 'The new group.', schema: scimResource },
    async handle(call) {
      const read = readGroup(jsonOf(call.body));
      if (read.kind === 'refused') return refusal(read);
      const added = await addGroup(call.deps, call.actor, read.value);
      return added.kind === 'refused' ? refusal(added) : shownGroup(call, added.value, call.query, 201);
    },
  }),
  route({
    method: 'GET', path: '/scim2/Groups/{id}', operationId: 'scimGetGroup', summary: 'Get a group', tag: TAG, access: 'scim:read', query: projection,
    answer: GROUP,
    async handle(call) {
      const group = await call.deps.stores.scimGroups.get(call.actor.accountId, asId<ScimGroupId>(call.params.id));
      return group === null ? refusal(groupNotFound(call.params.id)) : shownGroup(call, group, call.query);
    },
  }),
  route({
    method: 'PUT', path: '/scim2/Groups/{id}', operationId: 'scimReplaceGroup', summary: 'Replace a group', tag: TAG, access: 'scim:write', body: scimBody,
    query: projection, answer: GROUP,
    async handle(call) {
      const changed = await changeGroup(call.deps, call.actor, call.params.id, () => readGroup(jsonOf(call.body)));
      return changed.kind === 'refused' ? refusal(changed) : shownGroup(call, changed.value, call.query);
    },
  }),
  route({
    method: 'PATCH', path: '/scim2/Groups/{id}', operationId: 'scimPatchGroup', summary: 'Change a group or its members', tag: TAG, access: 'scim:write',
    body: scimBody, query: projection, answer: GROUP,
    async handle(call) {
      const changed = await changeGroup(call.deps, call.actor, call.params.id, groupPatch(jsonOf(call.body)));
      return changed.kind === 'refused' ? refusal(changed) : shownGroup(call, changed.value, call.query);
    },
  }),
  route({
    method: 'DELETE', path: '/scim2/Groups/{id}', operationId: 'scimRemoveGroup', summary: 'Remove a group', tag: TAG, access: 'scim:write',
    answer: { status: 204, description: 'Removed; what only its mapping gave its members goes with it.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeGroup(deps, actor, params.id), () => NO_CONTENT);
    },
  }),
];
