import type { AccountId, DeviceId } from '../ids.js';
import type { ExtensionKey, SignInFailure, SignInLock } from './sign-in-lock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Failures count for so long. */
export const FAILURE_WINDOW_MS = 15 * MINUTE_MS;
/** How long a lock that ran out still doubles the next one. */
export const LOCK_MEMORY_MS = DAY_MS;
const FIRST_LOCK_MS = 5 * MINUTE_MS;
const LONGEST_LOCK_MS = DAY_MS;
const PAIR_FAILURES = 5;
const DEVICE_FAILURES = 10;

export interface LockoutFacts {
  readonly accountId: AccountId;
  readonly failure: SignInFailure;
  /** Failures at the device within the window, that one included. */
  readonly failures: readonly SignInFailure[];
  /** Locks of the device and its pairs, past ones included. */
  readonly locks: readonly SignInLock[];
}

/**
 * Locks to set after a failed attempt: the pair after five failures in 15 minutes, the whole phone after ten. Failures before
 * the last lock are spent; a lock within a day of another is twice as long, up to a day.
 */
export function lockoutAfterFailure({ accountId, failure, failures, locks }: LockoutFacts): readonly SignInLock[] {
  const { deviceId, extensionKey, at } = failure;
  const lockOf = (scope: SignInLock['scope'], key: ExtensionKey | null, limit: number): readonly SignInLock[] => {
    const last = locks.find((lock) => lock.scope === scope && lock.deviceId === deviceId && lock.extensionKey === key);
    const since = Math.max(at - FAILURE_WINDOW_MS, last?.at ?? 0);
    const counted = failures.filter((one) => one.deviceId === deviceId && one.at > since && (key === null || one.extensionKey === key));
    if (counted.length < limit) return [];
    const level = last !== undefined && last.until > at - LOCK_MEMORY_MS ? last.level + 1 : 1;
    const length = Math.min(FIRST_LOCK_MS * 2 ** (level - 1), LONGEST_LOCK_MS);
    return [{ accountId, scope, deviceId, extensionKey: key, until: at + length, level, at }];
  };
  return [...lockOf('pair', extensionKey, PAIR_FAILURES), ...lockOf('device', null, DEVICE_FAILURES)];
}

/** What blocks the sign-in code for an extension at a phone at an instant: the phone's lock before the pair's; null = nothing. */
export function lockHolding(
  locks: readonly SignInLock[], deviceId: DeviceId, extensionKey: ExtensionKey | null, at: number,
): SignInLock['scope'] | null {
  const holding = locks.filter((lock) => lock.deviceId === deviceId && lock.until > at);
  if (holding.some((lock) => lock.scope === 'device')) return 'device';
  return extensionKey !== null && holding.some((lock) => lock.extensionKey === extensionKey) ? 'pair' : null;
}
