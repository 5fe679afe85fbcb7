import type { SipMessage, SipRequest } from '../syntax/message.js';
import type { Timer, TimerOwner } from '../transaction/timer-wheel.js';
import type { WireHeader } from './app-headers.js';
import { supports } from './answer.js';
import { appHeader, type AppSip } from './app-text.js';
import type { Dialog, SessionWatch } from './dialog.js';
import type { EdgeContext } from './edge-context.js';
import { endByBye } from './own-bye.js';
import { refreshSession } from './session-refresh.js';

/** RFC 4028 §4: no interval below 90 s. */
export const MIN_SESSION_SECONDS = 90;

interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

/** `1800;refresher=uas` (RFC 4028 §4). */
export function readSessionExpires(value: string | undefined): SessionExpires | undefined {
  const match = value === undefined ? null : /^(\d{1,9})\s*(?:;(.*))?$/.exec(value.trim());
  if (match === null) return undefined;
  const refresher = /(?:^|;)\s*refresher\s*=\s*(uac|uas)/i.exec(match[2] ?? '')?.[1]?.toLowerCase();
  return { seconds: Number(match[1]), refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined };
}

/** A request whose interval is too short: to be answered 422 with Min-SE (RFC 4028 §9). */
export function isTooShort(request: SipRequest): boolean {
  const wished = readSessionExpires(request.first('session-expires'));
  return wished !== undefined && wished.seconds < MIN_SESSION_SECONDS;
}

/** What our 2xx says about the session timer, and what runs afterwards. */
export interface AnsweredSession {
  readonly headers: readonly WireHeader[];
  /** Canonical names the application's headers must not repeat. */
  readonly replaced: ReadonlySet<string>;
  start(context: EdgeContext, dialog: Dialog): void;
}

const ANSWERED = new Set(['from', 'to', 'call-id', 'cseq', 'session-expires']);
const UNCHANGED = new Set(['from', 'to', 'call-id', 'cseq']);

/**
 * Our side of RFC 4028 §9: the application's Session-Expires wins, else the peer's with its refresher; no refresher named
 * means no timer (drachtio wire protocol §10).
 */
export function watchAsUas(request: SipRequest, response: AppSip): AnsweredSession {
  const ours = readSessionExpires(appHeader(response, 'session-expires'));
  const theirs = readSessionExpires(request.first('session-expires'));
  const seconds = Math.max(MIN_SESSION_SECONDS, (ours ?? theirs)?.seconds ?? 0);
  const refresher = ours !== undefined ? (ours.refresher ?? 'uac') : theirs?.refresher;
  if (refresher === undefined) return { headers: [], replaced: UNCHANGED, start: stopWatch };
  const headers: WireHeader[] = [['Session-Expires', `${seconds};refresher=${refresher}`]];
  // RFC 4028 §9: a UAC that is to refresh must be told so by Require.
  if (refresher === 'uac' && supports(request, 'timer') && appHeader(response, 'require') === undefined) {
    headers.push(['Require', 'timer']);
  }
  return {
    headers, replaced: ANSWERED,
    start: (context, dialog) => startWatch(context, dialog, seconds, refresher === 'uas'),
  };
}

/** RFC 4028 §7.2: what the 2xx to our INVITE or UPDATE says holds. */
export function watchAsUac(context: EdgeContext, dialog: Dialog, success: SipMessage): void {
  const given = readSessionExpires(success.first('session-expires'));
  if (given === undefined) stopWatch(context, dialog);
  else startWatch(context, dialog, Math.max(MIN_SESSION_SECONDS, given.seconds), given.refresher !== 'uas');
}

function stopWatch(context: EdgeContext, dialog: Dialog): void {
  context.dialogs.apply(dialog, 'session-timer-agreed');
}

function startWatch(context: EdgeContext, dialog: Dialog, seconds: number, weRefresh: boolean): void {
  context.dialogs.apply(dialog, 'session-timer-agreed', () => new SessionTimer(context, dialog, seconds, weRefresh));
}

/** One interval of RFC 4028 §10: refresh at half of it, or wait for the peer's refresh to its end. */
class SessionTimer implements SessionWatch, TimerOwner {
  #timer: Timer;

  constructor(
    private readonly context: EdgeContext,
    private readonly dialog: Dialog,
    private readonly seconds: number,
    weRefresh: boolean,
  ) {
    // Spread by 5 s to either side, so that calls set up together do not refresh together.
    const halfMs = seconds * 500 + (Math.random() * 10_000 - 5_000);
    this.#timer = context.wheel.start(weRefresh ? halfMs : seconds * 1_000, this, weRefresh ? 'refresh' : 'expire');
  }

  onTimer(name: string): void {
    if (name === 'expire') {
      endByBye(this.context, this.dialog, 'Session timer expired');
      return;
    }
    const { dialog } = this;
    if (dialog.sent?.unanswered === true || dialog.served?.unanswered === true) {
      this.#again();
      return;
    }
    refreshSession(this.context, dialog, this.seconds, {
      onRefreshed: (success) => watchAsUac(this.context, dialog, success),
      onGlare: () => this.#again(),
      onFailed: () => endByBye(this.context, dialog, 'Session timer expired'),
    });
  }

  stop(): void {
    this.context.wheel.stop(this.#timer);
  }

  /** RFC 3261 §14.1: after a glare, the owner of the Call-ID waits 2.1 to 4 s, the other less than 2 s. */
  #again(): void {
    const delayMs = this.dialog.role === 'uac' ? 2_100 + Math.random() * 1_900 : Math.random() * 2_000;
    this.#timer = this.context.wheel.start(delayMs, this, 'refresh');
  }
}
