import type { SipHeaders, SipMessage } from 'drachtio-srf';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import { headerOf, numberOf, tokensOf } from '../syntax/header.js';

/** RFC 4028 §4: no interval below 90 s. */
export const MIN_SESSION_SECONDS = 90;

/** The interval for a caller's leg, seconds; 0 = none of ours: the trunk's own for calls that one brings. */
export function sessionSecondsOf({ account, source }: CallFacts): number {
  return source.kind === 'trunk' ? source.trunk.sessionExpiresSeconds : account.policy.sessionExpiresSeconds;
}

type Refresher = 'uac' | 'uas';

/** What keeps one leg alive: interval and who refreshes; null = no timer. */
export type SessionTimer = { readonly seconds: number; readonly weRefresh: boolean } | null;

export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: Refresher | null;
}

/** Reads `1800;refresher=uac` (RFC 4028 §4); null when absent or malformed. */
export function sessionExpiresOf(message: SipMessage): SessionExpires | null {
  const match = /^(\d{1,9})\s*(?:;(.*))?$/.exec(headerOf(message, 'session-expires') ?? '');
  if (match === null) return null;
  const refresher = /(?:^|;)\s*refresher\s*=\s*(uac|uas)/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  return { seconds: Number(match[1]), refresher: refresher === 'uac' || refresher === 'uas' ? refresher : null };
}

/** RFC 4028 §9: an interval below our minimum is answered 422, provided the peer knows what that means. */
export function sessionTooShort(request: SipMessage): boolean {
  const wished = sessionExpiresOf(request);
  return wished !== null && wished.seconds < MIN_SESSION_SECONDS && supportsTimer(request);
}

/**
 * Headers of our 2xx to an INVITE or UPDATE, and the timer they start (RFC 4028 §9). The peer refreshes where it can.
 * Deviation: RFC 4028 §9 lets us run a timer with peers that know none; they get none.
 */
export function answerSession(
  request: SipMessage, ourSeconds: number,
): { readonly headers: SipHeaders; readonly timer: SessionTimer } {
  const wished = sessionExpiresOf(request);
  if (!supportsTimer(request) || (wished === null && ourSeconds === 0)) return { headers: {}, timer: null };
  const lowest = Math.max(MIN_SESSION_SECONDS, numberOf(request, 'min-se') || 0);
  const highest = ourSeconds === 0 ? Infinity : ourSeconds;
  const seconds = Math.max(lowest, Math.min(wished?.seconds ?? highest, highest));
  const refresher = wished?.refresher ?? 'uac';
  return {
    headers: { 'Session-Expires': `${seconds};refresher=${refresher}` },
    timer: { seconds, weRefresh: refresher === 'uas' },
  };
}

/** Headers of our own INVITE to a phone (RFC 4028 §7.1). */
export function offerSession(ourSeconds: number): SipHeaders {
  return ourSeconds === 0 ? {} : { 'Session-Expires': String(ourSeconds), 'Min-SE': String(MIN_SESSION_SECONDS) };
}

/** The timer that a 2xx to our INVITE starts (RFC 4028 §7.2). */
export function agreedSession(success: SipMessage): SessionTimer {
  const given = sessionExpiresOf(success);
  if (given === null) return null;
  return { seconds: Math.max(MIN_SESSION_SECONDS, given.seconds), weRefresh: given.refresher !== 'uas' };
}

/** Headers of a re-INVITE or UPDATE that we send on a leg: without them its timer would end (RFC 4028 §7.4). */
export function keepSession(timer: SessionTimer): SipHeaders {
  if (timer === null) return {};
  return { 'Session-Expires': `${timer.seconds};refresher=${timer.weRefresh ? 'uac' : 'uas'}`, Supported: 'timer' };
}

function supportsTimer(request: SipMessage): boolean {
  return tokensOf(request, 'supported').includes('timer') || tokensOf(request, 'require').includes('timer');
}
