import { createTransport } from 'nodemailer';
import type { MailResult } from '../../domain/mail/mail-machine.js';
import type { Mailer } from '../../ports/mailer.js';
import { smtpOptions } from './smtp-options.js';

export interface SmtpMailerOptions {
  /** `SMTP_URL`. */
  readonly url: string;
  /** `MAIL_FROM`: an address, or a name and an address in angle brackets. */
  readonly from: string;
}

/** One connection a mail, to the server the operator named; a `Message-ID` that is the same at each attempt. */
export function createSmtpMailer({ url, from }: SmtpMailerOptions): Mailer {
  const transport = createTransport(smtpOptions(url));
  const host = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'cordboard.invalid';
  return {
    async send({ id, to, subject, text, html }) {
      try {
        await transport.sendMail({
          // As an object: what stands in it is one address and is never read as a list.
          from, to: { name: '', address: to }, subject, text, html, messageId: `<${id}@${host}>`,
          // RFC 3834 §5: answering machines leave it alone.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'accepted' };
      } catch (error) {
        return resultOf(error);
      }
    },
  };
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EAUTH', 'The mail server refused the user name or password of SMTP_URL.'],
  ['ECONNECTION', 'The mail server cannot be reached.'],
  ['ESOCKET', 'The connection to the mail server failed.'],
  ['ETIMEDOUT', 'The mail server did not answer in time.'],
  ['EDNS', 'The name of the mail server is unknown.'],
  ['ETLS', 'The mail server offers no TLS that can be used.'],
]);

/** RFC 5321 §4.2.1: 5yz about the recipient or the message is for good; everything else may pass. */
function resultOf(error: unknown): MailResult {
  const fields = error instanceof Error ? error as Error & { readonly code?: unknown; readonly responseCode?: unknown } : {};
  const { code, responseCode } = fields as { readonly code?: unknown; readonly responseCode?: unknown };
  const known = typeof code === 'string' ? code : '';
  const status = typeof responseCode === 'number' ? responseCode : 0;
  const aboutMail = known === 'EENVELOPE' || known === 'EMESSAGE';
  if (aboutMail && (status === 0 || status >= 500)) {
    return { kind: 'rejected', error: `The mail server refused the ${known === 'EENVELOPE' ? 'address' : 'message'}${status === 0 ? '' : ` (${status})`}.` };
  }
  const reason = REASONS.get(known) ?? 'The mail server did not take the message.';
  return { kind: 'unsent', error: status === 0 ? reason : `${reason.slice(0, -1)} (${status}).` };
}
