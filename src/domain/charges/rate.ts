import type { AccountId, RateDeckId, TrunkId } from '../ids.js';
import type { Micros } from './money.js';

/** Plans whose holders call for nothing: by kind, where the plan serves the number's country, or by code wherever it lies. */
export type Inclusion = 'unlimited' | 'metered' | `${number}`;

/** What calls to numbers with a prefix cost. */
export interface Rate {
  /** E.164 with `+`; '' = every number. */
  readonly prefix: string;
  /** In words, for people: `France mobile`. */
  readonly destination: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly perMinute: Micros;
  /** For every call that is not wholly included. */
  readonly connectFee: Micros;
  /** A call counts as at least so many seconds, then in steps. */
  readonly firstSeconds: number;
  readonly nextSeconds: number;
  readonly includedBy: readonly Inclusion[];
  /** Calls that began earlier have the rate before it; epoch ms, 0 = always. */
  readonly effectiveFrom: number;
}

/** Prices of a direction: of one trunk, or of every trunk without a deck of its own. */
export interface RateDeck {
  readonly id: RateDeckId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly direction: 'outbound' | 'inbound';
  /** Null = every trunk that has none. */
  readonly trunkId: TrunkId | null;
  /** Which set of rates holds; each import makes a new one. */
  readonly rateSet: string;
  readonly createdAt: number;
}

/** Most digits of a prefix: E.164 has no longer numbers. */
export const LONGEST_PREFIX = 15;

/** Every prefix that a number has, longest first, '' included. */
export function prefixesOf(number: string): readonly string[] {
  if (!/^\+\d{1,15}$/.test(number)) return [''];
  return [...Array.from({ length: number.length - 1 }, (_, cut) => number.slice(0, number.length - cut)), ''];
}

/** The rate of a number at an instant: the longest prefix that has one in force, and of those the latest. */
export function rateAt(rates: readonly Rate[], number: string, at: number): Rate | null {
  const fitting = rates.filter(({ prefix, effectiveFrom }) => effectiveFrom <= at && (prefix === '' || number.startsWith(prefix)));
  return fitting.reduce<Rate | null>((best, rate) => (best === null || isCloser(rate, best) ? rate : best), null);
}

function isCloser(rate: Rate, best: Rate): boolean {
  return rate.prefix.length !== best.prefix.length ? rate.prefix.length > best.prefix.length : rate.effectiveFrom > best.effectiveFrom;
}
