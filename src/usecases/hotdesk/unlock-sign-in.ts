import type { DeviceId, ExtensionId } from '../../domain/ids.js';
import { change, type Actor } from '../change.js';
import { done, type Outcome } from '../outcome.js';
import type { HotDeskDeps } from './hot-desk-deps.js';

/** What is unlocked: a phone with all its pairs, an extension at every phone, or one pair. */
export type UnlockTarget =
  | { readonly deviceId: DeviceId; readonly extensionId?: ExtensionId }
  | { readonly extensionId: ExtensionId; readonly deviceId?: undefined };

/** The signature of `unlockSignIn`. */
export type UnlockSignIn = (deps: HotDeskDeps, actor: Actor, target: UnlockTarget) => Promise<Outcome<number>>;

/** Lifts locks of the sign-in code and forgets the failures behind them; resolves with how many locks went. */
export const unlockSignIn: UnlockSignIn = (deps, actor, target) => change(deps, actor, async (draft) => {
  const { deviceId, extensionId } = target;
  const what = { ...(deviceId === undefined ? {} : { deviceId }), ...(extensionId === undefined ? {} : { extensionKey: extensionId }) };
  const unlocked = await draft.stores.signInLocks.clear(draft.accountId, what);
  const subject = deviceId === undefined ? { aggregate: 'extension' as const, id: extensionId ?? '' } : { aggregate: 'device' as const, id: deviceId };
  draft.audit({ ...subject, action: 'unlock-hot-desk-sign-in', about: { unlocked, extensionId: extensionId ?? null } });
  return done(unlocked);
});
