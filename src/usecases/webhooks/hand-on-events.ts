import type { HotDeskEvent } from '../../domain/hotdesk/session.js';
import { eventBody, eventTypeOf } from '../../domain/webhooks/event-body.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { WebhookDeps } from './webhook-deps.js';

/** Events of one transaction, and transactions of one turn; what is left is the next turn's. */
const BATCH = 100;
const BATCHES = 20;

/**
 * Makes a delivery of each new event for every webhook that wants it; resolves with how many events were handed on. Events are locked
 * by row and marked in the same transaction, so that none is lost and none made twice on several nodes. To be called each second.
 */
export function createHandOnEvents(deps: Pick<WebhookDeps, 'uow' | 'clock' | 'ids'>): () => Promise<number> {
  const batch = (): Promise<number> => deps.uow.run(async (stores) => {
    const events = await stores.hotDeskSessions.eventsToHandOn(BATCH);
    for (const event of events) await handOn(deps, stores, event);
    await stores.hotDeskSessions.handedOn(events.map(({ id }) => id));
    return { end: 'commit', value: events.length };
  });
  return async () => {
    let all = 0;
    for (let batches = 0; batches < BATCHES; batches += 1) {
      const handedOn = await batch();
      all += handedOn;
      if (handedOn < BATCH) break;
    }
    return all;
  };
}

async function handOn({ clock, ids }: Pick<WebhookDeps, 'clock' | 'ids'>, stores: Stores, event: HotDeskEvent): Promise<void> {
  const type = eventTypeOf(event);
  const webhooks = await stores.webhooks.wanting(event.accountId, type);
  const session = webhooks.length === 0 ? null : await stores.hotDeskSessions.get(event.accountId, event.sessionId);
  if (session === null) return;
  const at = clock.now();
  const body = JSON.stringify(eventBody(event, {
    session,
    device: await stores.devices.get(event.accountId, event.deviceId),
    user: await stores.users.get(event.accountId, event.userId),
    extension: await stores.extensions.get(event.accountId, session.extensionId),
  }));
  for (const webhook of webhooks) {
    await stores.webhookDeliveries.insert({
      id: ids.next(), accountId: event.accountId, webhookId: webhook.id, eventId: event.id, type, sessionId: event.sessionId,
      sequence: event.sequence, body, state: 'pending', attempts: 0, nextAt: at, lastStatus: null, lastError: '', createdAt: at, deliveredAt: null,
    });
  }
}
