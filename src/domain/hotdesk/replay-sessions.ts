import type { DeviceId, HotDeskSessionId, UserId } from '../ids.js';
import type { HotDeskEvent, HotDeskEventKind, SessionEnd, SessionState } from './session.js';

export interface ReplayedSession {
  readonly id: HotDeskSessionId;
  readonly deviceId: DeviceId;
  readonly userId: UserId;
  readonly state: SessionState;
  readonly fence: number;
  readonly cause: SessionEnd | null;
}

export interface Replay {
  /** Every session of the log, by id. */
  readonly sessions: ReadonlyMap<HotDeskSessionId, ReplayedSession>;
  /** Rules that the log breaks, one sentence each; none in a sound log. */
  readonly broken: readonly string[];
}

const STATE_AFTER: Readonly<Record<HotDeskEventKind, SessionState>> = { signed_in: 'active', draining: 'draining', signed_out: 'ended' };
const MAY_FOLLOW: Readonly<Record<HotDeskEventKind, readonly (SessionState | 'none')[]>> = {
  signed_in: ['none'], draining: ['active'], signed_out: ['active', 'draining'],
};

/** The state that a log of events, in any order given, leads to; and every rule of hot desking broken on the way. */
export function replaySessions(events: readonly HotDeskEvent[]): Replay {
  const sessions = new Map<HotDeskSessionId, ReplayedSession>();
  const guests = new Map<DeviceId, HotDeskSessionId>();
  const desks = new Map<UserId, HotDeskSessionId>();
  const broken: string[] = [];
  for (const event of [...events].sort((a, b) => a.sequence - b.sequence)) {
    const { sessionId: id, deviceId, userId } = event;
    const before = sessions.get(id);
    if (!MAY_FOLLOW[event.kind].includes(before?.state ?? 'none')) broken.push(`${id}: ${event.kind} after ${before?.state ?? 'nothing'}`);
    if (before !== undefined && before.cause !== null && before.cause !== event.cause) broken.push(`${id}: two causes`);
    const state = STATE_AFTER[event.kind];
    if (state === 'active') {
      if (guests.has(deviceId)) broken.push(`${id}: a second guest at device ${deviceId}`);
      if (desks.has(userId)) broken.push(`${id}: a second session of user ${userId}`);
      guests.set(deviceId, id);
      desks.set(userId, id);
    } else {
      if (guests.get(deviceId) === id) guests.delete(deviceId);
      if (desks.get(userId) === id) desks.delete(userId);
    }
    sessions.set(id, { id, deviceId, userId, state, fence: event.sequence, cause: event.cause });
  }
  return { sessions, broken };
}
