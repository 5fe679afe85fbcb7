import type { SrfResponse } from 'drachtio-srf';
import { huntGateways } from '../trunks/hunt-gateways.js';
import type { Taken } from './branch.js';
import type { CallAttempt, CallDeps } from './call.js';
import type { CallHappening } from './call-states.js';
import { pursueCallee } from './pursue-callee.js';

/** The called side while nobody has the call. */
export interface Reach {
  /** The caller gave up, or somebody ended the call; `reason` is told to the called side. */
  cancel(reason?: string): void;
}

export interface ReachHooks {
  /** A provisional response for the caller; `from` is null when its body is not for the caller. */
  readonly onProgress: (status: number, from: { readonly branch: string; readonly response: SrfResponse } | null) => void;
  readonly onAnswer: (taken: Taken) => void;
  readonly onFail: (failure: CallHappening<'fork-failed' | 'hunt-failed'>) => void;
  readonly safely: (what: () => void) => void;
}

/**
 * Pursues whoever was called, or hunts over its gateways.
 * @param ready gets what starts it: in this turn where no description has to be readied before, else later
 */
export function reachCallee(deps: CallDeps, attempt: CallAttempt, hooks: ReachHooks, ready: (start: () => Reach) => void): void {
  const { outcome } = attempt.decision;
  const { story } = attempt;
  if (outcome.kind === 'ring' || outcome.kind === 'forward') return pursueCallee(deps, attempt, hooks, outcome, ready);
  const { trunks } = deps;
  if (outcome.kind !== 'dial-trunk' || trunks === undefined) return;
  ready(() => huntGateways({
    ...deps, ...attempt, ...hooks, trunks, legs: story.legs,
    onAnswer: (hop, taken) => {
      story.answeringTrunk(hop.trunk.id);
      hooks.onAnswer(taken);
    },
    onFail: (status, cause) => hooks.onFail({ kind: 'hunt-failed', status, cause }),
  }, outcome));
}
