import type { Reason } from '../reasons.js';

/** Within 4xx, best first: what tells the caller most (RFC 3261 §16.7 step 6), then what tells a person most. */
const CLIENT_ERRORS_BEST_FIRST: readonly number[] = [415, 420, 484, 486, 488, 480, 408];
/** Says least: it is only the echo of a CANCEL. */
const CLIENT_ERROR_WORST = 487;

/**
 * Picks the final response for the caller from those of all branches (RFC 3261 §16.7 step 6): a 6xx if there is one, else
 * the lowest class. The order of `statuses` does not matter; 408 when there is none.
 */
export function bestFailure(statuses: readonly number[]): number {
  const [first, ...others] = statuses.map(forwardable);
  if (first === undefined) return 408;
  return others.reduce((best, status) => (rank(status) < rank(best) ? status : best), first);
}

/**
 * What a branch's final status is worth to the caller.
 * Deviation: RFC 3261 §16.7 step 6 prefers 401 and 407; here they challenge us, not the caller, who cannot answer them.
 */
function forwardable(status: number): number {
  // RFC 3261 §16.7 step 6: a 503 is not forwarded, it speaks of one target only.
  if (status === 401 || status === 407 || status === 503) return 500;
  // RFC 3261 §16.8: a branch that never answered counts as 408.
  if (status === 0) return 408;
  return Number.isInteger(status) && status >= 300 && status <= 699 ? status : 500;
}

function rank(status: number): number {
  const group = Math.floor(status / 100);
  if (group === 6) return status - 600;
  return group * 10_000 + (group === 4 ? clientErrorRank(status) : status % 100);
}

function clientErrorRank(status: number): number {
  if (status === CLIENT_ERROR_WORST) return 1000;
  const place = CLIENT_ERRORS_BEST_FIRST.indexOf(status);
  return place < 0 ? 100 + (status % 100) : place;
}

const REASON_BY_STATUS: ReadonlyMap<number, Reason> = new Map<number, Reason>([
  [0, 'phone-unreachable'],
  [404, 'unknown-number'], [410, 'unknown-number'], [484, 'unknown-number'], [604, 'unknown-number'],
  [406, 'media-unacceptable'], [415, 'media-unacceptable'], [488, 'media-unacceptable'], [606, 'media-unacceptable'],
  [408, 'phone-unreachable'],
  [480, 'no-answer'],
  [483, 'too-many-hops'],
  [486, 'busy'], [600, 'busy'],
  [487, 'cancelled'],
]);

/** The same for what a trunk's gateway answers. */
export function reasonForTrunkStatus(status: number): Reason {
  if (status === 482) return 'call-loop';
  const known = REASON_BY_STATUS.get(status);
  if (known !== undefined && status !== 0 && status !== 408 && status !== 487) return known;
  return status >= 600 && status <= 699 ? 'declined' : 'network-refused';
}

/** The reason that stands for a SIP failure status of the called side; total over all numbers. */
export function reasonForStatus(status: number): Reason {
  const known = REASON_BY_STATUS.get(status);
  if (known !== undefined) return known;
  return status >= 600 && status <= 699 ? 'declined' : 'callee-failed';
}
