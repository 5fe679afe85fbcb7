import type { AccountId, EventId, WebhookId } from '../domain/ids.js';
import type { AfterAttempt } from '../domain/webhooks/delivery-machine.js';
import type { DeliveryState, Webhook, WebhookDelivery, WebhookEventType } from '../domain/webhooks/webhook.js';
import type { Page, PageRequest } from './admin-stores.js';

export interface WebhookStore {
  get(accountId: AccountId, id: WebhookId): Promise<Webhook | null>;
  /** Oldest first. */
  page(accountId: AccountId, page: PageRequest): Promise<Page<Webhook>>;
  count(accountId: AccountId): Promise<number>;
  /** Active ones that want events of the type. */
  wanting(accountId: AccountId, type: WebhookEventType): Promise<readonly Webhook[]>;
  /** `sealedSecret` comes from a `SecretBox` with the webhook's id as context. */
  insert(webhook: Webhook, sealedSecret: string): Promise<void>;
  update(id: WebhookId, changes: Partial<Pick<Webhook, 'url' | 'events' | 'active' | 'verifiedAt'>>, sealedSecret?: string): Promise<void>;
  sealedSecret(id: WebhookId): Promise<string | null>;
  /** Its deliveries go with it. */
  delete(id: WebhookId): Promise<void>;
}

/** A delivery to be made now, with where it goes. */
export interface ClaimedDelivery {
  /** `attempts` counts the one to be made. */
  readonly delivery: WebhookDelivery;
  readonly url: string;
  readonly sealedSecret: string;
}

export interface ClaimLimits {
  readonly all: number;
  readonly each: number;
  /** Webhooks that have enough under way. */
  readonly without: readonly WebhookId[];
  /** Epoch ms: until then nobody else begins the attempt. */
  readonly until: number;
}

export interface WebhookDeliveryStore {
  /** Does nothing where the webhook has the event already. */
  insert(delivery: WebhookDelivery): Promise<void>;
  get(accountId: AccountId, webhookId: WebhookId, id: string): Promise<WebhookDelivery | null>;
  /** Newest first. */
  page(accountId: AccountId, webhookId: WebhookId, filter: { readonly state?: DeliveryState; readonly eventId?: EventId }, page: PageRequest): Promise<Page<WebhookDelivery>>;
  /**
   * Takes what is due at the instant, of active webhooks, one node each: not before every earlier event of the session was handed on
   * and, for this webhook, delivered or given up.
   */
  claimDue(at: number, limits: ClaimLimits): Promise<readonly ClaimedDelivery[]>;
  /** Writes what became of the attempt that was claimed as the `attempts`th; false when another one was begun since. */
  settle(id: string, attempts: number, after: AfterAttempt, at: number): Promise<boolean>;
  /** Due now, its attempts forgotten. */
  retry(id: string, at: number): Promise<void>;
}

export interface WebhookStores {
  readonly webhooks: WebhookStore;
  readonly webhookDeliveries: WebhookDeliveryStore;
}
