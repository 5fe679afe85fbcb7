import type { RandomSource, SecretBox, TextSigner } from '../../ports/crypto.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { WebhookSender } from '../../ports/webhook-sender.js';
import type { ChangeDeps } from '../change.js';

/** What verbs about webhooks need besides a transaction. */
export interface WebhookDeps extends ChangeDeps {
  readonly stores: Stores;
  readonly random: RandomSource;
  /** Seals secrets of webhooks, under a key of their own. */
  readonly webhookBox: SecretBox;
  readonly signText: TextSigner;
  readonly webhookSender: WebhookSender;
}
