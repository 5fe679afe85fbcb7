import { z } from 'zod';
import type { JsonObject } from '../../domain/scim/person.js';
import { failed, json, type Answer } from '../answers.js';
import { problem } from '../problem.js';
import { route, type Route } from '../route.js';
import type { Attribute, ResourceType, Schema } from './attribute.js';
import { MOST_BULK_BYTES, MOST_BULK_OPERATIONS } from './bulk.js';
import { LIST_SCHEMA, MOST_SHOWN, scimList } from './scim-schemas.js';
import { SCIM_BASE } from './scim-problem.js';
import { RESOURCE_TYPES, USER_TYPE } from './schemas.js';
import { resourceAnswer } from './scim-answer.js';
import { userResource } from './user-resource.js';
import { roleNames } from './users.js';

const TAG = 'SCIM';
const CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
const TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';

/** RFC 7643 §5. What is claimed here is what the tests hold us to. */
function providerConfig(origin: string): JsonObject {
  return {
    schemas: [CONFIG_SCHEMA], documentationUri: `${origin}/docs`,
    patch: { supported: true }, bulk: { supported: true, maxOperations: MOST_BULK_OPERATIONS, maxPayloadSize: MOST_BULK_BYTES },
    filter: { supported: true, maxResults: MOST_SHOWN }, changePassword: { supported: false }, sort: { supported: true }, etag: { supported: true },
    authenticationSchemes: [{
      type: 'oauthbearertoken', name: 'Bearer token', primary: true, specUri: 'https://www.rfc-editor.org/info/rfc6750',
      description: 'A SCIM token of an API client, or an access token of POST /oauth/token.',
    }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${origin}${SCIM_BASE}/ServiceProviderConfig` },
  };
}

function schemaResource({ id, name, description, attributes }: Schema, origin: string): JsonObject {
  return {
    schemas: [SCHEMA_SCHEMA], id, name, description, attributes: attributes.map(attributeView),
    meta: { resourceType: 'Schema', location: `${origin}${SCIM_BASE}/Schemas/${id}` },
  };
}

function attributeView(one: Attribute): JsonObject {
  return {
    name: one.name, type: one.type, multiValued: one.multiValued, description: one.description, required: one.required,
    mutability: one.mutability, returned: one.returned,
    ...(one.type === 'complex' ? { subAttributes: one.subAttributes.map(attributeView) } : { caseExact: one.caseExact, uniqueness: one.uniqueness }),
    ...(one.canonicalValues.length === 0 ? {} : { canonicalValues: one.canonicalValues }),
    ...(one.type === 'reference' ? { referenceTypes: one.referenceTypes } : {}),
  };
}

function typeResource({ name, endpoint, description, core, extensions }: ResourceType, origin: string): JsonObject {
  return {
    schemas: [TYPE_SCHEMA], id: name, name, endpoint, description, schema: core.id,
    schemaExtensions: extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${origin}${SCIM_BASE}/ResourceTypes/${name}` },
  };
}

function listOf(resources: readonly JsonObject[]): Answer {
  return json({ schemas: [LIST_SCHEMA], totalResults: resources.length, startIndex: 1, itemsPerPage: resources.length, Resources: resources });
}

/** RFC 7644 §4: a filter here is forbidden, so that nobody takes what is left out for missing. */
const NO_FILTER = problem(403, 403, 'This list takes no filter.');
const query = z.object({ filter: z.string().max(2048).optional() });
const oneOf = (resources: readonly JsonObject[], id: string): Answer => {
  const found = resources.find((one) => one['id'] === id);
  return found === undefined ? failed(problem(404, 404, 'There is nothing with this id.')) : json(found);
};
const schemas = (origin: string) => RESOURCE_TYPES.flatMap(({ core, extensions }) => [core, ...extensions]).map((schema) => schemaResource(schema, origin));
const types = (origin: string) => RESOURCE_TYPES.map((type) => typeResource(type, origin));
const anything = z.looseObject({ schemas: z.array(z.string()) });
const LIST = { status: 200, description: 'All of them.', schema: scimList };

/** What this service provider can do (RFC 7644 §4). */
export const scimDiscoveryRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/scim2/ServiceProviderConfig', operationId: 'scimServiceProviderConfig', summary: 'What SCIM can do here', tag: TAG,
    access: 'scim:read', answer: { status: 200, description: 'RFC 7643 §5.', schema: anything },
    handle: ({ origin }) => json(providerConfig(origin)),
  }),
  route({
    method: 'GET', path: '/scim2/Schemas', operationId: 'scimSchemas', summary: 'Schemas of people and groups', tag: TAG, access: 'scim:read', query, answer: LIST,
    handle: ({ origin, query: { filter } }) => (filter === undefined ? listOf(schemas(origin)) : failed(NO_FILTER)),
  }),
  route({
    method: 'GET', path: '/scim2/Schemas/{id}', operationId: 'scimSchema', summary: 'One schema', tag: TAG, access: 'scim:read',
    answer: { status: 200, description: 'RFC 7643 §7.', schema: anything },
    handle: ({ origin, params }) => oneOf(schemas(origin), params.id),
  }),
  route({
    method: 'GET', path: '/scim2/ResourceTypes', operationId: 'scimResourceTypes', summary: 'Kinds of resources', tag: TAG, access: 'scim:read', query,
    answer: LIST,
    handle: ({ origin, query: { filter } }) => (filter === undefined ? listOf(types(origin)) : failed(NO_FILTER)),
  }),
  route({
    method: 'GET', path: '/scim2/ResourceTypes/{id}', operationId: 'scimResourceType', summary: 'One kind of resources', tag: TAG, access: 'scim:read',
    answer: { status: 200, description: 'RFC 7643 §6.', schema: anything },
    handle: ({ origin, params }) => oneOf(types(origin), params.id),
  }),
  route({
    method: 'GET', path: '/scim2/Me', operationId: 'scimMe', summary: 'Whoever asks', tag: TAG, access: 'scim:read', self: true, subject: 'anyone',
    answer: { status: 200, description: 'The person who signed in. Programs are nobody: 501 (RFC 7644 §3.11).', schema: anything },
    async handle(call) {
      const { own } = call.actor.reach;
      const person = own === null ? null : await call.deps.stores.scimPeople.get(call.actor.accountId, own);
      return person === null ? failed(problem(501, 501, 'A client is nobody\'s user. Ask for /scim2/Users/{id}.'))
        : resourceAnswer(USER_TYPE, userResource(person, await roleNames(call), call.origin), {});
    },
  }),
];
