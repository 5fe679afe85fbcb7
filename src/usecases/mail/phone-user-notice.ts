import type { Account } from '../../domain/identity/account.js';
import type { Site } from '../../domain/identity/site.js';
import { nameOf, type AccountUser } from '../../domain/identity/user.js';
import { deskLanguage } from '../../domain/hotdesk/prompt-language.js';
import { mailLanguage } from '../../domain/mail/mail.js';
import type { Extension } from '../../domain/numbering/extension.js';
import type { MailPost } from '../../ports/mailer.js';
import { queueMail, type MailDraft } from './queue-mail.js';

/** A person as a notice tells of them. */
export interface NoticeSubject {
  readonly account: Account;
  readonly site: Site;
  readonly user: AccountUser;
  readonly extension: Pick<Extension, 'number'>;
  /** In the clear, for this mail alone. */
  readonly pinCode: string;
}

/**
 * Writes to a person who has just become a phone user, or got another PIN. True when the mail will bring the PIN, which then needs no
 * other way; false where no mail server is configured.
 */
export async function queuePinNotice(
  deps: { readonly mail: MailPost }, draft: MailDraft, template: 'phone-user-notice' | 'new-pin', subject: NoticeSubject,
): Promise<boolean> {
  const { account, site, user, extension, pinCode } = subject;
  const to = { to: user.email, language: mailLanguage(user.language, deskLanguage(site, account.policy)) };
  const common = {
    name: nameOf(user), accountName: account.name, extensionNumber: extension.number, pinCode,
    signInCode: account.policy.featureCodes.hotDeskSignIn,
  };
  const id = template === 'new-pin'
    ? await queueMail(deps, draft, { ...to, template, data: common })
    : await queueMail(deps, draft, { ...to, template, data: { ...common, siteName: site.name, siteCode: site.siteCode ?? '' } });
  return id !== null;
}
