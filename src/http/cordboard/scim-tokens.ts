import { z } from 'zod';
import type { ScimToken } from '../../ports/scim-stores.js';
import { findApiClient } from '../../usecases/admin/api-clients.js';
import { createScimToken, revokeScimToken } from '../../usecases/scim/scim-tokens.js';
import { answer, created, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { failed } from '../answers.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'SCIM';
const PATH = '/v2/cordboard/api_clients/{clientId}/scim_tokens';
const tokenView = z.object({
  id: z.string(), name: z.string(), created_at: z.string(), expires_at: z.string().describe('"" = never.'),
  last_used_at: z.string().describe('To some minutes; "" = never.'),
});

function view({ id, name, createdAt, expiresAt, lastUsedAt }: ScimToken) {
  return { id, name, created_at: apiTime(createdAt), expires_at: apiTime(expiresAt), last_used_at: apiTime(lastUsedAt) };
}

/** Long-lived tokens of API clients for identity providers; they open SCIM and nothing else. */
export const scimTokenRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'listScimTokens', summary: 'List the SCIM tokens of an API client', tag: TAG, access: 'api_client:read',
    answer: { status: 200, description: 'Every token, without itself.', schema: z.object({ total_records: z.int(), scim_tokens: z.array(tokenView) }) },
    async handle({ deps, actor, params }) {
      const client = await findApiClient(deps.stores, actor.accountId, params.clientId);
      if (client.kind === 'refused') return failed(fromRefusal(client));
      const tokens = await deps.stores.scimTokens.of(client.value.id);
      return json({ total_records: tokens.length, scim_tokens: tokens.map(view) });
    },
  }),
  route({
    method: 'POST', path: PATH, operationId: 'createScimToken', summary: 'Give an API client a SCIM token', tag: TAG, access: 'api_client:write',
    body: z.strictObject({ name: requiredLine(100), expires_in_days: z.int().min(1).max(3650).nullable().default(null).describe('null = never.') }),
    answer: {
      status: 201, description: 'The token, for the identity provider\'s settings.',
      schema: tokenView.extend({ token: z.string().describe('Shown now and never again.') }),
    },
    async handle({ deps, actor, permissions, params, body }) {
      const outcome = await createScimToken(deps, actor, params.clientId, { name: body.name, days: body.expires_in_days }, permissions);
      return answer(outcome, ({ token, secret }) => created({ ...view(token), token: secret }));
    },
  }),
  route({
    method: 'DELETE', path: `${PATH}/{tokenId}`, operationId: 'revokeScimToken', summary: 'Revoke a SCIM token', tag: TAG, access: 'api_client:write',
    answer: { status: 204, description: 'Revoked, at once.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await revokeScimToken(deps, actor, params.clientId, params.tokenId), () => NO_CONTENT);
    },
  }),
];
