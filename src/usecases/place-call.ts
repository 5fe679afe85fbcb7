import { routeCall } from '../domain/routing/route-call.js';
import type { Account } from '../domain/identity/account.js';
import type { CallDecision } from '../domain/routing/call-decision.js';
import type { CallFacts, TrunkSource } from '../domain/routing/call-facts.js';
import type { DeviceId, TrunkId } from '../domain/ids.js';
import type { Device } from '../domain/device/device.js';
import type { Binding, Flow } from '../domain/registration/binding.js';
import type { CallBackPinning } from '../ports/call-back-pins.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService, NonceUse } from '../ports/location-service.js';
import { heardOf, type Reachability } from './reachability.js';
import { askFor, limitsOf, tellOf, type CallLimitDeps } from './call-limits.js';
import { factsOf, phonesToLookUp, planCall, sourceOf, type CallPlan } from './gather-call-facts.js';
import { inboundFactsOf, planInbound } from './gather-inbound-facts.js';
import { forwardFactsOf, isAnonymous, planForward, type SendingOn } from './forwarding/gather-forward-facts.js';
import { withHandling, type WallClockNow } from './forwarding/handling-facts.js';
import type { SeeTrunks } from './see-trunks.js';

interface AnyRequest {
  readonly account: Account;
  readonly requestUri: string;
  /** Max-Forwards of the request (RFC 3261 §20.22). */
  readonly hopsLeft: number;
}

export interface PhoneRequest extends AnyRequest {
  /** The phone that calls: its user is charged. */
  readonly device: Device;
  /** Digest nonce still to be spent; null for calls that were not authenticated by it. */
  readonly nonce: NonceUse | null;
  /** Where the call came from, which tells where the phone is. */
  readonly flow?: Flow;
}

export interface TrunkRequest extends AnyRequest {
  readonly trunk: TrunkSource;
}

export type CallRequest = PhoneRequest | TrunkRequest;

/** The call's places among those that may be up at once: kept while it lives, given back at its end. A call that is not begun loses them by itself. */
export interface CallHold {
  keep(): void;
  release(): void;
  /** The call is tried by another trunk, or goes by it. */
  byTrunk(trunkId: TrunkId): void;
}

/** Of calls that are not counted. */
export const NO_HOLD: CallHold = { keep: () => undefined, release: () => undefined, byTrunk: () => undefined };

export type PlacedCall =
  | { readonly kind: 'decided'; readonly facts: CallFacts; readonly decision: CallDecision; readonly hold: CallHold }
  /** The digest was used before: challenge again. */
  | { readonly kind: 'nonce-replayed' }
  /** The device is being deleted. */
  | { readonly kind: 'gone' };

/** The same for a call that somebody sends on; `gone` = there is nobody who would, or nobody it is for. */
export type SendOn = (sending: SendingOn) => Promise<Exclude<PlacedCall, { readonly kind: 'nonce-replayed' }>>;

export interface PlaceCall {
  (call: CallRequest): Promise<PlacedCall>;
  readonly sendOn: SendOn;
}

export interface PlaceCallDeps {
  readonly directory: Directory;
  readonly location: Pick<LocationService, 'callFacts'>;
  readonly reachability: Pick<Reachability, 'silent'>;
  readonly trunks: SeeTrunks;
  /** Absent = nobody is called back past the usual rules. */
  readonly callBackPins?: Pick<CallBackPinning, 'pinned'>;
  /** Counts calls; absent = none is limited. */
  readonly limits?: CallLimitDeps;
  /** Clocks of sites; absent = business hours never end. */
  readonly wallClock?: WallClockNow;
}

/** Decides one call: memory, one round trip for the nonce, the bindings and what is counted, then the call policy. */
export function createPlaceCall(deps: PlaceCallDeps): PlaceCall {
  const { directory, limits } = deps;
  const decide = async (plan: CallPlan, nonce: NonceUse | null, counted: boolean, factsOfPlan: (bindings: Bindings) => CallFacts): Promise<PlacedCall> => {
    const factsWith = (bindings: Bindings): CallFacts => withHandling(directory, deps.wallClock, factsOfPlan(bindings));
    const asked = limits === undefined || !counted ? null : askFor(directory, limits, factsWith(new Map()));
    const { nonceReplayed, bindings, counts } = await deps.location.callFacts(nonce, phonesToLookUp(plan), asked?.ask);
    if (nonceReplayed) return { kind: 'nonce-replayed' };
    const facts = factsWith(heardOf(bindings, deps.reachability));
    if (limits === undefined || asked === null || counts === undefined) return { kind: 'decided', facts, decision: routeCall(facts), hold: NO_HOLD };
    const counting = { ...facts, limits: limitsOf(asked, counts) };
    const decision = routeCall(counting);
    tellOf(limits, asked, counting, decision);
    const goesOn = counts.taken && decision.outcome.kind !== 'reject';
    if (!goesOn) limits.leases.release(asked.ask.id);
    return { kind: 'decided', facts: counting, decision, hold: goesOn ? holdOf(limits, asked.ask.id) : NO_HOLD };
  };
  const place = async (request: CallRequest): Promise<PlacedCall> => {
    const { account, requestUri, hopsLeft } = request;
    if ('trunk' in request) {
      const plan = planInbound(directory, deps.callBackPins ?? null, account, request.trunk, requestUri);
      return decide(plan, null, true, (bindings) => inboundFactsOf(directory, plan, bindings, hopsLeft));
    }
    const { device, nonce, flow } = request;
    const source = sourceOf(directory, device);
    if (source === null) return { kind: 'gone' };
    const plan = planCall(directory, deps.callBackPins ?? null, account, source, requestUri);
    const trunks = deps.trunks(account.id);
    return decide(plan, nonce, true, (bindings) => factsOf(directory, plan, bindings, { hopsLeft, trunks }, flow ?? null));
  };
  const sendOn: SendOn = async (sending) => {
    const plan = planForward(directory, sending);
    if (plan === null) return { kind: 'gone' };
    const trunks = deps.trunks(sending.account.id);
    const anonymous = isAnonymous(sending.facts);
    // Inside, a call that is sent on is a part of one that has its places.
    const outside = plan.dialled.kind === 'number' && plan.calledNumber === null;
    const placed = await decide(plan, null, outside, (bindings) => forwardFactsOf(directory, plan, bindings, { hopsLeft: sending.hopsLeft, trunks, anonymous }));
    return placed.kind === 'nonce-replayed' ? { kind: 'gone' } : placed;
  };
  return Object.assign(place, { sendOn });
}

type Bindings = ReadonlyMap<DeviceId, readonly Binding[]>;

function holdOf({ leases }: CallLimitDeps, id: string): CallHold {
  return { keep: () => leases.keep(id), release: () => leases.release(id), byTrunk: (trunkId) => leases.moveTo(id, trunkId) };
}
