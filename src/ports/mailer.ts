import type { MailContent } from '../domain/mail/mail.js';
import type { MailResult } from '../domain/mail/mail-machine.js';
import type { PromptLanguage } from '../domain/prompts/account-prompt.js';
import type { SecretBox } from './crypto.js';

/** One mail in words, ready for the wire. */
export interface MailMessage {
  /** The same at every attempt: who gets a mail twice can tell by its Message-ID. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Puts content into words: plain text, and HTML in which everything that was filled in is escaped. Pure, and quick. */
export interface MailRenderer {
  render(content: MailContent, language: PromptLanguage): Pick<MailMessage, 'subject' | 'text' | 'html'>;
}

/** The mail server of the operator (RFC 5321). */
export interface Mailer {
  /** Never rejects; ends within the time allowed for one mail. */
  send(message: MailMessage): Promise<MailResult>;
}

/** What verbs that write mail need to know of it. */
export interface MailPost {
  /** Whether a mail server is configured; without one nothing is written. */
  readonly enabled: boolean;
  /** Seals the content of mail on its way, under a key of its own: a notice may hold a PIN. */
  readonly box: SecretBox;
}
