import type { AccountId, DeviceId, ResyncCampaignId } from '../ids.js';

/**
 * `pending` waits for its time or for what `waitsFor` says; `sent` is on its way to the phone; the others are ends:
 * `confirmed` by the phone's 2xx, `failed`, or `not-needed` because the phone's label does not change.
 */
export type ResyncState = 'pending' | 'sent' | 'confirmed' | 'failed' | 'not-needed';

/** Asking one phone to read its configuration again. There is one for each phone: the newest. */
export interface DeviceResync {
  readonly deviceId: DeviceId;
  readonly accountId: AccountId;
  /** Of the session step that asked for it; 0 when somebody asked before any step. Later ones replace earlier ones. */
  readonly fence: number;
  /** Asked by a person, so that it is sent whatever becomes of the label. */
  readonly byPerson: boolean;
  /** The phone is to restart, not only to read its configuration. */
  readonly restart: boolean;
  /** The campaign that asks, which sends to the phone's newest contact alone; null = another wish. */
  readonly campaignId: ResyncCampaignId | null;
  readonly state: ResyncState;
  readonly waitsFor: 'registration' | 'call-end' | 'retry' | null;
  /** NOTIFYs begun for this fence. */
  readonly attempts: number;
  /** Epoch ms of the next look; with `sent`, when a process that never told the end counts as dead. Null at an end. */
  readonly nextAt: number | null;
  /** SIP status of the last answer; 408 = none came. */
  readonly lastStatus: number | null;
  /** Epoch ms of the last step. */
  readonly at: number;
}

/** From the end of a call to the NOTIFY: phones that are just hanging up miss it, or restart late. */
export const SETTLE_MS = 1_500;
/** How often what waits is looked at, should nobody tell. */
export const REGISTRATION_POLL_MS = 30_000;
export const CALL_POLL_MS = 5_000;
/** Longer than the longest exchange: three transactions of 32 s (RFC 3261 §17.1.2.2, Timer F). */
export const LEASE_MS = 120_000;
/** Waits before the retries; there are no more. */
export const BACKOFF_MS: readonly number[] = [5_000, 20_000, 60_000];
const LONGEST_RETRY_AFTER_MS = 300_000;

export type ResyncEvent =
  | { readonly kind: 'unregistered' }
  | { readonly kind: 'in-call' }
  /** What it waited for has come: the end of a call, or a registration. */
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'send' }
  /** There was no way to send: no attempt. */
  | { readonly kind: 'unsent' }
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'unanswered' };

/** One step; `jitter` is uniform in 0–1 and spreads retries. A resync at its end stays as it is. */
export function resyncStep(resync: DeviceResync, event: ResyncEvent, at: number, jitter: number): DeviceResync {
  if (resync.state !== 'pending' && resync.state !== 'sent') return resync;
  const waiting = (waitsFor: DeviceResync['waitsFor'], ms: number): DeviceResync => ({ ...resync, state: 'pending', waitsFor, nextAt: at + ms, at });
  const ended = (state: ResyncState): DeviceResync => ({ ...resync, state, waitsFor: null, nextAt: null, at });
  switch (event.kind) {
    case 'unregistered':
      return waiting('registration', REGISTRATION_POLL_MS);
    case 'in-call':
      return waiting('call-end', CALL_POLL_MS);
    case 'unblocked':
      return waiting(null, SETTLE_MS);
    case 'not-needed':
      return ended('not-needed');
    case 'send':
      return { ...resync, state: 'sent', waitsFor: null, attempts: resync.attempts + 1, nextAt: at + LEASE_MS, at };
    case 'unsent':
      return { ...waiting('retry', CALL_POLL_MS), attempts: Math.max(resync.attempts - 1, 0) };
    case 'unanswered':
      return retried({ ...resync, lastStatus: 408 }, null, at, jitter);
    case 'answered': {
      const told = { ...ended(event.status < 300 ? 'confirmed' : 'failed'), lastStatus: event.status };
      return mayPass(event.status) ? retried({ ...resync, lastStatus: event.status }, event.retryAfterMs, at, jitter) : told;
    }
  }
}

/** A new wish for the phone: `fence` of the step, or the one before when a person asks. */
export function wantedResync(
  wish: Pick<DeviceResync, 'deviceId' | 'accountId' | 'fence' | 'byPerson'> & Partial<Pick<DeviceResync, 'restart' | 'campaignId'>>, at: number, settleMs: number = SETTLE_MS,
): DeviceResync {
  return { restart: false, campaignId: null, ...wish, state: 'pending', waitsFor: null, attempts: 0, nextAt: at + settleMs, lastStatus: null, at };
}

/** Of several contacts of one phone, the answer that counts: a success, else what may pass, else the refusal. */
export function bestAnswer<T extends { readonly kind: string; readonly status?: number }>(answers: readonly T[]): T | undefined {
  const rank = ({ kind, status = 0 }: T): number => {
    if (kind !== 'answered') return kind === 'unanswered' ? 1 : 3;
    return status < 300 ? 0 : mayPass(status) ? 1 : 2;
  };
  return [...answers].sort((a, b) => rank(a) - rank(b))[0];
}

/** RFC 3261 §21: answers that another try may change. 481 and 489 (RFC 6665 §8.3.2) say that this phone takes no such NOTIFY. */
function mayPass(status: number): boolean {
  return status === 408 || status === 480 || status === 486 || status === 491 || (status >= 500 && status < 600 && status !== 501 && status !== 505);
}

function retried(resync: DeviceResync, retryAfterMs: number | null, at: number, jitter: number): DeviceResync {
  const backoff = BACKOFF_MS[resync.attempts - 1];
  if (backoff === undefined) return { ...resync, state: 'failed', waitsFor: null, nextAt: null, at };
  // RFC 3261 §20.33: not before Retry-After, which a phone may also get wrong.
  const wait = Math.max(backoff * (1 + jitter / 4), Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
  return { ...resync, state: 'pending', waitsFor: 'retry', nextAt: at + Math.round(wait), at };
}
