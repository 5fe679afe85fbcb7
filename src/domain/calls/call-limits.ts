import type { TrunkId } from '../ids.js';

/** Whose calls are counted together. */
export type CapScope = 'user' | 'site' | 'account';

/** A most of calls that may be up or begin at once. */
export interface CallCap {
  readonly scope: CapScope;
  /** Id of the extension, site or account. */
  readonly id: string;
  /** In words, for people. */
  readonly name: string;
  /** At least 1. */
  readonly limit: number;
}

/** A trunk that could take the call, with its own limits; 0 = none. */
export interface TrunkCap {
  readonly trunkId: TrunkId;
  readonly concurrentCalls: number;
  readonly callsPerSecond: number;
}

/** One thing that is counted or read of earlier calls, under a key of its own. */
export type CallReading =
  /** Attempts within the span, this one included. */
  | { readonly kind: 'attempts'; readonly key: string; readonly spanMs: number }
  /** Calls that are up or begin, this one included. */
  | { readonly kind: 'running'; readonly key: string }
  /** How often in a row the same text came, this time included. */
  | { readonly kind: 'in-a-row'; readonly key: string; readonly text: string; readonly spanMs: number }
  /** Texts seen for the first time ever within the span, this one included. */
  | { readonly kind: 'first-seen'; readonly key: string; readonly text: string; readonly spanMs: number }
  /** A number kept elsewhere; 0 where there is none. */
  | { readonly kind: 'kept'; readonly key: string };

/** What one call asks to be counted, all in one step. */
export interface CallAsk {
  /** Of the call, whatever record it gets. */
  readonly id: string;
  readonly at: number;
  readonly caps: readonly CallCap[];
  /** In order of preference: the first with room is taken. */
  readonly trunks: readonly TrunkCap[];
  readonly readings: readonly CallReading[];
  /** Only looks: nothing is counted or taken. */
  readonly peek: boolean;
}

/** What was there before the call, and whether it got its places. */
export interface CallCounts {
  /** Running calls of each cap, without this one. */
  readonly caps: readonly number[];
  /** Of each trunk, whether it has room for the call. */
  readonly trunks: readonly boolean[];
  /** Value of each reading. */
  readonly readings: readonly number[];
  /** Places are held, all or none. */
  readonly taken: boolean;
}

/** A lease that nobody renews is over; calls are renewed three times as often. */
export const LEASE_MS = 30_000;
export const LEASE_RENEWAL_MS = 10_000;
