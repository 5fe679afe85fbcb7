import { afterMailAttempt, type MailResult } from '../../domain/mail/mail-machine.js';
import type { MailContent } from '../../domain/mail/mail.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { ClaimedMail } from '../../ports/mail-stores.js';
import type { Mailer, MailPost, MailRenderer } from '../../ports/mailer.js';
import type { Clock, Log } from '../../ports/runtime.js';

/** Mails under way at once. */
const AT_ONCE = 5;
/** Longer than any attempt may take; a node that died leaves its mails to others after it. */
const CLAIM_MS = 120_000;
/** Mails of one turn; what is left is the next turn's. */
const TURN = 100;

export interface DeliverMailDeps {
  readonly stores: Pick<Stores, 'mails'>;
  readonly clock: Clock;
  readonly mail: MailPost;
  readonly mailer: Mailer;
  readonly mailRenderer: MailRenderer;
  readonly log: Log;
  /** 0 to 1. */
  readonly jitter: () => number;
}

export interface DeliverMail {
  /** Sends what is due; resolves with how many attempts were made. To be called each second, one call after the other. */
  tick(): Promise<number>;
  /** Begins nothing more. What is under way ends by itself, or is sent again under the same Message-ID after a restart. */
  stop(): void;
}

export function createDeliverMail(deps: DeliverMailDeps): DeliverMail {
  let ending = false;

  const attempt = async ({ mail, sealedContent }: ClaimedMail): Promise<void> => {
    const { id, template, attempts } = mail;
    const result = await sendOnce(deps, { mail, sealedContent });
    const at = deps.clock.now();
    const after = afterMailAttempt(attempts, result, at, deps.jitter());
    const settled = await deps.stores.mails.settle(id, attempts, after, at);
    // The address is the recipient's own business: the log names the mail, the API shows the rest.
    if (settled && after.state === 'failed') deps.log.warn('mail-failed', { mail: id, template, attempts, error: after.lastError });
  };

  return {
    async tick() {
      let made = 0;
      while (!ending && made < TURN) {
        const at = deps.clock.now();
        const claimed = await deps.stores.mails.claimDue(at, { limit: AT_ONCE, until: at + CLAIM_MS });
        await Promise.all(claimed.map(attempt));
        made += claimed.length;
        if (claimed.length < AT_ONCE) break;
      }
      return made;
    },
    stop: () => void (ending = true),
  };
}

async function sendOnce(deps: DeliverMailDeps, { mail, sealedContent }: ClaimedMail): Promise<MailResult> {
  let content: MailContent;
  try {
    content = { template: mail.template, data: JSON.parse(deps.mail.box.open(sealedContent, mail.id)) as unknown } as MailContent;
  } catch {
    return { kind: 'unsent', error: 'The content cannot be read with this SECRET_KEY.' };
  }
  const words = deps.mailRenderer.render(content, mail.language);
  return deps.mailer.send({ id: mail.id, to: mail.recipient, ...words });
}
