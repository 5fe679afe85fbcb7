import type { HotDeskSession } from './session.js';
import type { SessionSettings } from './session-settings.js';

const MINUTE_MS = 60_000;

export type SessionEnds = Pick<HotDeskSession, 'endsAt' | 'endsBy' | 'idleEndsAt'>;

export interface EndsQuestion {
  /** Epoch ms, all three. */
  readonly startedAt: number;
  /** The last call of the phone, or the sign-in where it is later. */
  readonly lastActivityAt: number;
  /** Now: a daily end that is set later than its time today is tomorrow's. */
  readonly at: number;
  readonly settings: SessionSettings;
  /** The first instant after `after` at which the device's site's clocks show `time`. */
  readonly nextLocalTime: (time: string, after: number) => number;
}

/** When a session will end by itself. A time-out that is over already lies in the past: the session is due at once. */
export function sessionEnds({ startedAt, lastActivityAt, at, settings, nextLocalTime }: EndsQuestion): SessionEnds {
  const { timeoutMinutes, idleMinutes, dailyEnd } = settings;
  const timeout = timeoutMinutes === null ? null : startedAt + timeoutMinutes * MINUTE_MS;
  const schedule = dailyEnd === null ? null : nextLocalTime(dailyEnd, Math.max(startedAt, at));
  return {
    ...earlier(timeout, schedule),
    idleEndsAt: idleMinutes === null ? null : Math.max(startedAt, lastActivityAt) + idleMinutes * MINUTE_MS,
  };
}

/** Why a session is due at an instant; null = it is not. The end by idle time is asked again by whoever ends it. */
export function dueCause(session: SessionEnds, at: number): 'timeout' | 'schedule' | 'idle' | null {
  if (session.endsAt !== null && session.endsAt <= at) return session.endsBy;
  return session.idleEndsAt !== null && session.idleEndsAt <= at ? 'idle' : null;
}

function earlier(timeout: number | null, schedule: number | null): Pick<SessionEnds, 'endsAt' | 'endsBy'> {
  if (timeout !== null && (schedule === null || timeout <= schedule)) return { endsAt: timeout, endsBy: 'timeout' };
  return schedule === null ? { endsAt: null, endsBy: null } : { endsAt: schedule, endsBy: 'schedule' };
}
