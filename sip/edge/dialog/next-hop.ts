import { isIPv4 } from 'node:net';
import { withoutBrackets } from '../syntax/host.js';
import { parameter } from '../syntax/lists.js';
import { parseNameAddr } from '../syntax/name-addr.js';
import { parseUri, type SipUri } from '../syntax/uri.js';
import { DEFAULT_PORTS } from '../transport/naming/services.js';
import type { ConnectTarget, Flow, Listener, ServerName, TransportName } from '../transport/transport.js';

const TRANSPORTS: ReadonlySet<string> = new Set(['udp', 'tcp', 'tls', 'ws', 'wss']);
/** @param name lower case */
export const isTransport = (name: string): name is TransportName => TRANSPORTS.has(name);

export type NextHop =
  /** `target` is what it will be unless the DNS says more about the server. */
  | { readonly kind: 'target'; readonly target: ConnectTarget; readonly server: ServerName }
  /** No SIP URI: nothing can be sent there. */
  | { readonly kind: 'bad-uri' }
  /** A SIP URI whose transport none of our listeners speaks. */
  | { readonly kind: 'no-transport' };

/**
 * Where a URI leads (RFC 3261 §8.1.2, RFC 3263 §4.1); the DNS is asked later.
 * Deviation: RFC 3261 §19.1.1 `maddr` counts only in URIs of the application's own configuration (route url, outbound
 * proxy). In a Contact, a Record-Route or a Request-URI it is ignored: a peer must not choose whom we connect to.
 * @param text a SIP URI, also as name-addr (`<sip:…;lr>`)
 * @param listeners decide the transport when the URI names none: UDP where there is one
 * @param maddr whether the URI was written by the application
 */
export function nextHopOf(text: string, listeners: readonly Listener[], maddr: 'counts' | 'ignored' = 'ignored'): NextHop {
  const uri = sipUri(text);
  if (uri === undefined) return { kind: 'bad-uri' };
  const secure = uri.scheme === 'sips';
  const parameterValue = parameter(uri.parameters, 'transport');
  let named = typeof parameterValue === 'string' ? parameterValue.toLowerCase() : undefined;
  // RFC 3261 §26.2.2: a sips URI is reached over TLS; `transport=tcp` in one means TLS over TCP.
  if (secure && named === 'tcp') named = 'tls';
  if (secure && named === 'ws') named = 'wss';
  if (secure && named === 'udp') return { kind: 'no-transport' };
  const usual = secure ? 'tls' : listeners.some((listener) => listener.transport === 'udp') ? 'udp' : listeners[0]?.transport ?? 'udp';
  const transport = named ?? usual;
  if (!isTransport(transport) || listenerOf(listeners, transport) === undefined) return { kind: 'no-transport' };
  const wished = maddr === 'counts' ? parameter(uri.parameters, 'maddr') : undefined;
  const host = withoutBrackets(typeof wished === 'string' ? wished : uri.host);
  return {
    kind: 'target',
    target: { transport, host, port: uri.port ?? DEFAULT_PORTS[transport] },
    server: { host, port: uri.port, transport: named === undefined ? undefined : transport, secure },
  };
}

/**
 * The first listener of a transport. Interop: `ws` and `wss` stand for each other, since a proxy in front may have ended
 * the TLS its client speaks of, and sip.js writes `transport=ws` into Contacts of both.
 */
export function listenerOf(listeners: readonly Listener[], transport: TransportName): Listener | undefined {
  const other = transport === 'ws' ? 'wss' : transport === 'wss' ? 'ws' : transport;
  return listeners.find((each) => each.transport === transport) ?? listeners.find((each) => each.transport === other);
}

/** A SIP URI out of a bare URI or a name-addr. */
export function sipUri(text: string): SipUri | undefined {
  const uri = parseUri(text) ?? parseUri(parseNameAddr(text)?.uri ?? '');
  return uri?.kind === 'sip' ? uri.uri : undefined;
}

/** Whether the URI's host and port are one of our own listening addresses. */
export function isOwnAddress(uri: SipUri, listeners: readonly Listener[]): boolean {
  const host = withoutBrackets(uri.host).toLowerCase();
  const port = uri.port ?? 5060;
  return listeners.some((listener) => {
    if (listener.port !== port) return false;
    const shown = listener.advertised(host);
    return host === listener.host || host === withoutBrackets(shown.host)
      || ((listener.host === '0.0.0.0' || listener.host === '::') && (host === '127.0.0.1' || host === 'localhost'));
  });
}

/** RFC 1918. Deviation: drachtio-server takes all of 172.0.0.0/8 for private. */
export function isPrivate(address: string): boolean {
  if (!isIPv4(address)) return false;
  const [first = 0, second = 0] = address.split('.').map(Number);
  return first === 10 || (first === 192 && second === 168) || (first === 172 && second >= 16 && second <= 31);
}

/** `host:port` we write for ourselves towards this flow's peer. */
export function ownHostPort(flow: { readonly listener: Listener; readonly remote: { readonly address: string } }): string {
  const { host, port } = flow.listener.advertised(flow.remote.address);
  return `${host}:${port}`;
}

/** Our Contact on this flow (drachtio wire protocol §8.1). */
export function ownContact(flow: { readonly listener: Listener; readonly remote: { readonly address: string } }): string {
  const { transport: name } = flow.listener;
  const transport = name === 'udp' ? '' : `;transport=${name}`;
  return `<sip:${ownHostPort(flow)}${transport}>`;
}

/** Our Via on this flow (RFC 3261 §18.1.1, RFC 3581 §3). */
export const ownVia = (flow: Pick<Flow, 'transport' | 'listener'> & { readonly remote: { readonly address: string } }, branch: string): string =>
  `SIP/2.0/${flow.transport.toUpperCase()} ${ownHostPort(flow)};rport;branch=${branch}`;

/** drachtio wire protocol §3.1: WebSockets are reported as tcp. */
export const reportedProtocol = (flow: Flow): string =>
  (flow.transport === 'ws' || flow.transport === 'wss' ? 'tcp' : flow.transport);
