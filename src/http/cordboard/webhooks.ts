import { z } from 'zod';
import { asId, type WebhookId } from '../../domain/ids.js';
import { WEBHOOK_EVENT_TYPES, type Webhook } from '../../domain/webhooks/webhook.js';
import { pingWebhook } from '../../usecases/webhooks/ping-webhook.js';
import { createWebhook, removeWebhook, renewWebhookSecret, updateWebhook, webhookNotFound } from '../../usecases/webhooks/set-webhooks.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Webhooks';

const eventType = z.enum(WEBHOOK_EVENT_TYPES);
const url = requiredLine(2000).describe('An https URL on the public internet; others are for the operator to allow (WEBHOOK_ALLOWED_HOSTS).');
const events = z.array(eventType).min(1).max(WEBHOOK_EVENT_TYPES.length);
const active = z.boolean().describe('Whether new events are posted.');
const webhook = z.object({
  id: z.string(), url: z.string(), events: z.array(eventType), active, verified_at: z.string().describe('When a ping was last answered with 2xx.'),
  created_at: z.string(),
});
const withSecret = webhook.extend({
  secret: z.string().describe('Shown now and never again: cordboard-signature is v1= and the hex HMAC-SHA256, under it, of cordboard-timestamp, a dot, and the body.'),
});

function view(found: Webhook) {
  return {
    id: found.id, url: found.url, events: [...found.events], active: found.active, verified_at: apiTime(found.verifiedAt),
    created_at: apiTime(found.createdAt),
  };
}

export const webhookRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/webhooks', operationId: 'listWebhooks', summary: 'List webhooks', tag: TAG, access: 'webhook:read',
    query: z.object(pageQuery(100)),
    answer: { status: 200, description: 'Webhooks, oldest first.', schema: z.object({ ...pageFields, webhooks: z.array(webhook) }) },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.webhooks.page(actor.accountId, page.page);
      return json({ ...paging(found, query), webhooks: found.items.map(view) });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/webhooks', operationId: 'createWebhook', summary: 'Add a webhook', tag: TAG, access: 'webhook:write',
    body: z.strictObject({ url, events: events.default([...WEBHOOK_EVENT_TYPES]), active: active.default(true) }),
    answer: { status: 201, description: 'The webhook with its secret. Ping it to see whether the address answers.', schema: withSecret },
    async handle({ deps, actor, body }) {
      return answer(await createWebhook(deps, actor, body), (made) => created({ ...view(made.webhook), secret: made.secret }));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/webhooks/{webhookId}', operationId: 'getWebhook', summary: 'Get a webhook', tag: TAG, access: 'webhook:read',
    answer: { status: 200, description: 'The webhook, without its secret.', schema: webhook },
    async handle({ deps, actor, params }) {
      const found = await deps.stores.webhooks.get(actor.accountId, asId<WebhookId>(params.webhookId));
      return found === null ? failed(fromRefusal(webhookNotFound(params.webhookId))) : json(view(found));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/webhooks/{webhookId}', operationId: 'updateWebhook', summary: 'Change a webhook', tag: TAG, access: 'webhook:write',
    body: z.strictObject({ url, events, active }).partial(),
    answer: { status: 204, description: 'Changed; what waits for delivery goes to the new address.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await updateWebhook(deps, actor, asId<WebhookId>(params.webhookId), given(body)), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/webhooks/{webhookId}', operationId: 'deleteWebhook', summary: 'Remove a webhook', tag: TAG, access: 'webhook:write',
    answer: { status: 204, description: 'Removed, with its deliveries.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeWebhook(deps, actor, asId<WebhookId>(params.webhookId)), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/webhooks/{webhookId}/renew_secret', operationId: 'renewWebhookSecret', summary: 'Give a webhook a new secret',
    tag: TAG, access: 'webhook:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'The new secret; the old one signs nothing any more.', schema: withSecret },
    async handle({ deps, actor, params }) {
      const outcome = await renewWebhookSecret(deps, actor, asId<WebhookId>(params.webhookId));
      return answer(outcome, (renewed) => json({ ...view(renewed.webhook), secret: renewed.secret }));
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/webhooks/{webhookId}/ping', operationId: 'pingWebhook', summary: 'Post a test event to a webhook now',
    tag: TAG, access: 'webhook:write', bodyOptional: true, body: z.strictObject({}),
    answer: {
      status: 200, description: 'What the address answered, once. 2xx verifies it.',
      schema: z.object({ delivered: z.boolean(), status: z.int().nullable(), error: z.string() }),
    },
    async handle({ deps, actor, params }) {
      return answer(await pingWebhook(deps, actor, asId<WebhookId>(params.webhookId)), (result) => json(result));
    },
  }),
];
