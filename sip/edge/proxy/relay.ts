import { addressing } from '../dialog/dialog.js';
import type { EdgeContext } from '../dialog/edge-context.js';
import { isOwnAddress, isTransport, ownVia, sipUri } from '../dialog/next-hop.js';
import { withoutBrackets } from '../syntax/host.js';
import { withTopVia } from '../syntax/compose.js';
import { splitComma } from '../syntax/lists.js';
import type { SipRequest, SipResponse } from '../syntax/message.js';
import { parseNameAddr } from '../syntax/name-addr.js';
import { scanVia } from '../syntax/via.js';
import type { Flow } from '../transport/transport.js';
import { forwardedRequest } from './forwarded-request.js';
import { withoutTopVia } from './forwarded-response.js';
import { VIA_BYTES, pathTo, reach } from './reach.js';
import { isOwnRoute } from './record-route.js';

/** `not-ours`: no Route of ours leads here; `unroutable`: behind it there is nowhere to go. */
export type RelayOutcome = 'relayed' | 'not-ours' | 'too-many-hops' | 'unroutable';

/** Passes on a request inside a dialog without state (RFC 3261 §16.11). ACKs too. */
export function relayRequest(context: EdgeContext, request: SipRequest, from: Flow): RelayOutcome {
  const isOwn = (route: string): boolean => isOwnRoute(context.relayKey, route, request, context.listeners);
  let { uri } = request;
  let routes = request.all('route').flatMap((value) => splitComma(value));
  if (!(routes[0] !== undefined && isOwn(routes[0])) && !isOwn(uri)) return 'not-ours';
  // RFC 3261 §16.3 step 3.
  if (request.maxForwards === 0) return 'too-many-hops';
  const last = routes.at(-1);
  if (isOwn(uri) && last !== undefined) {
    // RFC 3261 §16.4: a strict router put our Record-Route into the Request-URI, and the target behind the routes.
    uri = parseNameAddr(last)?.uri ?? last;
    routes = routes.slice(0, -1);
  }
  // RFC 3261 §16.4, RFC 5658 §5: our own, both of them when there are two.
  while (routes[0] !== undefined && isOwn(routes[0])) routes.shift();
  const address = addressing({ routeSet: routes, remoteTarget: uri });
  const next = sipUri(address.nextHop);
  const path = next === undefined || isOwnAddress(next, context.listeners) ? undefined : pathTo(context, address.nextHop);
  if (path === undefined) return 'unroutable';
  const text = forwardedRequest(request, { uri: address.uri, routes: address.routes, recordRoutes: [], headers: [] });
  const branch = context.relayKey.branch(request.via, request.callId, request.cseq.number);
  reach(context, path, text.length + VIA_BYTES, (flow) => {
    context.counters.count(`relayed ${request.method}`);
    context.transport.send(flow, withTopVia(text, `Via: ${ownVia(flow, branch)}`));
  }, () => {
    context.log.info('relay-failed', { method: request.method, source: from.remote.address });
  });
  return 'relayed';
}

/**
 * Passes a response to a relayed request back (RFC 3261 §16.11, §18.2.2).
 * @returns false when no request of ours can have caused it
 */
export function relayResponse(context: EdgeContext, response: SipResponse): boolean {
  const [, ...remaining] = response.all('via').flatMap((value) => splitComma(value));
  const [next = ''] = remaining;
  const via = scanVia(next, 0, next.length);
  if (via === undefined || response.via.branch !== context.relayKey.branch(via, response.callId, response.cseq.number)) return false;
  const transport = via.protocol.toLowerCase();
  if (!isTransport(transport)) return false;
  const port = typeof via.rport === 'string' ? Number(via.rport) : (via.port ?? 5060);
  const target = { transport, host: withoutBrackets(via.received ?? via.host), port };
  reach(context, { kind: 'target', target, server: { ...target, secure: false } }, 0, (flow) => {
    context.transport.send(flow, withoutTopVia(response, remaining));
  }, () => undefined);
  return true;
}
