import { routeCall } from '../domain/routing/route-call.js';
import type { AccountId, DeviceId } from '../domain/ids.js';
import type { CallDecision } from '../domain/routing/call-decision.js';
import type { DeviceCallFacts } from '../domain/routing/call-facts.js';
import type { CallBackPinning } from '../ports/call-back-pins.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService } from '../ports/location-service.js';
import { askFor, limitsOf, type CallLimitDeps } from './call-limits.js';
import { factsOf, phonesToLookUp, planCall, sourceOf } from './gather-call-facts.js';
import { withHandling, type WallClockNow } from './forwarding/handling-facts.js';
import type { SeeTrunks } from './see-trunks.js';
import { heardOf, type Reachability } from './reachability.js';

export interface PolicyQuestion {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** As typed on the phone (`101`, `*91`, `+4930…`), or a whole sip, tel or urn URI. */
  readonly dialled: string;
}

export type PolicyAnswer =
  | { readonly kind: 'done'; readonly facts: DeviceCallFacts; readonly decision: CallDecision }
  | { readonly kind: 'refused'; readonly reason: 'unknown-device' };

export type ExplainPolicy = (question: PolicyQuestion) => Promise<PolicyAnswer>;

export interface ExplainPolicyDeps {
  readonly directory: Directory;
  readonly location: Pick<LocationService, 'callFacts'>;
  readonly reachability: Pick<Reachability, 'silent'>;
  readonly trunks: SeeTrunks;
  /** Absent = nobody is called back past the usual rules. */
  readonly callBackPins?: Pick<CallBackPinning, 'pinned'>;
  /** Looks at running calls; absent = none is limited. */
  readonly limits?: Pick<CallLimitDeps, 'ids' | 'clock' | 'guards'>;
  /** Clocks of sites; absent = business hours never end. */
  readonly wallClock?: WallClockNow;
}

const FULL_HOPS = 70;

/** What would happen to a call now, by the very function that decides live calls, on the same facts. Nothing rings. */
export function createExplainPolicy(deps: ExplainPolicyDeps): ExplainPolicy {
  return async ({ accountId, deviceId, dialled }) => {
    const account = deps.directory.account(accountId);
    const device = deps.directory.device(deviceId);
    const source = device?.accountId === accountId ? sourceOf(deps.directory, device) : null;
    if (account === undefined || source === null) return { kind: 'refused', reason: 'unknown-device' };
    const plan = planCall(deps.directory, deps.callBackPins ?? null, account, source, dialled);
    const around = { hopsLeft: FULL_HOPS, trunks: deps.trunks(account.id) };
    const asked = deps.limits === undefined ? null : askFor(deps.directory, deps.limits, factsOf(deps.directory, plan, new Map(), around), true);
    const { bindings, counts } = await deps.location.callFacts(null, phonesToLookUp(plan), asked?.ask);
    const known = withHandling(deps.directory, deps.wallClock, factsOf(deps.directory, plan, heardOf(bindings, deps.reachability), around));
    const facts = asked === null || counts === undefined ? known : { ...known, limits: limitsOf(asked, counts) };
    return { kind: 'done', facts, decision: routeCall(facts) };
  };
}
