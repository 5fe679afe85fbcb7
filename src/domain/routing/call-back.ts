import type { CallDecision, CallerIdentity, PolicyRule, RuleStep } from './call-decision.js';
import type { CallBackPhone, CallFacts, RingCandidate } from './call-facts.js';

/** Rules that say of the caller's side that it may not call at all: a call-back does not change that. */
const OF_THE_CALLER: ReadonlySet<PolicyRule> = new Set(['emergency', 'source', 'device-lock', 'acting-party']);

/**
 * Rule 1, the way back: for an hour whoever calls the number that an emergency call showed reaches the desk it came from, past blocked lists,
 * guests, sign-ins, the device lock and its owner's status. An ELIN that one desk used rings that desk alone; under any other number the desks
 * ring besides whom it usually reaches. Where none of them can be reached, everything is as usual.
 */
export function withCallBack(facts: CallFacts, decision: CallDecision, callerId: () => CallerIdentity): CallDecision {
  const { callBack = [], source, account } = facts;
  const decidedBy = decision.chain.at(-1)?.rule;
  if (callBack.length === 0 || decidedBy === undefined || OF_THE_CALLER.has(decidedBy)) return decision;
  const calling = source.kind === 'device' ? source.device.id : null;
  const reachable = callBack.filter(({ device, bindings }) => device.id !== calling && bindings.length > 0);
  const names = reachable.map(({ device }) => device.displayName).join(', ');
  const [first] = reachable;
  if (first === undefined) return { ...decision, chain: [...decision.chain, step('passed', 'A call for help showed this number within the last hour, but its phone cannot be reached.')] };
  const alone = callBack.length === 1 && first.elin;
  const usual = !alone && decision.outcome.kind === 'ring' ? decision.outcome : null;
  const others = (usual?.ring ?? []).filter(({ device }) => !reachable.some((pinned) => pinned.device.id === device.id));
  const besides = others.length === 0 ? '' : ', besides those it usually reaches';
  return {
    outcome: {
      kind: 'ring', ring: [...reachable.map(asCandidate), ...others], ringSeconds: account.policy.ringSeconds,
      extension: usual?.extension ?? null, calleeName: usual?.calleeName ?? first.device.displayName, callerId: usual?.callerId ?? callerId(),
    },
    chain: [...decision.chain, step('decided', `A call for help showed this number within the last hour: ${names} ${reachable.length === 1 ? 'rings' : 'ring'}${besides}.`)],
  };
}

const asCandidate = ({ device, bindings }: CallBackPhone): RingCandidate => ({ device, bindings, session: null });

function step(verdict: RuleStep['verdict'], note: string): RuleStep {
  return { rule: 'call-back', verdict, note };
}
