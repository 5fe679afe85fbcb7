import type { CallCap, CapScope } from '../calls/call-limits.js';
import type { GuardReading } from '../fraud/judge-guards.js';
import type { TrunkId } from '../ids.js';
import type { Reason } from '../reasons.js';
import type { CallFacts } from './call-facts.js';
import { notApplicable, passed, refuse, type RuleVerdict } from './rule-chain.js';

/** What is known of other calls when a call is decided. */
export interface CallLimits {
  /** Caps that are set, with the calls that are up or begin, without this one. */
  readonly caps: readonly (CallCap & { readonly running: number })[];
  /** Trunks that have as many calls as they may, or got as many in this second. */
  readonly fullTrunks: ReadonlySet<TrunkId>;
  /** Guards that watch the call, with what they saw; missing = none. */
  readonly guards?: readonly GuardReading[];
}

const REASON: Readonly<Record<CapScope, Reason>> = { user: 'user-call-limit', site: 'site-call-limit', account: 'account-call-limit' };
const CALLS = (count: number): string => `${count} call${count === 1 ? '' : 's'}`;

/** Rule 7, without the guards: concurrent calls of the caller, the site and the account, and of the trunk that brings a call. */
export function judgeCaps({ limits, source }: CallFacts): RuleVerdict {
  if (source.kind === 'trunk' && limits?.fullTrunks.has(source.trunk.id) === true) {
    return refuse('trunk-call-limit', `Trunk ${source.trunk.name} brings as many calls as it may.`);
  }
  if (limits === undefined || limits.caps.length === 0) return notApplicable('No cap on concurrent calls is set.');
  const full = limits.caps.find(({ running, limit }) => running >= limit);
  if (full !== undefined) return refuse(REASON[full.scope], `${full.name} has ${CALLS(full.running)}, of at most ${full.limit}.`);
  return passed(`${limits.caps.map(({ name, running, limit }) => `${name} has ${CALLS(running)}, of at most ${limit}`).join('; ')}.`);
}
