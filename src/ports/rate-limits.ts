/** What a request counts as: reading or changing one thing, work over many rows, or asking for a token. */
export type RateClass = 'light' | 'heavy' | 'token';

export interface RateVerdict {
  readonly allowed: boolean;
  /** Requests in one span. */
  readonly limit: number;
  readonly remaining: number;
  /** Until the span ends. */
  readonly resetMs: number;
}

/** Counts requests of one caller, on all nodes together while Redis answers, else on each. */
export interface RateLimits {
  /** Counts one request; null where nothing is limited. Never throws. */
  take(kind: RateClass, caller: string): Promise<RateVerdict | null>;
}
