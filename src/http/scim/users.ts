import { asId, type UserId } from '../../domain/ids.js';
import type { JsonObject, ScimPerson } from '../../domain/scim/person.js';
import { removeAccountUser } from '../../usecases/admin/account-users.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { listRoles } from '../../usecases/admin/phone-roles.js';
import { addPerson, changePerson } from '../../usecases/scim/people.js';
import { answer, json, NO_CONTENT, type Answer } from '../answers.js';
import { route, type CallContext, type Route } from '../route.js';
import { patchedBy, replacedBy } from './edit-user.js';
import { listResources, type ListRequest, type ResourceSource } from './list.js';
import { readUser } from './read-user.js';
import { refusal, resourceAnswer } from './scim-answer.js';
import { jsonOf, listQuery, projectionQuery, scimBody, scimList, scimResource, searchBody } from './scim-schemas.js';
import { USER_TYPE } from './schemas.js';
import { userResource, type RoleNames } from './user-resource.js';
import { z } from 'zod';

const TAG = 'SCIM';
/** People read at once when every one is looked at. */
const CHUNK = 500;

type Asking = Pick<CallContext, 'deps' | 'actor' | 'origin'>;

export async function roleNames({ deps, actor }: Asking): Promise<RoleNames> {
  return new Map((await listRoles(deps.stores, actor.accountId)).map(({ id, name }) => [id, name]));
}

export async function userSource(asking: Asking): Promise<ResourceSource> {
  const { deps: { stores: { scimPeople } }, actor: { accountId }, origin } = asking;
  const roles = await roleNames(asking);
  const shown = (people: readonly ScimPerson[]): readonly JsonObject[] => people.map((person) => userResource(person, roles, origin));
  return {
    indexed: (attribute, value) => {
      const key = attribute === 'id' ? { id: asId<UserId>(value) } : attribute === 'userName' ? { userName: value }
        : attribute === 'externalId' && value !== '' ? { externalId: value } : null;
      return key === null ? null : scimPeople.find(accountId, key).then(shown);
    },
    count: () => scimPeople.count(accountId),
    slice: async (skip, limit) => shown(await scimPeople.list(accountId, { skip, limit })),
    async *all() {
      let after: UserId | null = null;
      do {
        const people: readonly ScimPerson[] = await scimPeople.list(accountId, { limit: CHUNK, after });
        yield shown(people);
        after = people.length < CHUNK ? null : people.at(-1)?.user.id ?? null;
      } while (after !== null);
    },
  };
}

async function listUsers(asking: Asking, request: ListRequest): Promise<Answer> {
  const listed = await listResources(USER_TYPE, await userSource(asking), request);
  return listed.kind === 'refused' ? refusal(listed) : json(listed.body);
}

const projection = z.object(projectionQuery);
const USER = { status: 200, description: 'The person.', schema: scimResource };
const LIST = { status: 200, description: 'People, oldest first; as many as were asked for.', schema: scimList };

/** People as identity providers see them (RFC 7644). */
export const scimUserRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/scim2/Users', operationId: 'scimListUsers', summary: 'List or find people', tag: TAG, access: 'scim:read', query: z.object(listQuery),
    answer: LIST,
    handle: (call) => listUsers(call, call.query),
  }),
  route({
    method: 'POST', path: '/scim2/Users/.search', operationId: 'scimSearchUsers', summary: 'Find people', tag: TAG, access: 'scim:read', body: searchBody,
    answer: LIST,
    handle: (call) => listUsers(call, call.body),
  }),
  route({
    method: 'POST', path: '/scim2/Users', operationId: 'scimAddUser', summary: 'Add a person', tag: TAG, access: 'scim:write', body: scimBody, query: projection,
    answer: { status: 201, description: 'The new person. What could not be granted stands in the reconciliation list.', schema: scimResource },
    async handle(call) {
      const read = readUser(jsonOf(call.body));
      if (read.kind === 'refused') return refusal(read);
      const roles = await roleNames(call);
      return answer(await addPerson(call.deps, call.actor, read.value), (person) => (
        resourceAnswer(USER_TYPE, userResource(person, roles, call.origin), call.query, 201)));
    },
  }),
  route({
    method: 'GET', path: '/scim2/Users/{id}', operationId: 'scimGetUser', summary: 'Get a person', tag: TAG, access: 'scim:read', query: projection,
    answer: USER,
    async handle(call) {
      const person = await call.deps.stores.scimPeople.get(call.actor.accountId, asId<UserId>(call.params.id));
      return person === null ? refusal(userNotFound(call.params.id)) : resourceAnswer(USER_TYPE, userResource(person, await roleNames(call), call.origin), call.query);
    },
  }),
  route({
    method: 'PUT', path: '/scim2/Users/{id}', operationId: 'scimReplaceUser', summary: 'Replace a person', tag: TAG, access: 'scim:write', body: scimBody,
    query: projection, answer: USER,
    async handle(call) {
      const roles = await roleNames(call);
      return answer(await changePerson(call.deps, call.actor, call.params.id, replacedBy(jsonOf(call.body))), (person) => (
        resourceAnswer(USER_TYPE, userResource(person, roles, call.origin), call.query)));
    },
  }),
  route({
    method: 'PATCH', path: '/scim2/Users/{id}', operationId: 'scimPatchUser', summary: 'Change a person', tag: TAG, access: 'scim:write', body: scimBody,
    query: projection, answer: USER,
    async handle(call) {
      const roles = await roleNames(call);
      return answer(await changePerson(call.deps, call.actor, call.params.id, patchedBy(jsonOf(call.body), roles, call.origin)), (person) => (
        resourceAnswer(USER_TYPE, userResource(person, roles, call.origin), call.query)));
    },
  }),
  route({
    method: 'DELETE', path: '/scim2/Users/{id}', operationId: 'scimRemoveUser', summary: 'Remove a person with extension and plans', tag: TAG,
    access: 'scim:write', answer: { status: 204, description: 'Removed; the devices are unassigned and stay registered.', schema: null },
    async handle({ deps, actor, params }) {
      // An id, never the e-mail address that other paths take as well.
      if (params.id.includes('@')) return refusal(userNotFound(params.id));
      return answer(await removeAccountUser(deps, actor, params.id), () => NO_CONTENT);
    },
  }),
];
