import type { SipRequest, SipResponse } from '../syntax/message.js';

const COOKIE = 'z9hG4bK';

/**
 * The key under which retransmissions of a request meet (RFC 3261 §17.2.3). An ACK has the key of its INVITE.
 * @param method the method to match; give `INVITE` to find what a CANCEL refers to (RFC 3261 §9.2)
 */
export function serverKey(request: SipRequest, method = request.method === 'ACK' ? 'INVITE' : request.method): string {
  const { via } = request;
  if (via.branch !== undefined && via.branch.startsWith(COOKIE)) {
    return `${via.branch}|${via.host}:${via.port ?? ''}|${method}`;
  }
  // RFC 3261 §17.2.3: without the cookie the peer follows RFC 2543. The To tag is left out, so that an ACK, which
  // carries the tag of the response, needs no rule of its own.
  return `2543|${request.callId}|${request.cseq.number}|${request.fromTag ?? ''}|${via.host}:${via.port ?? ''}|${method}|${via.branch ?? ''}`;
}

/** RFC 3261 §17.1.3: our branch in the top Via and the method in CSeq. */
export const clientKey = (response: SipResponse): string => `${response.via.branch ?? ''}|${response.cseq.method}`;
