import type { AccountId, DeviceId } from '../ids.js';

/** Who tried, as failures and locks know it: an extension's id, or a keyed hash of digits that nobody has. */
export type ExtensionKey = string;

/** One attempt that counts. */
export interface SignInFailure {
  readonly deviceId: DeviceId;
  readonly extensionKey: ExtensionKey;
  readonly at: number;
}

/** Blocks `*91` alone: for one extension at one phone, or for a whole phone. */
export interface SignInLock {
  readonly accountId: AccountId;
  readonly scope: 'pair' | 'device';
  readonly deviceId: DeviceId;
  /** Null with scope `device`. */
  readonly extensionKey: ExtensionKey | null;
  /** Epoch ms until which it holds. */
  readonly until: number;
  /** 1 for the first within a day; each one more doubles the time. */
  readonly level: number;
  readonly at: number;
}
