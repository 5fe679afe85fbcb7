import { z } from 'zod';
import { asId, type WebhookId } from '../../domain/ids.js';
import { WEBHOOK_EVENT_TYPES, type WebhookDelivery } from '../../domain/webhooks/webhook.js';
import { retryDelivery, webhookNotFound } from '../../usecases/webhooks/set-webhooks.js';
import { answer, failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Webhooks';

const state = z.enum(['pending', 'delivered', 'failed']);
const delivery = z.object({
  id: z.string(), event_id: z.string(), event: z.enum(WEBHOOK_EVENT_TYPES), session_id: z.string().describe('"" where it is about no session.'),
  subject_id: z.string().describe('What it is about: a session, an alert, an emergency call.'), sequence: z.int(), state,
  attempts: z.int(), next_attempt_at: z.string().describe('"" once it is over.'), last_status: z.int().nullable().describe('null = no answer came.'),
  last_error: z.string(), created_at: z.string(), delivered_at: z.string(),
});

function view(found: WebhookDelivery) {
  return {
    id: found.id, event_id: found.eventId, event: found.type, session_id: found.type.startsWith('hot_desk.') ? found.sessionId : '',
    subject_id: found.sessionId, sequence: found.sequence, state: found.state,
    attempts: found.attempts, next_attempt_at: apiTime(found.state === 'pending' ? found.nextAt : null), last_status: found.lastStatus,
    last_error: found.lastError, created_at: apiTime(found.createdAt), delivered_at: apiTime(found.deliveredAt),
  };
}

export const webhookDeliveryRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/webhooks/{webhookId}/deliveries', operationId: 'listWebhookDeliveries', summary: "List a webhook's deliveries",
    tag: TAG, access: 'webhook:read',
    query: z.object({ state: state.optional(), event_id: z.string().max(64).optional(), ...pageQuery(100) }),
    answer: { status: 200, description: 'Deliveries of the last 30 days, newest first.', schema: z.object({ ...pageFields, deliveries: z.array(delivery) }) },
    async handle({ deps, actor, params, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const id = asId<WebhookId>(params.webhookId);
      if (await deps.stores.webhooks.get(actor.accountId, id) === null) return failed(fromRefusal(webhookNotFound(id)));
      const filter = given({ state: query.state, eventId: query.event_id === undefined ? undefined : asId<WebhookDelivery['eventId']>(query.event_id) });
      const found = await deps.stores.webhookDeliveries.page(actor.accountId, id, filter, page.page);
      return json({ ...paging(found, query), deliveries: found.items.map(view) });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/webhooks/{webhookId}/deliveries/{deliveryId}/retry', operationId: 'retryWebhookDelivery',
    summary: 'Post a delivery once more, now', tag: TAG, access: 'webhook:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'Waiting, due at once.', schema: delivery },
    async handle({ deps, actor, params }) {
      return answer(await retryDelivery(deps, actor, asId<WebhookId>(params.webhookId), params.deliveryId), (found) => json(view(found)));
    },
  }),
];
