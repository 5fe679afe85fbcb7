import { parameter } from '../syntax/lists.js';
import type { SipRequest } from '../syntax/message.js';
import { isOwnAddress, ownHostPort, sipUri } from '../dialog/next-hop.js';
import type { Flow, Listener } from '../transport/transport.js';
import type { RelayKey } from './relay-key.js';

const MARK = 'cbr';

/**
 * Our Record-Route (or Path) elements, topmost first (RFC 3261 §16.6 step 4). Two when the request leaves by another
 * address or transport than it came by, so that each side gets one it can reach (RFC 5658 §4).
 * Deviation: drachtio-server writes `;lr` alone and relays whatever bears a Route to it; ours carries a mark.
 */
export function ownRecordRoutes(key: RelayKey, request: SipRequest, from: Flow, towards: Flow): readonly string[] {
  const mark = key.routeMark(request.callId, request.fromTag ?? '');
  const near = routeOf(towards, mark);
  const far = routeOf(from, mark);
  return near === far ? [near] : [near, far];
}

function routeOf(flow: Flow, mark: string): string {
  const transport = flow.transport === 'udp' ? '' : `;transport=${flow.transport}`;
  return `<sip:${ownHostPort(flow)}${transport};lr;${MARK}=${mark}>`;
}

/** Whether a Route element is one we wrote for the dialog of this request, whoever of the two sends it. */
export function isOwnRoute(key: RelayKey, route: string, request: SipRequest, listeners: readonly Listener[]): boolean {
  const uri = sipUri(route);
  if (uri === undefined || !isOwnAddress(uri, listeners)) return false;
  const mark = parameter(uri.parameters, MARK);
  if (typeof mark !== 'string') return false;
  return [request.fromTag, request.toTag].some((tag) => tag !== undefined && key.routeMark(request.callId, tag) === mark);
}
