import { parameter } from '../syntax/lists.js';
import { parseNameAddr } from '../syntax/name-addr.js';
import { TransportFault } from '../transport/transport-fault.js';
import type { Listener } from '../transport/transport.js';
import type { ServerPath } from './dispatch.js';
import { isOwnAddress, nextHopOf, sipUri } from './next-hop.js';

/** A proxy of the operator's that takes what we send to strangers (RFC 3261 §8.1.2). */
export interface OutboundProxy extends ServerPath {
  /** The Route value that leads there: a loose router always, so that the Request-URI stays. */
  readonly route: string;
}

/**
 * @param text a SIP URI, also as name-addr
 * @throws TransportFault `bad-setting` when nothing can be sent there
 */
export function readOutboundProxy(text: string, listeners: readonly Listener[]): OutboundProxy {
  const uri = sipUri(text);
  const hop = nextHopOf(text, listeners, 'counts');
  if (uri === undefined || uri.headers !== undefined || hop.kind === 'bad-uri') {
    throw new TransportFault('bad-setting', `outbound proxy "${text}" is no SIP URI; write it like sip:proxy.example.com;transport=tcp`);
  }
  if (hop.kind === 'no-transport') throw new TransportFault('bad-setting', `outbound proxy "${text}": no listener of that transport; add one`);
  if (isOwnAddress(uri, listeners)) throw new TransportFault('bad-setting', `outbound proxy "${text}" is this edge itself`);
  const bare = parseNameAddr(text)?.uri ?? text;
  // RFC 3261 §16.12.1.1: without `lr` it would be a strict router, and get our Request-URI wrong.
  return { ...hop, route: parameter(uri.parameters, 'lr') === undefined ? `<${bare};lr>` : `<${bare}>` };
}
