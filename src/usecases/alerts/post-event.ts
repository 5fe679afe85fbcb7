import { asId, type AccountId, type EventId } from '../../domain/ids.js';
import type { WebhookEventType } from '../../domain/webhooks/webhook.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { IdSource } from '../../ports/runtime.js';

/** Something to be told to webhooks that is no step of a session. */
export interface PostedEvent {
  readonly accountId: AccountId;
  readonly type: WebhookEventType;
  /** What it is about: an alert, a call. Events about one thing go out in the order of `sequence`. */
  readonly subjectId: string;
  readonly sequence: number;
  readonly at: number;
  readonly payload: object;
}

/** Makes a delivery for every webhook that wants the event, in the transaction of `stores`; resolves with how many. */
export async function postEvent(stores: Pick<Stores, 'webhooks' | 'webhookDeliveries'>, ids: IdSource, event: PostedEvent): Promise<number> {
  const { accountId, type, subjectId, sequence, at, payload } = event;
  const webhooks = await stores.webhooks.wanting(accountId, type);
  const eventId = asId<EventId>(ids.next());
  const body = JSON.stringify({ event_id: eventId, event: type, time: new Date(at).toISOString(), account_id: accountId, sequence, payload });
  for (const webhook of webhooks) {
    await stores.webhookDeliveries.insert({
      id: ids.next(), accountId, webhookId: webhook.id, eventId, type, sessionId: subjectId, sequence, body, state: 'pending', attempts: 0, nextAt: at,
      lastStatus: null, lastError: '', createdAt: at, deliveredAt: null,
    });
  }
  return webhooks.length;
}
