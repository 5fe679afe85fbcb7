import type { AccountId, DeviceId, EventId, ExtensionId, HotDeskSessionId, UserId } from '../ids.js';

/** `draining`: ended for everything new, but a call of before is still up. */
export type SessionState = 'active' | 'draining' | 'ended';

/** Why a session ended; closed list, one name in code, API, events, audit and docs. */
export type SessionEnd =
  | 'user' | 'timeout' | 'idle' | 'schedule' | 'displaced' | 'admin' | 'owner' | 'device-disabled' | 'device-removed'
  | 'user-disabled' | 'deprovisioned';

export const SESSION_ENDS: readonly SessionEnd[] = [
  'user', 'timeout', 'idle', 'schedule', 'displaced', 'admin', 'owner', 'device-disabled', 'device-removed', 'user-disabled',
  'deprovisioned',
];

/**
 * One sitting of a guest at a phone that is another's. At most one is `active` on a device, at most one is `active` of a user.
 * Instants are epoch ms.
 */
export interface HotDeskSession {
  readonly id: HotDeskSessionId;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly userId: UserId;
  /** The guest's. */
  readonly extensionId: ExtensionId;
  readonly state: SessionState;
  /** From one sequence for all sessions, taken anew at every step: the higher one is the later one. */
  readonly fence: number;
  readonly startedAt: number;
  /** The earlier of time-out and daily end; null = neither is set. */
  readonly endsAt: number | null;
  readonly endsBy: 'timeout' | 'schedule' | null;
  /** When the phone will have been without a call for the idle time; null = no idle time is set. */
  readonly idleEndsAt: number | null;
  readonly drainingSince: number | null;
  readonly endedAt: number | null;
  /** Fixed when the session drains; null while it is active. */
  readonly cause: SessionEnd | null;
  readonly via: 'phone' | 'api';
  /** Actors as in the audit log: `device:<id>`, `client:<id>`, `system`. */
  readonly startedBy: string;
  readonly endedBy: string | null;
}

export type HotDeskEventKind = 'signed_in' | 'draining' | 'signed_out';

/** One step of a session, written with it and never changed. All of them in the order of `sequence` give the live state. */
export interface HotDeskEvent {
  readonly id: EventId;
  readonly accountId: AccountId;
  /** The fence the step took. */
  readonly sequence: number;
  readonly sessionId: HotDeskSessionId;
  readonly deviceId: DeviceId;
  readonly userId: UserId;
  readonly kind: HotDeskEventKind;
  /** Null for `signed_in`. */
  readonly cause: SessionEnd | null;
  readonly at: number;
  readonly actor: string;
}
