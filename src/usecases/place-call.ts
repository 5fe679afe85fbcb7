import { routeCall } from '../domain/routing/route-call.js';
import type { Account } from '../domain/identity/account.js';
import type { CallDecision } from '../domain/routing/call-decision.js';
import type { CallFacts } from '../domain/routing/call-facts.js';
import type { Device } from '../domain/device/device.js';
import type { Flow } from '../domain/registration/binding.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService, NonceUse } from '../ports/location-service.js';
import { heardOf, type Reachability } from './reachability.js';
import { factsOf, phonesToLookUp, planCall, sourceOf } from './gather-call-facts.js';

export interface CallRequest {
  readonly account: Account;
  /** The phone that calls, or that sent the call on with a 302: its user is charged. */
  readonly device: Device;
  readonly requestUri: string;
  /** Digest nonce still to be spent; null for calls that were not authenticated by it. */
  readonly nonce: NonceUse | null;
  /** Max-Forwards of the request (RFC 3261 §20.22). */
  readonly hopsLeft: number;
  /** Where the call came from, which tells where the phone is; absent for one sent on by a phone. */
  readonly flow?: Flow;
}

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
  readonly trunksConfigured: boolean;
}

/** Decides one call: memory, one round trip for the nonce and the bindings, then the call policy. */
export function createPlaceCall(deps: PlaceCallDeps): PlaceCall {
  return async ({ account, device, requestUri, nonce, hopsLeft, flow }) => {
    const source = sourceOf(deps.directory, device);
    if (source === null) return { kind: 'gone' };
    const plan = planCall(deps.directory, account, source, requestUri);
    const { nonceReplayed, bindings } = await deps.location.callFacts(nonce, phonesToLookUp(plan));
    if (nonceReplayed) return { kind: 'nonce-replayed' };
    const { trunksConfigured } = deps;
    const facts = factsOf(deps.directory, plan, heardOf(bindings, deps.reachability), { hopsLeft, trunksConfigured }, flow ?? null);
    return { kind: 'decided', facts, decision: routeCall(facts) };
  };
}
