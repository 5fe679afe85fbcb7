import type { WebhookId } from '../../domain/ids.js';
import { afterAttempt, type AttemptResult } from '../../domain/webhooks/delivery-machine.js';
import type { ClaimedDelivery } from '../../ports/webhook-stores.js';
import type { Log } from '../../ports/runtime.js';
import { signedPost } from './sign-post.js';
import type { WebhookDeps } from './webhook-deps.js';

/** Posts under way at once, in all and for one webhook: a slow server holds up itself alone. */
const MOST_AT_ONCE = 32;
const MOST_EACH = 8;
/** Longer than any post may take; a node that died leaves its posts to others after it. */
const CLAIM_MS = 60_000;

export interface DeliverWebhooks {
  /**
   * Begins what is due and has a free place, without waiting for answers; resolves with how many. To be called each second; what is
   * delivered lets the next in by itself, so that thousands of events need no thousands of seconds.
   */
  tick(): Promise<number>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Breaks off what is under way; those posts are made again later. */
  stop(): Promise<void>;
}

export interface DeliverDeps extends Pick<WebhookDeps, 'stores' | 'clock' | 'webhookBox' | 'signText' | 'webhookSender'> {
  readonly log: Log;
  /** 0 to 1. */
  readonly jitter: () => number;
}

export function createDeliverWebhooks(deps: DeliverDeps): DeliverWebhooks {
  const underWay = new Map<Promise<void>, WebhookId>();
  const ending = new AbortController();

  const attempt = async ({ delivery, url, sealedSecret }: ClaimedDelivery): Promise<void> => {
    const { id, webhookId, eventId, body, attempts } = delivery;
    const result = await postOnce(deps, { url, eventId, body, webhookId, sealedSecret }, ending.signal);
    // Broken off by ourselves: the claim runs out, and the attempt is made again.
    if (ending.signal.aborted) return;
    const at = deps.clock.now();
    const after = afterAttempt(attempts, result, at, deps.jitter());
    const settled = await deps.stores.webhookDeliveries.settle(id, attempts, after, at);
    if (after.state === 'delivered') refill();
    if (settled && after.state === 'failed') {
      deps.log.warn('webhook-delivery-failed', { webhook: webhookId, delivery: id, attempts, status: after.lastStatus, error: after.lastError });
    }
  };

  const begin = (claimed: ClaimedDelivery): void => {
    const { webhookId, id } = claimed.delivery;
    const post = attempt(claimed)
      .catch((error: unknown) => deps.log.warn('webhook-delivery-not-settled', { webhook: webhookId, delivery: id, err: error }))
      .finally(() => underWay.delete(post));
    underWay.set(post, webhookId);
  };

  const claim = async (): Promise<number> => {
    const free = MOST_AT_ONCE - underWay.size;
    if (free <= 0 || ending.signal.aborted) return 0;
    const at = deps.clock.now();
    const claimed = await deps.stores.webhookDeliveries.claimDue(at, { all: free, each: MOST_EACH, without: fullOf(underWay), until: at + CLAIM_MS });
    for (const one of claimed) begin(one);
    return claimed.length;
  };

  /** One claim after the other: two at once would count the free places twice. */
  let claims: Promise<unknown> = Promise.resolve();
  let refillWaits = false;
  const refill = (): void => {
    if (refillWaits) return;
    refillWaits = true;
    claims = claims.then(() => {
      refillWaits = false;
      return claim();
    }).catch((error: unknown) => deps.log.warn('webhook-deliveries-wait', { err: error }));
  };

  const idle = async (): Promise<void> => {
    let seen: Promise<unknown>;
    do {
      seen = claims;
      await seen;
      await Promise.all(underWay.keys());
    } while (underWay.size > 0 || claims !== seen);
  };

  return {
    idle,
    tick: () => {
      const turn = claims.then(claim);
      claims = turn.catch(() => undefined);
      return turn;
    },
    stop: async () => {
      ending.abort();
      await idle();
    },
  };
}

function fullOf(underWay: ReadonlyMap<Promise<void>, WebhookId>): readonly WebhookId[] {
  const counts = new Map<WebhookId, number>();
  for (const id of underWay.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= MOST_EACH).map(([id]) => id);
}

async function postOnce(
  deps: DeliverDeps, what: { readonly url: string; readonly eventId: string; readonly body: string; readonly webhookId: WebhookId; readonly sealedSecret: string },
  signal: AbortSignal,
): Promise<AttemptResult> {
  let secret: string;
  try {
    secret = deps.webhookBox.open(what.sealedSecret, what.webhookId);
  } catch {
    return { kind: 'unanswered', error: 'The secret of the webhook cannot be read with this SECRET_KEY. Renew it.' };
  }
  return deps.webhookSender.post(signedPost(deps.signText, secret, what.url, what.eventId, what.body, deps.clock.now()), signal);
}
