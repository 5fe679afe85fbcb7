import type { WebhookId } from '../../domain/ids.js';
import type { AttemptResult } from '../../domain/webhooks/delivery-machine.js';
import { afterAttempt } from '../../domain/webhooks/delivery-machine.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { webhookNotFound } from './set-webhooks.js';
import { signedPost } from './sign-post.js';
import type { WebhookDeps } from './webhook-deps.js';

export interface PingResult {
  readonly delivered: boolean;
  readonly status: number | null;
  readonly error: string;
}

/**
 * Posts an event `webhook.ping` of no session, signed like every other, once. Answered with 2xx the address counts as verified; that
 * is shown and changes nothing else.
 */
export async function pingWebhook(deps: WebhookDeps, actor: Actor, id: WebhookId): Promise<Outcome<PingResult>> {
  const webhook = await deps.stores.webhooks.get(actor.accountId, id);
  const sealed = await deps.stores.webhooks.sealedSecret(id);
  if (webhook === null || sealed === null) return webhookNotFound(id);
  const at = deps.clock.now();
  const eventId = deps.ids.next();
  const body = JSON.stringify({ event_id: eventId, event: 'webhook.ping', time: new Date(at).toISOString(), account_id: actor.accountId, payload: {} });
  const result: AttemptResult = await deps.webhookSender.post(signedPost(deps.signText, deps.webhookBox.open(sealed, id), webhook.url, eventId, body, at));
  const { state, lastStatus, lastError } = afterAttempt(1, result, at, 0);
  if (state !== 'delivered') return done({ delivered: false, status: lastStatus, error: lastError });
  return change(deps, actor, async (draft) => {
    const now = await draft.stores.webhooks.get(draft.accountId, id);
    if (now === null) return webhookNotFound(id);
    if (now.url !== webhook.url) return refused('conflict', 'webhookId', 'The address was changed meanwhile. Ping again.', id);
    await draft.stores.webhooks.update(id, { verifiedAt: at });
    draft.audit({ aggregate: 'webhook', id, action: 'verify-webhook', about: { status: lastStatus } });
    return done({ delivered: true, status: lastStatus, error: '' });
  });
}
