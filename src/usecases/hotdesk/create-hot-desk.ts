import { createDeviceLock } from './create-device-lock.js';
import { createFinishDraining } from './create-finish-draining.js';
import { createSessionHistory } from './create-session-history.js';
import { createSignIn, type SignInDeps } from './create-sign-in.js';
import { createSignOut } from './create-sign-out.js';
import { createSweepSessions } from './create-sweep-sessions.js';
import type { DeviceLock } from './device-lock.js';
import type { FinishDraining } from './finish-draining.js';
import type { SessionHistory } from './session-history.js';
import type { SignIn } from './sign-in.js';
import type { SignOut } from './sign-out.js';
import type { SweepSessions } from './sweep-sessions.js';

/** The verbs of hot desking, as the phone, the API and the clock use them. */
export interface HotDesk {
  readonly signIn: SignIn;
  readonly signOut: SignOut;
  readonly deviceLock: DeviceLock;
  readonly history: SessionHistory;
  readonly sweepSessions: SweepSessions;
  readonly finishDraining: FinishDraining;
}

export function createHotDesk(deps: SignInDeps): HotDesk {
  return {
    signIn: createSignIn(deps), signOut: createSignOut(deps), deviceLock: createDeviceLock(deps),
    history: createSessionHistory(deps.stores), sweepSessions: createSweepSessions(deps), finishDraining: createFinishDraining(deps),
  };
}
