import { z } from 'zod';
import type { ApiClient } from '../../ports/access-stores.js';
import {
  createApiClient, deleteApiClient, findApiClient, revokeClientTokens, rotateClientSecret, updateApiClient, type ClientWithSecret,
} from '../../usecases/admin/api-clients.js';
import { answer, created, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'API clients';
const WEEK_SECONDS = 604_800;
const DAY_SECONDS = 86_400;

const name = requiredLine(100);
const role = requiredLine(64).describe('Name or id of a role (GET /v2/phone/roles).');
const targets = z.array(requiredLine(64)).max(500).nullable().describe(
  'Ids of sites: the role counts there alone. null: wherever it reaches by itself, which is nowhere for roles that are about targets.',
);
const disabled = z.boolean().describe('true: gets no token, and tokens it holds count no longer.');

const client = z.object({
  client_id: z.string(), name: z.string(), role: z.string(), targets: z.array(z.string()).nullable(), disabled: z.boolean(), created_at: z.string(),
  last_used_at: z.string().describe('To some minutes; "" for never.'),
  earlier_secret_until: z.string().describe('Until then the secret before the last rotation counts, too; else "".'),
});
const withSecret = client.extend({ client_secret: z.string().describe('Shown now and never again.') });

function view(one: ApiClient, now: number) {
  const until = one.earlierSecret?.until ?? 0;
  return {
    client_id: one.id, name: one.name, role: one.role, targets: one.targets === null ? null : [...one.targets], disabled: one.disabled, created_at: apiTime(one.createdAt),
    last_used_at: apiTime(one.lastUsedAt ?? null), earlier_secret_until: until > now ? apiTime(until) : '',
  };
}

function secretView({ client: one, secret }: ClientWithSecret, now: number) {
  return { ...view(one, now), client_secret: secret };
}

export const apiClientRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/api_clients', operationId: 'listApiClients', summary: 'List API clients', tag: TAG, access: 'api_client:read',
    answer: { status: 200, description: 'Every client, without secrets.', schema: z.object({ total_records: z.int(), api_clients: z.array(client) }) },
    async handle({ deps, actor }) {
      const clients = await deps.stores.apiClients.all(actor.accountId);
      return json({ total_records: clients.length, api_clients: clients.map((one) => view(one, deps.clock.now())) });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/api_clients', operationId: 'createApiClient', summary: 'Add an API client', tag: TAG, access: 'api_client:write',
    body: z.strictObject({ name, role, targets: targets.optional() }),
    answer: { status: 201, description: 'The client with its secret.', schema: withSecret },
    async handle({ deps, actor, permissions, body }) {
      return answer(await createApiClient(deps, actor, { ...body, targets: body.targets ?? null }, permissions), (made) => created(secretView(made, deps.clock.now())));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/api_clients/{clientId}', operationId: 'getApiClient', summary: 'Get an API client', tag: TAG,
    access: 'api_client:read',
    answer: { status: 200, description: 'The client, without its secret.', schema: client },
    async handle({ deps, actor, params }) {
      return answer(await findApiClient(deps.stores, actor.accountId, params.clientId), (found) => json(view(found, deps.clock.now())));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/api_clients/{clientId}', operationId: 'updateApiClient', summary: 'Change or disable an API client', tag: TAG,
    access: 'api_client:write', body: z.strictObject({ name, role, targets, disabled }).partial(),
    answer: { status: 204, description: 'Changed, for tokens it holds, too. The last super admin stays one (409).', schema: null },
    async handle({ deps, actor, permissions, params, body }) {
      return answer(await updateApiClient(deps, actor, params.clientId, given(body), permissions), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/api_clients/{clientId}', operationId: 'deleteApiClient', summary: 'Remove an API client', tag: TAG,
    access: 'api_client:write',
    answer: { status: 204, description: 'Removed, with its tokens. The last super admin stays (409).', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await deleteApiClient(deps, actor, params.clientId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/api_clients/{clientId}/rotate_secret', operationId: 'rotateApiClientSecret',
    summary: 'Give an API client a new secret', tag: TAG, access: 'api_client:write', bodyOptional: true,
    body: z.strictObject({
      overlap_seconds: z.int().min(0).max(WEEK_SECONDS).default(DAY_SECONDS).describe('So long the present secret counts, too; 0 ends it at once.'),
    }),
    answer: { status: 200, description: 'The new secret. Tokens stay; revoke_tokens ends them.', schema: withSecret },
    async handle({ deps, actor, permissions, params, body }) {
      const outcome = await rotateClientSecret(deps, actor, params.clientId, body.overlap_seconds, permissions);
      return answer(outcome, (rotated) => json(secretView(rotated, deps.clock.now())));
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/api_clients/{clientId}/revoke_tokens', operationId: 'revokeApiClientTokens',
    summary: 'End every token of an API client', tag: TAG, access: 'api_client:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 204, description: 'Ended; it can get new ones.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await revokeClientTokens(deps, actor, params.clientId), () => NO_CONTENT);
    },
  }),
];
