import type { CallBackPin } from '../domain/emergency/call-back-pin.js';
import type { AccountId } from '../domain/ids.js';

/** Desks that called for help lately. Answered and taken in memory at once, whatever is away; other nodes know within a second. */
export interface CallBackPinning {
  /** Never throws, never waits. */
  pin(pin: CallBackPin): void;
  /** Those of the number that hold now, the newest first. */
  pinned(accountId: AccountId, number: string): readonly CallBackPin[];
}
