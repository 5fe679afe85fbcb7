import type { MailState } from './mail.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first attempt, the second, and so on: two days in all, since mail servers rest at weekends. */
export const MAIL_RETRY_DELAYS_MS: readonly number[] = [
  MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS, 12 * HOUR_MS, 20 * HOUR_MS,
];
/** A wait is so much longer or shorter by chance, so that what failed together does not return together. */
const JITTER = 0.2;

/** What the mail server made of one attempt. */
export type MailResult =
  | { readonly kind: 'accepted' }
  /** For good: this address or this message will not be taken (RFC 5321 §4.2.1, 5yz). */
  | { readonly kind: 'rejected'; readonly error: string }
  /** No connection, no time, a server that says later (4yz), or one that does not know us: others may repair it. */
  | { readonly kind: 'unsent'; readonly error: string };

export interface AfterMailAttempt {
  readonly state: MailState;
  /** Epoch ms; of use while pending. */
  readonly nextAt: number;
  readonly lastError: string;
}

/**
 * What becomes of a mail after an attempt that began as its `attempts`th (1 = the first) and ended at `at`. `chance` is 0 to 1.
 * RFC 5321 §4.5.4.1: what could not be sent is tried again, at growing intervals, before it is given up.
 */
export function afterMailAttempt(attempts: number, result: MailResult, at: number, chance: number): AfterMailAttempt {
  if (result.kind === 'accepted') return { state: 'sent', nextAt: at, lastError: '' };
  const delay = result.kind === 'rejected' ? undefined : MAIL_RETRY_DELAYS_MS[attempts - 1];
  if (delay === undefined) return { state: 'failed', nextAt: at, lastError: result.error };
  return { state: 'pending', nextAt: at + Math.round(delay * (1 + JITTER * (2 * chance - 1))), lastError: result.error };
}
