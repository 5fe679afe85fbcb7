import type { DeliveryState } from './webhook.js';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first attempt, the second, and so on: a day in all. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 6 * HOUR_MS, 10 * HOUR_MS,
];
/** A wait is so much longer or shorter by chance, so that what failed together does not return together. */
const JITTER = 0.2;

/** What a webhook's server made of one attempt. */
export type AttemptResult =
  | { readonly kind: 'answered'; readonly status: number }
  /** No answer: refused connection, time-out, a name nobody knows, an address that may not be asked. */
  | { readonly kind: 'unanswered'; readonly error: string };

export interface AfterAttempt {
  readonly state: DeliveryState;
  /** Epoch ms; of use while pending. */
  readonly nextAt: number;
  readonly lastStatus: number | null;
  readonly lastError: string;
}

/**
 * What becomes of a delivery after an attempt that began as its `attempts`th (1 = the first) and ended at `at`. 2xx delivers; all
 * else waits and tries again, redirections and refusals included, since servers are repaired; after a day it failed.
 * `chance` is 0 to 1.
 */
export function afterAttempt(attempts: number, result: AttemptResult, at: number, chance: number): AfterAttempt {
  if (result.kind === 'answered' && result.status >= 200 && result.status < 300) {
    return { state: 'delivered', nextAt: at, lastStatus: result.status, lastError: '' };
  }
  const outcome = result.kind === 'answered'
    ? { lastStatus: result.status, lastError: textOf(result.status) } : { lastStatus: null, lastError: result.error };
  const delay = RETRY_DELAYS_MS[attempts - 1];
  if (delay === undefined) return { state: 'failed', nextAt: at, ...outcome };
  return { state: 'pending', nextAt: at + Math.round(delay * (1 + JITTER * (2 * chance - 1))), ...outcome };
}

function textOf(status: number): string {
  return status >= 300 && status < 400
    ? `The server answered ${status}. Redirections are not followed: give the address itself.`
    : `The server answered ${status}. Only 2xx counts as delivered.`;
}
