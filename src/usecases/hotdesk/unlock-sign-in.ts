import type { DeviceId, ExtensionId } from '../../domain/ids.js';
import type { Actor } from '../change.js';
import type { Outcome } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/** What is unlocked: a phone with all its pairs, an extension at every phone, or one pair. */
export type UnlockTarget =
  | { readonly deviceId: DeviceId; readonly extensionId?: ExtensionId }
  | { readonly extensionId: ExtensionId; readonly deviceId?: undefined };

/** Lifts locks of the sign-in code and forgets the failures behind them; resolves with how many locks went. */
export type UnlockSignIn = (deps: HotDeskDeps, actor: Actor, target: UnlockTarget) => Promise<Outcome<number>>;
