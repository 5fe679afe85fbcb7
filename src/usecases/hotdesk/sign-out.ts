import type { DeviceId, HotDeskSessionId } from '../../domain/ids.js';
import type { HotDeskSession, SessionEnd } from '../../domain/hotdesk/session.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';

export type SignOutResult =
  /** `session` is `ended`, or `draining` while a call of before is up. */
  | { readonly kind: 'signed-out'; readonly session: HotDeskSession; readonly language: string }
  | { readonly kind: 'nobody-signed-in'; readonly language: string };

/** Ending a session by hand. No call is hung up. All throw `StorageFault`. */
export interface SignOut {
  /** By the sign-out code at the phone; needs no PIN. */
  byPhone(deviceId: DeviceId): Promise<SignOutResult>;
  /** By the session's guest (`user`), the phone's owner (`owner`) or an administrator (`admin`). One that is ended is a conflict. */
  byApi(actor: Actor, sessionId: HotDeskSessionId, cause: Extract<SessionEnd, 'admin' | 'owner' | 'user'>): Promise<Outcome<HotDeskSession>>;
}
