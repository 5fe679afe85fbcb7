import type { HotDeskDeps } from './hot-desk-deps.js';
import { SIGN_IN_MEMORY_MS } from './judge-attempt.js';

/** To be called each hour: removes failures and locks that decide nothing any more; returns how many went. */
export type ForgetSignIns = () => Promise<number>;

export function createForgetSignIns({ stores, clock }: Pick<HotDeskDeps, 'stores' | 'clock'>): ForgetSignIns {
  return () => stores.signInLocks.forget(clock.now() - SIGN_IN_MEMORY_MS);
}
