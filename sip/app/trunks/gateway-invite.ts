import type { SrfRequest } from 'drachtio-srf';
import type { PhoneLocation } from '../../../src/domain/emergency/pidf-lo.js';
import type { CallRecordId } from '../../../src/domain/ids.js';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import { isFromDevice, type CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { TrunkHop } from '../../../src/domain/routing/trunk-routes.js';
import { typeOf, type Body } from '../syntax/header.js';
import { borderHeaders, gatewayUri } from './border-headers.js';
import { withLocation } from './location-body.js';
import { policedOffer } from './sdp-policy.js';
import type { TrunkInvite } from './trunk-leg.js';

export interface OutgoingCall {
  readonly id: CallRecordId;
  readonly facts: CallFacts;
  readonly outcome: Extract<CallDecision['outcome'], { readonly kind: 'dial-trunk' }>;
  /** The caller's INVITE. */
  readonly request: SrfRequest;
  /** Epoch ms. */
  readonly at: number;
}

/** Anew for calls for help: how far the phone's own request had come does not end them. */
const EMERGENCY_HOPS = 70;

/** The INVITE to a gateway, with the caller's offer as it is to go there; `refused` = the trunk's policy leaves nothing of it. */
export function gatewayInvite(call: OutgoingCall, offer: Body | null, hop: TrunkHop): TrunkInvite | 'refused' {
  const session = policed(offer, hop, call.outcome.emergency);
  if (session === 'refused') return session;
  const bare = inviteWith(call, hop, session);
  const location = session === null || !hop.trunk.border.location ? null : locationOf(call);
  if (session === null || location === null) return bare;
  const located = withLocation(session, location, { name: call.id, domain: call.facts.account.sipDomain });
  const invite = inviteWith(call, hop, located);
  return { ...invite, headers: { ...invite.headers, ...located.headers }, withoutLocation: bare };
}

function inviteWith({ facts, outcome, request }: OutgoingCall, hop: TrunkHop, body: Body | null): TrunkInvite {
  const { account, hopsLeft } = facts;
  const headers = borderHeaders({
    sipDomain: account.sipDomain, callerId: outcome.callerId, asserted: outcome.asserted, ...(outcome.diversion === undefined ? {} : { diversion: outcome.diversion }), hopsLeft: outcome.emergency ? EMERGENCY_HOPS : hopsLeft,
    contentType: typeOf(body)['Content-Type'] ?? null, from: request,
  }, hop);
  return { uri: gatewayUri(hop), headers, body: body?.body ?? '' };
}

/** Of a call for help, or of one that tests the way: where the desk is, whoever sits there. */
function locationOf({ facts, outcome, at }: OutgoingCall): PhoneLocation | null {
  const { account, emergency } = facts;
  if (!isFromDevice(facts) || emergency === undefined || emergency.address === null) return null;
  const number = outcome.callerId.number;
  return {
    address: emergency.address, inside: emergency.location?.name ?? '', occupant: account.name, deviceId: facts.source.device.id, at,
    entity: number === '' ? 'sip:anonymous@anonymous.invalid' : `sip:${number}@${account.sipDomain}`,
  };
}

/** The offer as the trunk's policy leaves it. A call for help goes out with whatever the phone offers: the gateway may take what we would not. */
function policed(offer: Body | null, { trunk }: TrunkHop, emergency: boolean): Body | null | 'refused' {
  if (offer === null || !/^application\/sdp\s*(?:;|$)/i.test(offer.contentType)) return offer;
  const result = policedOffer(offer.body, trunk.media);
  if (result.kind === 'refused') return emergency ? offer : 'refused';
  return { ...offer, body: result.sdp };
}
