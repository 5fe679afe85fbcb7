import type { AccountId } from '../domain/ids.js';
import type { MailState, OutgoingMail } from '../domain/mail/mail.js';
import type { AfterMailAttempt } from '../domain/mail/mail-machine.js';
import type { Page, PageRequest } from './admin-stores.js';

/** A mail to be sent now, with its content. */
export interface ClaimedMail {
  /** `attempts` counts the one to be made. */
  readonly mail: OutgoingMail;
  readonly sealedContent: string;
}

/** Mail on its way, written in the transaction that it tells of. */
export interface MailStore {
  /** `sealedContent` comes from `MailPost.box` with the mail's id as context. */
  insert(mail: OutgoingMail, sealedContent: string): Promise<void>;
  get(accountId: AccountId, id: string): Promise<OutgoingMail | null>;
  /** Newest first. */
  page(accountId: AccountId, filter: { readonly state?: MailState; readonly recipient?: string }, page: PageRequest): Promise<Page<OutgoingMail>>;
  /** Takes what is due at the instant, the oldest first, one node each; nobody else begins it before `until` (epoch ms). */
  claimDue(at: number, limits: { readonly limit: number; readonly until: number }): Promise<readonly ClaimedMail[]>;
  /**
   * Writes what became of the attempt that was claimed as the `attempts`th, and forgets the content of what has ended; false when
   * another attempt was begun since.
   */
  settle(id: string, attempts: number, after: AfterMailAttempt, at: number): Promise<boolean>;
  /** Deletes what ended and was written before the instant; returns how many. */
  forget(before: number): Promise<number>;
}

export interface MailStores {
  readonly mails: MailStore;
}
