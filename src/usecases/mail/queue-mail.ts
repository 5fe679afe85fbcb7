import type { AccountId } from '../../domain/ids.js';
import type { MailContent } from '../../domain/mail/mail.js';
import type { PromptLanguage } from '../../domain/prompts/account-prompt.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { MailPost } from '../../ports/mailer.js';

/** The transaction a mail is written in: a `Draft` is one. */
export interface MailDraft {
  readonly stores: Pick<Stores, 'mails'>;
  readonly accountId: AccountId;
  /** Epoch ms. */
  readonly at: number;
  readonly newId: () => string;
}

export type MailTo = MailContent & { readonly to: string; readonly language: PromptLanguage };

/**
 * Writes a mail inside a larger change; it goes out after the commit, never within a request. Returns its id, or null where no
 * mail server is configured and nothing was written.
 */
export async function queueMail(deps: { readonly mail: MailPost }, draft: MailDraft, mail: MailTo): Promise<string | null> {
  if (!deps.mail.enabled) return null;
  const id = draft.newId();
  const { to, language, template, data } = mail;
  await draft.stores.mails.insert({
    id, accountId: draft.accountId, recipient: to, template, language, state: 'pending', attempts: 0, nextAt: draft.at,
    lastError: '', createdAt: draft.at, sentAt: null,
  }, deps.mail.box.seal(JSON.stringify(data), id));
  return id;
}
