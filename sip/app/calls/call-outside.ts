import { huntVerdict } from './call-states.js';
import type { Branch, BranchEvents } from './branch.js';
import { bothLegs } from './leg-log.js';
import type { NumberTarget } from './ring-target.js';
import { huntGateways, type GatewayHuntDeps } from '../trunks/hunt-gateways.js';

/** Calls a number outside as one branch of a call: hunts over its gateways, and says what became of it in the words of a phone. */
export function callOutside(deps: Omit<GatewayHuntDeps, 'onProgress' | 'onAnswer' | 'onFail' | 'name'>, { id, call }: NumberTarget, events: BranchEvents): Branch {
  const { facts, outcome, story } = call;
  const hunt = huntGateways({
    ...deps, facts, legs: bothLegs(deps.legs, story.legs), name: `${id} `,
    onProgress: (status, { branch, response }) => events.provisional(status, response, branch),
    onAnswer(hop, taken) {
      story.answeringTrunk(hop.trunk.id);
      events.taken(taken);
    },
    onFail(status, cause) {
      const verdict = huntVerdict(status, cause);
      call.end(verdict.cause, verdict.reason, verdict.status);
      // In a turn of its own: who asked for the branch does not know it yet.
      setImmediate(() => deps.safely(() => events.failed(asBranch(verdict.status), null)));
    },
  }, outcome);
  return { cancel: (reason) => hunt.cancel(reason) };
}

/** A number that declines, or does not exist, says nothing of the others that ring (RFC 3261 §16.7 step 5 is about the called person). */
function asBranch(status: number): number {
  if (status === 600) return 486;
  return status >= 600 || status === 503 || status === 487 ? 480 : status;
}
