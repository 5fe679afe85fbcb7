import type { AccountId, EventId, WebhookId } from '../ids.js';
import type { HotDeskEventKind } from '../hotdesk/session.js';

/** What a webhook can be told of; closed list, one name in API, deliveries and docs. */
export type WebhookEventType = `hot_desk.${HotDeskEventKind}` | 'alert.opened' | 'alert.closed' | 'emergency.call_placed' | 'fraud.warning' | 'fraud.critical';

export const WEBHOOK_EVENT_TYPES: readonly WebhookEventType[] = [
  'hot_desk.signed_in', 'hot_desk.draining', 'hot_desk.signed_out', 'alert.opened', 'alert.closed', 'emergency.call_placed', 'fraud.warning', 'fraud.critical',
];

/** Somebody's address that events are posted to. Its secret, which signs them, is kept sealed and shown once. */
export interface Webhook {
  readonly id: WebhookId;
  readonly accountId: AccountId;
  readonly url: string;
  readonly events: readonly WebhookEventType[];
  /** Nothing new is posted while false; what waits goes on waiting. */
  readonly active: boolean;
  /** When a ping was last answered with 2xx, epoch ms; null = never since the address was given. */
  readonly verifiedAt: number | null;
  readonly createdAt: number;
}

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** One event for one webhook. The body is fixed when the event is handed on, so that every attempt posts the same. */
export interface WebhookDelivery {
  /** Sortable by time of making. */
  readonly id: string;
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly eventId: EventId;
  readonly type: WebhookEventType;
  /** What it is about: a session, an alert, an emergency call. */
  readonly sessionId: string;
  /** Of a session the fence of the step: deliveries about one thing go out in its order. */
  readonly sequence: number;
  readonly body: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Epoch ms; an attempt under way has moved it behind its own end, so that no other node begins a second one. */
  readonly nextAt: number;
  /** HTTP status of the last answer; null = none came. */
  readonly lastStatus: number | null;
  /** What went wrong last, in words; '' = nothing. */
  readonly lastError: string;
  readonly createdAt: number;
  readonly deliveredAt: number | null;
}
