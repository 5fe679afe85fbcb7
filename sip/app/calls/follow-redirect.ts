import type { SrfResponse } from 'drachtio-srf';
import { parseSipUri } from '../../../src/domain/addressing/sip-uri.js';
import type { Account } from '../../../src/domain/identity/account.js';
import type { PlaceCall } from '../../../src/usecases/place-call.js';
import { headerOf } from '../syntax/header.js';
import { parseNameAddr, splitList } from '../syntax/name-addr.js';
import { ringTargets, type RingTarget } from './ring-target.js';

/**
 * Where a phone's 3xx leads: its first contact, read as digits dialled by that phone's user, by a decision of its own that
 * spends a hop. Only extensions are followed. The contact's host is never connected to: a message does not choose whom
 * we call.
 */
export async function followRedirect(
  placeCall: PlaceCall, account: Account, target: RingTarget, response: SrfResponse,
): Promise<readonly RingTarget[]> {
  const first = splitList(headerOf(response, 'contact') ?? '')[0];
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri;
  if (uri === undefined || (parseSipUri(uri) === null && !/^tel:/i.test(uri))) return [];
  const hopsLeft = target.hopsLeft - 1;
  const placed = await placeCall({ account, device: target.device, requestUri: uri, nonce: null, hopsLeft });
  if (placed.kind !== 'decided' || placed.decision.outcome.kind !== 'ring') return [];
  return ringTargets(placed.decision.outcome.ring, hopsLeft);
}
