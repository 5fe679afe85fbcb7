import { routeCall } from '../domain/routing/route-call.js';
import type { Account } from '../domain/identity/account.js';
import type { CallDecision } from '../domain/routing/call-decision.js';
import type { CallFacts, TrunkSource } from '../domain/routing/call-facts.js';
import type { Device } from '../domain/device/device.js';
import type { Flow } from '../domain/registration/binding.js';
import type { CallBackPinning } from '../ports/call-back-pins.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService, NonceUse } from '../ports/location-service.js';
import { heardOf, type Reachability } from './reachability.js';
import { factsOf, phonesToLookUp, planCall, sourceOf, type CallPlan } from './gather-call-facts.js';
import { inboundFactsOf, planInbound } from './gather-inbound-facts.js';
import type { SeeTrunks } from './see-trunks.js';

interface AnyRequest {
  readonly account: Account;
  readonly requestUri: string;
  /** Max-Forwards of the request (RFC 3261 §20.22). */
  readonly hopsLeft: number;
}

export interface PhoneRequest extends AnyRequest {
  /** The phone that calls, or that sent the call on with a 302: its user is charged. */
  readonly device: Device;
  /** Digest nonce still to be spent; null for calls that were not authenticated by it. */
  readonly nonce: NonceUse | null;
  /** Where the call came from, which tells where the phone is; absent for one sent on by a phone. */
  readonly flow?: Flow;
}

export interface TrunkRequest extends AnyRequest {
  readonly trunk: TrunkSource;
}

export type CallRequest = PhoneRequest | TrunkRequest;

export type PlacedCall =
  | { readonly kind: 'decided'; readonly facts: CallFacts; readonly decision: CallDecision }
  /** The digest was used before: challenge again. */
  | { readonly kind: 'nonce-replayed' }
  /** The device is being deleted. */
  | { readonly kind: 'gone' };

export type PlaceCall = (call: CallRequest) => Promise<PlacedCall>;

export interface PlaceCallDeps {
  readonly directory: Directory;
  readonly location: Pick<LocationService, 'callFacts'>;
  readonly reachability: Pick<Reachability, 'silent'>;
  readonly trunks: SeeTrunks;
  /** Absent = nobody is called back past the usual rules. */
  readonly callBackPins?: Pick<CallBackPinning, 'pinned'>;
}

/** Decides one call: memory, one round trip for the nonce and the bindings, then the call policy. */
export function createPlaceCall(deps: PlaceCallDeps): PlaceCall {
  const { directory } = deps;
  const lookUp = async (plan: CallPlan, nonce: NonceUse | null) => {
    const { nonceReplayed, bindings } = await deps.location.callFacts(nonce, phonesToLookUp(plan));
    return nonceReplayed ? null : heardOf(bindings, deps.reachability);
  };
  const ofTrunk = async ({ account, trunk, requestUri, hopsLeft }: TrunkRequest): Promise<CallFacts | null> => {
    const plan = planInbound(directory, deps.callBackPins ?? null, account, trunk, requestUri);
    const bindings = await lookUp(plan, null);
    return bindings === null ? null : inboundFactsOf(directory, plan, bindings, hopsLeft);
  };
  const ofPhone = async (source: NonNullable<ReturnType<typeof sourceOf>>, request: PhoneRequest): Promise<CallFacts | null> => {
    const { account, requestUri, nonce, hopsLeft, flow } = request;
    const plan = planCall(directory, deps.callBackPins ?? null, account, source, requestUri);
    const bindings = await lookUp(plan, nonce);
    return bindings === null ? null : factsOf(directory, plan, bindings, { hopsLeft, trunks: deps.trunks(account.id) }, flow ?? null);
  };
  return async (request) => {
    if ('trunk' in request) return placed(await ofTrunk(request));
    const source = sourceOf(directory, request.device);
    return source === null ? { kind: 'gone' } : placed(await ofPhone(source, request));
  };
}

function placed(facts: CallFacts | null): PlacedCall {
  return facts === null ? { kind: 'nonce-replayed' } : { kind: 'decided', facts, decision: routeCall(facts) };
}
