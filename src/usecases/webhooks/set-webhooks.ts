import { asId, type WebhookId } from '../../domain/ids.js';
import type { Webhook, WebhookDelivery, WebhookEventType } from '../../domain/webhooks/webhook.js';
import { webhookUrlProblem } from '../../domain/webhooks/webhook-url.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import type { WebhookDeps } from './webhook-deps.js';

/** An account's webhooks; each event is posted to every one. */
const MOST_WEBHOOKS = 20;
/** Characters of five random bits each. */
const SECRET_LENGTH = 40;

export interface WebhookChanges {
  readonly url?: string;
  readonly events?: readonly WebhookEventType[];
  readonly active?: boolean;
}

/** `secret` is shown once; it is kept sealed. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

export const webhookNotFound = (id: string): Refused => refused('not-found', 'webhookId', 'There is no webhook with this id.', id);

export async function createWebhook(
  deps: WebhookDeps, actor: Actor, wanted: { readonly url: string; readonly events: readonly WebhookEventType[]; readonly active: boolean },
): Promise<Outcome<WebhookWithSecret>> {
  const problem = urlProblem(deps, wanted.url);
  if (problem !== null) return problem;
  return change(deps, actor, async (draft) => {
    if (await draft.stores.webhooks.count(draft.accountId) >= MOST_WEBHOOKS) {
      return refused('conflict', 'url', `An account has at most ${MOST_WEBHOOKS} webhooks. Remove one first.`);
    }
    const webhook: Webhook = {
      id: asId<WebhookId>(draft.newId()), accountId: draft.accountId, url: wanted.url, events: distinct(wanted.events), active: wanted.active,
      verifiedAt: null, createdAt: draft.at,
    };
    const secret = freshSecret(deps);
    await draft.stores.webhooks.insert(webhook, deps.webhookBox.seal(secret, webhook.id));
    draft.note({ aggregate: 'webhook', id: webhook.id, change: 'created', action: 'create-webhook', before: null, after: shown(webhook) });
    return done({ webhook, secret });
  });
}

/** A new address has to answer a ping anew to count as verified. */
export async function updateWebhook(deps: WebhookDeps, actor: Actor, id: WebhookId, wanted: WebhookChanges): Promise<Outcome<Webhook>> {
  const problem = wanted.url === undefined ? null : urlProblem(deps, wanted.url);
  if (problem !== null) return problem;
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.webhooks.get(draft.accountId, id);
    if (before === null) return webhookNotFound(id);
    const url = wanted.url ?? before.url;
    const changes = {
      url, events: distinct(wanted.events ?? before.events), active: wanted.active ?? before.active,
      verifiedAt: url === before.url ? before.verifiedAt : null,
    };
    await draft.stores.webhooks.update(id, changes);
    const after = { ...before, ...changes };
    draft.note({ aggregate: 'webhook', id, change: 'updated', action: 'update-webhook', before: shown(before), after: shown(after) });
    return done(after);
  });
}

/** A new secret, shown once; the old one signs nothing any more. */
export async function renewWebhookSecret(deps: WebhookDeps, actor: Actor, id: WebhookId): Promise<Outcome<WebhookWithSecret>> {
  return change(deps, actor, async (draft) => {
    const webhook = await draft.stores.webhooks.get(draft.accountId, id);
    if (webhook === null) return webhookNotFound(id);
    const secret = freshSecret(deps);
    await draft.stores.webhooks.update(id, {}, deps.webhookBox.seal(secret, id));
    draft.audit({ aggregate: 'webhook', id, action: 'renew-webhook-secret', about: {} });
    return done({ webhook, secret });
  });
}

/** Its deliveries go with it. */
export async function removeWebhook(deps: WebhookDeps, actor: Actor, id: WebhookId): Promise<Outcome<Webhook>> {
  return change(deps, actor, async (draft) => {
    const webhook = await draft.stores.webhooks.get(draft.accountId, id);
    if (webhook === null) return webhookNotFound(id);
    await draft.stores.webhooks.delete(id);
    draft.note({ aggregate: 'webhook', id, change: 'deleted', action: 'remove-webhook', before: shown(webhook), after: null });
    return done(webhook);
  });
}

/**
 * Posts a delivery that failed or waits once more, at once and with all its attempts before it. Later events of its session may have
 * arrived meanwhile: `sequence` tells.
 */
export async function retryDelivery(deps: WebhookDeps, actor: Actor, webhookId: WebhookId, id: string): Promise<Outcome<WebhookDelivery>> {
  return change(deps, actor, async (draft) => {
    const delivery = await draft.stores.webhookDeliveries.get(draft.accountId, webhookId, id);
    if (delivery === null) return refused('not-found', 'deliveryId', 'There is no delivery with this id.', id);
    if (delivery.state === 'delivered') return refused('conflict', 'deliveryId', 'The event was delivered already.', id);
    await draft.stores.webhookDeliveries.retry(id, draft.at);
    draft.audit({ aggregate: 'webhook', id: webhookId, action: 'retry-webhook-delivery', about: { deliveryId: id, eventId: delivery.eventId } });
    return done({ ...delivery, state: 'pending', attempts: 0, nextAt: draft.at });
  });
}

function urlProblem({ webhookSender }: WebhookDeps, url: string): Refused | null {
  const parts = URL.canParse(url) ? new URL(url) : null;
  const text = webhookUrlProblem(url, parts, parts !== null && webhookSender.vouchedFor(parts.hostname));
  return text === null ? null : refused('invalid', 'url', text, url);
}

function freshSecret({ random }: WebhookDeps): string {
  return `whs_${random.token(SECRET_LENGTH)}`;
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

/** As the audit log keeps it: a query may hold a key of the receiver's. */
function shown(webhook: Webhook): object {
  return { ...webhook, url: webhook.url.replace(/\?.*$/s, '?…') };
}
