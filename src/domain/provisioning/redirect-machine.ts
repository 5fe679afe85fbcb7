import type { AccountId, DeviceId } from '../ids.js';

/** Makers whose redirect service can be told of phones. */
export const REDIRECT_VENDORS = ['yealink'] as const;
export type RedirectVendor = (typeof REDIRECT_VENDORS)[number];

/** `wanted`: the service is to be told; `listed`: it knows; `leaving`: it is to forget the phone. */
export const REDIRECT_STATES = ['wanted', 'listed', 'failed', 'leaving'] as const;
export type RedirectState = (typeof REDIRECT_STATES)[number];

/** Why the service does not send the phone here. */
export const REDIRECT_REASONS = ['owned-elsewhere', 'credentials', 'refused', 'unreachable', 'no-window'] as const;
export type RedirectReason = (typeof REDIRECT_REASONS)[number];

/** What a maker's service is told of one phone. Instants are epoch ms. */
export interface RedirectListing {
  readonly accountId: AccountId;
  /** Twelve lower-case hex digits. */
  readonly macAddress: string;
  readonly vendor: RedirectVendor;
  /** The device that the phone stands for, or stood for while `leaving`. */
  readonly deviceId: DeviceId;
  readonly state: RedirectState;
  /** Begun since the wish. */
  readonly attempts: number;
  /** Of the next attempt; null = none is due. */
  readonly nextAt: number | null;
  readonly reason: RedirectReason | '';
  /** What the service said, in its own words; '' = nothing. */
  readonly detail: string;
  readonly updatedAt: number;
}

/** What came of one attempt. */
export type RedirectResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: Exclude<RedirectReason, 'unreachable'>; readonly detail: string }
  /** No connection, no time, a fault of the service: it may pass. */
  | { readonly kind: 'unanswered'; readonly detail: string };

const MINUTE_MS = 60_000;
/** Waits after the first attempt, the second, and so on. */
export const REDIRECT_RETRY_MS: readonly number[] = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 240 * MINUTE_MS, 720 * MINUTE_MS];
const LONGEST_DETAIL = 200;

/** A new wish, whatever was before. */
export function wantedListing(of: Pick<RedirectListing, 'accountId' | 'macAddress' | 'vendor' | 'deviceId'>, at: number): RedirectListing {
  return { ...of, state: 'wanted', attempts: 0, nextAt: at, reason: '', detail: '', updatedAt: at };
}

/**
 * What becomes of a listing after an attempt; null = it is gone. A phone that the service will not take is left alone until somebody acts;
 * one that it is to forget is tried for ever, since only that frees the phone for its next owner.
 * @param chance 0 to 1; spreads retries
 */
export function afterRedirectAttempt(listing: RedirectListing, result: RedirectResult, at: number, chance: number): RedirectListing | null {
  const { state, attempts } = listing;
  if (state === 'leaving') {
    // Whoever else owns it by now: it is none of ours any more.
    if (result.kind === 'done' || (result.kind === 'refused' && result.reason === 'owned-elsewhere')) return null;
    return { ...listing, ...failure(result), nextAt: at + wait(Math.min(attempts, REDIRECT_RETRY_MS.length), chance), updatedAt: at };
  }
  if (result.kind === 'done') return { ...listing, state: 'listed', nextAt: null, reason: '', detail: '', updatedAt: at };
  const again = result.kind === 'unanswered' && attempts <= REDIRECT_RETRY_MS.length;
  return { ...listing, ...failure(result), state: again ? 'wanted' : 'failed', nextAt: again ? at + wait(attempts, chance) : null, updatedAt: at };
}

function failure(result: Exclude<RedirectResult, { readonly kind: 'done' }>): Pick<RedirectListing, 'reason' | 'detail'> {
  return { reason: result.kind === 'refused' ? result.reason : 'unreachable', detail: result.detail.slice(0, LONGEST_DETAIL) };
}

function wait(attempts: number, chance: number): number {
  const base = REDIRECT_RETRY_MS[Math.max(attempts, 1) - 1] ?? 0;
  return Math.round(base * (0.8 + 0.4 * chance));
}

/** The maker's service for a device's type; null = none that can be told. */
export function redirectVendorOf(type: string): RedirectVendor | null {
  const lower = type.toLowerCase();
  return REDIRECT_VENDORS.find((vendor) => vendor === lower) ?? null;
}

/** What happened and what can be done. */
export function redirectText({ reason, detail, state, vendor }: Pick<RedirectListing, 'reason' | 'detail' | 'state' | 'vendor'>): string {
  const maker = vendor.charAt(0).toUpperCase() + vendor.slice(1);
  const said = detail === '' ? '' : ` It said: ${detail}`;
  switch (reason) {
    case '':
      return '';
    case 'owned-elsewhere':
      return `Another account at ${maker}'s redirect service has this phone. Ask its seller or former owner to release it there, then open another window.${said}`;
    case 'credentials':
      return `${maker}'s redirect service does not accept the access key. Set it again (PUT /v2/cordboard/redirect_services/${vendor}).${said}`;
    case 'refused':
      return `${maker}'s redirect service does not take this phone. Compare the MAC address with its label, then open another window.${said}`;
    case 'unreachable':
      return state === 'failed' ? `${maker}'s redirect service could not be reached for a day. Open another window to try again.${said}`
        : `${maker}'s redirect service could not be reached; it is tried again.${said}`;
    case 'no-window':
      return 'The window for enrolling closed before the service was told. Open another.';
  }
}
