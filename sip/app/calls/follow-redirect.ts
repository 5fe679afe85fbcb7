import type { SrfResponse } from 'drachtio-srf';
import { parseSipUri } from '../../../src/domain/addressing/sip-uri.js';
import { headerOf } from '../syntax/header.js';
import { parseNameAddr, splitList } from '../syntax/name-addr.js';
import { numberTarget, ringTargets, type PhoneTarget, type RingTarget } from './ring-target.js';
import type { SendCallOn } from './send-on.js';

/**
 * Where a phone's 3xx leads: its first contact, read as digits dialled by that phone's user, by a decision of its own that
 * spends a hop: phones of an extension, or a number outside as a call of that user. The contact's host is never connected to: a message does
 * not choose whom we call.
 */
export async function followRedirect(sendOn: SendCallOn, target: PhoneTarget, response: SrfResponse): Promise<readonly RingTarget[]> {
  const first = splitList(headerOf(response, 'contact') ?? '')[0];
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri;
  if (uri === undefined || (parseSipUri(uri) === null && !/^tel:/i.test(uri))) return [];
  const hopsLeft = target.hopsLeft - 1;
  const sent = await sendOn({ forwarder: { kind: 'phone', device: target.device }, because: 'deflection', to: { kind: 'uri', uri }, via: [], hopsLeft });
  if (sent.kind === 'outside') return [numberTarget(sent.call)];
  return sent.kind === 'inside' && sent.outcome.kind === 'ring' ? ringTargets(sent.outcome.ring, hopsLeft) : [];
}
