import type { Reason } from '../reasons.js';
import type { Feature } from '../numbering/dialled.js';
import type { Extension } from '../numbering/extension.js';
import type { ForwardTo } from '../forwarding/call-handling.js';
import type { Otherwise, RingPlan, SentOnBecause } from '../forwarding/ring-plan.js';
import type { ForwardedCall } from '../calls/call-event.js';
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

/** What a network may be told of a call that was sent on. */
export interface Diversion {
  /** Own number that sends it on; '' = none that may be shown. */
  readonly number: string;
  readonly because: SentOnBecause;
  /** Who calls; number '' = withheld, null = nothing of the caller may be shown outside. */
  readonly caller: CallerIdentity | null;
  /** How often it was sent on, this time included. */
  readonly times: number;
}

export type CallOutcome =
  | {
    readonly kind: 'ring';
    /** Null where desks ring that called for help, and nobody else. */
    readonly extension: Extension | null;
    readonly calleeName: string;
    /** Phones with at least one live binding; without a plan all are rung at once. */
    readonly ring: readonly RingCandidate[];
    readonly ringSeconds: number;
    readonly callerId: CallerIdentity;
    /** When phones and numbers outside ring; missing = the phones at once. */
    readonly plan?: RingPlan;
    /** Where the call goes when nobody takes it; missing = nowhere. */
    readonly otherwise?: Otherwise;
  }
  /** Nothing rings: the call goes straight on, by a decision of its own for whoever sends it there. */
  | {
    readonly kind: 'forward';
    readonly extension: Extension;
    readonly calleeName: string;
    readonly to: ForwardTo;
    readonly by: Exclude<ForwardedCall['by'], 'phone'>;
    readonly because: SentOnBecause;
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
    /** Of a call that was sent on. */
    readonly diversion?: Diversion;
  }
  | { readonly kind: 'run-feature'; readonly feature: Feature; readonly argument: string }
  | { readonly kind: 'reject'; readonly reason: Reason };

export interface CallDecision {
  readonly outcome: CallOutcome;
  /** Rules in order, up to and including the one that decided. */
  readonly chain: readonly RuleStep[];
}
