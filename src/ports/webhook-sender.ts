import type { AttemptResult } from '../domain/webhooks/delivery-machine.js';

/** One POST to somebody's server. */
export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Posts to addresses that administrators gave, and to no other place than they could reach themselves. */
export interface WebhookSender {
  /** Whether the operator vouches for the host of the address: then http is good enough, and the network may be a private one. */
  vouchedFor(hostname: string): boolean;
  /** Never rejects; ends within the time allowed for one post, or when `signal` is aborted. */
  post(post: WebhookPost, signal?: AbortSignal): Promise<AttemptResult>;
}
