import { randomInt } from 'node:crypto';
import { composeResponse } from '../syntax/compose.js';
import type { SipRequest } from '../syntax/message.js';

const SHORTEST_S = 5;
const LONGEST_S = 30;

/**
 * 503 without a transaction: nothing is kept of the request. Its Retry-After is random, so that who was turned away together
 * does not come back together (RFC 3261 §20.33, §21.5.4).
 */
export function composeOverload(request: SipRequest): string {
  return composeResponse(request, 503, 'Service Unavailable', {
    toTag: statelessTag(request), headers: [['Retry-After', String(randomInt(SHORTEST_S, LONGEST_S + 1))]],
  });
}

/** RFC 3261 §8.2.7: a stateless UAS gives the copies of one request the same To tag. FNV-1a over the branch. */
function statelessTag(request: SipRequest): string {
  const text = request.via.branch ?? request.callId;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `o${(hash >>> 0).toString(36)}`;
}
