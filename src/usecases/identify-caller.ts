import type { Account } from '../domain/identity/account.js';
import type { Device } from '../domain/device/device.js';
import { isEmergency } from '../domain/numbering/emergency.js';
import { readRequestUri } from '../domain/numbering/request-uri.js';
import type { Flow } from '../domain/registration/binding.js';
import type { Directory } from '../ports/directory.js';
import type { LocationService, NonceUse } from '../ports/location-service.js';
import type { AuthenticateRequest } from './authenticate-request.js';
import { dialledBy, sourceOf } from './gather-call-facts.js';

export interface CallerClaim {
  readonly account: Account;
  readonly requestUri: string;
  readonly authorization: string | undefined;
  /** User part of the From header. */
  readonly fromUser: string;
  readonly flow: Flow;
}

export type CallerIdentification =
  | { readonly kind: 'device'; readonly device: Device; readonly nonce: NonceUse | null }
  | { readonly kind: 'challenge'; readonly challenges: readonly string[] }
  | { readonly kind: 'malformed'; readonly reason: string };

export interface IdentifyCaller {
  (claim: CallerClaim): Promise<CallerIdentification>;
  /** The same for a call whose nonce count was used before. */
  afterReplay(claim: CallerClaim): Promise<CallerIdentification>;
}

export interface IdentifyCallerDeps {
  readonly directory: Directory;
  readonly location: Pick<LocationService, 'bindings'>;
  readonly authenticate: AuthenticateRequest;
}

/** Longest emergency form, and the service URN (RFC 5031): anything else is not worth a look before the challenge. */
const MAYBE_EMERGENCY = /^(?:urn:service:sos|(?:sips?|tel):[-0-9%+.()#]{2,12}(?:[@;?]|$))/i;

/** Whether a Request-URI asks for help at some site of the account; what it is at the caller's own desk is decided later. */
export function mayBeEmergency(directory: Pick<Directory, 'sites'>, account: Account, requestUri: string): boolean {
  if (!MAYBE_EMERGENCY.test(requestUri)) return false;
  const target = readRequestUri(requestUri);
  return target.kind === 'service' || directory.sites(account.id).some(({ country }) => isEmergency(target.text, country));
}

/**
 * Which phone calls: by digest, except that an emergency call on the flow of a live binding is never challenged (call
 * policy rule 1).
 */
export function createIdentifyCaller(deps: IdentifyCallerDeps): IdentifyCaller {
  const emergencyOnFlow = async (claim: CallerClaim): Promise<Device | null> => {
    if (!MAYBE_EMERGENCY.test(claim.requestUri)) return null;
    const device = deps.directory.deviceByUserName(claim.account.id, claim.fromUser);
    const source = device === undefined ? null : sourceOf(deps.directory, device);
    if (device === undefined || source === null) return null;
    if (dialledBy(deps.directory, claim.account, source, claim.requestUri).kind !== 'emergency') return null;
    const live = (await deps.location.bindings([device.id])).get(device.id) ?? [];
    return live.some(({ flow }) => sameFlow(flow, claim.flow)) ? device : null;
  };

  const identify = async (claim: CallerClaim): Promise<CallerIdentification> => {
    const { account, requestUri, authorization, fromUser } = claim;
    const result = deps.authenticate({ account, method: 'INVITE', requestUri, authorization, aorUser: fromUser });
    if (result.kind === 'authenticated') return { kind: 'device', device: result.device, nonce: result.nonce };
    const device = await emergencyOnFlow(claim);
    return device === null ? result : { kind: 'device', device, nonce: null };
  };

  return Object.assign(identify, {
    afterReplay: async (claim: CallerClaim): Promise<CallerIdentification> => {
      const device = await emergencyOnFlow(claim);
      if (device !== null) return { kind: 'device', device, nonce: null };
      return { kind: 'challenge', challenges: deps.authenticate.again(claim.account, claim.fromUser) };
    },
  });
}

function sameFlow(a: Flow, b: Flow): boolean {
  return a.transport === b.transport && a.address === b.address && a.port === b.port;
}
