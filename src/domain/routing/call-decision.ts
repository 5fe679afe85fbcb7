import type { Reason } from '../reasons.js';
import type { Feature } from '../numbering/dialled.js';
import type { Extension } from '../numbering/extension.js';
import type { RingCandidate } from './call-facts.js';
import type { TrunkHop } from './trunk-routes.js';

/** The rules of the call policy, in their order; each has one name in code, API, records and docs. */
export type PolicyRule =
  | 'emergency' | 'source' | 'device-lock' | 'acting-party' | 'dialled' | 'entitlement' | 'calling-switches' | 'outbound-restrictions' | 'caps' | 'fraud-guards'
  | 'caller-id' | 'inbound' | 'targets' | 'call-back';

/** One line of the explanation: what a rule saw and said. */
export interface RuleStep {
  readonly rule: PolicyRule;
  readonly verdict: 'passed' | 'decided' | 'not-applicable';
  /** One sentence a person can act on, no secrets. */
  readonly note: string;
}

/** How the caller is shown to the called side. */
export interface CallerIdentity {
  readonly name: string;
  /** Extension digits for internal calls, E.164 for calls to the network; '' = withheld. */
  readonly number: string;
}

export type CallOutcome =
  | {
    readonly kind: 'ring';
    /** Null where desks ring that called for help, and nobody else. */
    readonly extension: Extension | null;
    readonly calleeName: string;
    /** Phones with at least one live binding, all rung at once. */
    readonly ring: readonly RingCandidate[];
    readonly ringSeconds: number;
    readonly callerId: CallerIdentity;
  }
  | {
    readonly kind: 'dial-trunk';
    /** E.164 with `+`; of emergency calls and their tests what was dialled. */
    readonly number: string;
    readonly emergency: boolean;
    readonly callerId: CallerIdentity;
    /** E.164 number by which a trusted network may know a caller who withholds it; '' = none. */
    readonly asserted: string;
    /** Gateways in the order in which they are tried; at least one. */
    readonly routes: readonly TrunkHop[];
  }
  | { readonly kind: 'run-feature'; readonly feature: Feature; readonly argument: string }
  | { readonly kind: 'redirect'; readonly contact: string }
  | { readonly kind: 'reject'; readonly reason: Reason };

export interface CallDecision {
  readonly outcome: CallOutcome;
  /** Rules in order, up to and including the one that decided. */
  readonly chain: readonly RuleStep[];
}
