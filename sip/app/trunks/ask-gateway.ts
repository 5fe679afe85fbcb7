import { randomUUID } from 'node:crypto';
import type Srf from 'drachtio-srf';
import type { GatewaySighting } from '../../../src/domain/trunk/gateway-health.js';
import type { TrunkGateway } from '../../../src/domain/trunk/trunk.js';
import { gatewayUri } from './gateway-uri.js';
import { NO_EDGE, retryAfterOf, sendRequest } from './send-request.js';

/** A peer that says one of these to OPTIONS takes no calls; anything else shows that it is there (RFC 3261 §11.2). */
const TAKES_NO_CALLS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Asks a gateway with OPTIONS (RFC 3261 §11), from `domain`; never rejects. */
export async function askGateway(srf: Srf | null, domain: string, gateway: TrunkGateway, patienceMs: number): Promise<GatewaySighting> {
  const uri = gatewayUri(gateway);
  const reply = await sendRequest(srf, {
    method: 'OPTIONS', uri, proxy: uri, headers: { 'From': `<sip:${domain}>;tag=${randomUUID()}`, 'To': `<${uri}>`, 'Accept': 'application/sdp', 'Max-Forwards': '70' },
  }, patienceMs);
  switch (reply.kind) {
    case 'silent': return { kind: 'silent', status: 0, retryAfterMs: null };
    case 'no-edge': return { kind: 'unreachable', status: 0, retryAfterMs: null, why: NO_EDGE };
    case 'unreachable': return { kind: 'unreachable', status: 0, retryAfterMs: null, why: reply.why };
    case 'response': {
      const { status } = reply.response;
      const refused = TAKES_NO_CALLS.has(status);
      return { kind: refused ? 'refused' : 'answered', status, retryAfterMs: refused ? retryAfterOf(reply.response) : null, roundTripMs: reply.roundTripMs };
    }
  }
}
