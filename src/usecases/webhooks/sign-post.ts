import type { TextSigner } from '../../ports/crypto.js';
import type { WebhookPost } from '../../ports/webhook-sender.js';

/**
 * A post with its headers: `cordboard-event-id` (the same at every attempt), `cordboard-timestamp` (seconds of the attempt) and
 * `cordboard-signature`, `v1=` and the hex HMAC-SHA256 of `<timestamp>.<body>` under the webhook's secret. Who receives it compares the
 * signature, refuses timestamps that are minutes old, and passes over event ids seen before.
 */
export function signedPost(sign: TextSigner, secret: string, url: string, eventId: string, body: string, at: number): WebhookPost {
  const timestamp = String(Math.floor(at / 1000));
  return {
    url, body,
    headers: {
      'user-agent': 'Cordboard-Webhook/1',
      'cordboard-event-id': eventId,
      'cordboard-timestamp': timestamp,
      'cordboard-signature': `v1=${sign(secret, `${timestamp}.${body}`)}`,
    },
  };
}
