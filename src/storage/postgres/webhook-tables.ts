import type { AccountId, EventId, WebhookId } from '../../domain/ids.js';
import type { DeliveryState, WebhookEventType } from '../../domain/webhooks/webhook.js';
import type { Instant, InstantOrNull } from './column-types.js';

export interface WebhooksTable {
  readonly id: WebhookId;
  readonly account_id: AccountId;
  readonly url: string;
  readonly sealed_secret: string;
  readonly events: readonly WebhookEventType[];
  readonly active: boolean;
  readonly verified_at: InstantOrNull;
  readonly created_at: Instant;
}

export interface WebhookDeliveriesTable {
  readonly id: string;
  readonly account_id: AccountId;
  readonly webhook_id: WebhookId;
  readonly event_id: EventId;
  readonly type: WebhookEventType;
  readonly session_id: string;
  readonly sequence: number;
  readonly body: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly next_at: Instant;
  readonly last_status: number | null;
  readonly last_error: string;
  readonly created_at: Instant;
  readonly delivered_at: InstantOrNull;
}
