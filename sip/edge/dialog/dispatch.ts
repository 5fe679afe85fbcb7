import { composeRequest, withTopVia } from '../syntax/compose.js';
import type { ClientTransaction, ClientTransactionUser } from '../transaction/client-transaction.js';
import type { ConnectTarget, Flow, Listener, ServerName } from '../transport/transport.js';
import type { WireHeader } from './app-headers.js';
import { addressing, type Addressing, type Dialog } from './dialog.js';
import type { EdgeContext } from './edge-context.js';
import { sendToServers } from './failover.js';
import { isPrivate, listenerOf, nextHopOf, ownContact, ownVia } from './next-hop.js';
import { newBranch } from './random-ids.js';
import { firstFlow } from './reach-server.js';

/** Where a request is to go: an open flow, or a server to locate and connect to. */
export type Path =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | ServerPath;

export interface ServerPath {
  readonly kind: 'target';
  /** What it will be unless the DNS says more. */
  readonly target: ConnectTarget;
  readonly server: ServerName;
}

/** The address we show a peer before the flow to it is known. */
export interface OwnAddress {
  readonly listener: Listener;
  readonly remote: { readonly address: string };
}

/** The listener that stands for us on a path. */
export function ownAddress(context: EdgeContext, path: Path): OwnAddress {
  if (path.kind === 'flow') return path.flow;
  const listener = listenerOf(context.listeners, path.target.transport) ?? context.listeners[0];
  if (listener === undefined) throw new TypeError('an edge without listeners cannot send');
  return { listener, remote: { address: path.target.host } };
}

/** Where requests inside a dialog go (drachtio wire protocol §9.3, §10). */
export function dialogPath(context: EdgeContext, dialog: Dialog, nextHop: string): Path | 'bad-uri' | 'no-transport' {
  const { flow } = dialog;
  if (dialog.byFlow && !flow.closed) return { kind: 'flow', flow };
  // A client that moved to a new connection is found by the Contact it registered.
  const moved = dialog.routeSet.length === 0 ? context.flows.find(dialog.remoteTarget, context.wheel.now) : undefined;
  if (moved !== undefined) return { kind: 'flow', flow: moved };
  const hop = nextHopOf(nextHop, context.listeners);
  if (hop.kind !== 'target') return hop.kind;
  const { target: { transport, host, port } } = hop;
  // The very peer we are talking with by UDP: it stays with UDP, however large a request (RFC 3261 §18.1.1).
  const isPeer = transport === 'udp' && flow.transport === 'udp' && host === flow.remote.address && port === flow.remote.port;
  return isPeer && !flow.closed ? { kind: 'flow', flow } : hop;
}

/**
 * Whether requests of a dialog go back where its INVITE or 2xx came from (drachtio wire protocol §10).
 * @param contactHost host of the peer's Contact, undefined without Contact
 */
export function goesByFlow(role: 'uas' | 'uac', routeSet: readonly string[], firstRouteHost: string, contactHost: string | undefined, flow: Flow): boolean {
  if (routeSet.length > 0) return role === 'uac' && isPrivate(firstRouteHost) && firstRouteHost !== flow.remote.address;
  // A connection is the way back to whoever opened it; RFC 5923 and every client behind NAT rely on it.
  if (flow.reliable || role === 'uas') return true;
  return contactHost === undefined || contactHost !== flow.remote.address;
}

export interface DialogRequest {
  readonly method: string;
  /** CSeq number. */
  readonly cseq: number;
  /** Request-URI wished; undefined means the remote target. */
  readonly uri?: string | undefined;
  readonly headers: readonly WireHeader[];
  readonly body?: string;
}

/** A request inside a dialog without its Via (RFC 3261 §12.2.1.1). */
export function composeInDialog(dialog: Dialog, request: DialogRequest, address: Addressing = addressing(dialog, request.uri)): string {
  return composeRequest({
    method: request.method,
    uri: address.uri,
    headers: [
      ['Max-Forwards', '70'],
      ...(address.routes.length === 0 ? [] : [['Route', address.routes.join(', ')] as const]),
      ['From', dialog.local],
      ['To', dialog.remote],
      ['Call-ID', dialog.callId],
      ['CSeq', `${request.cseq} ${request.method}`],
      ...request.headers,
    ],
    body: request.body,
  });
}

/** A request on its way out. */
export interface Dispatch {
  readonly method: string;
  readonly path: Path;
  /** The request without Via. */
  readonly text: string;
  readonly user: ClientTransactionUser;
  /** Our Contact in `text`, as written for `path`: it follows the flow that is taken in the end. */
  readonly contact?: string | undefined;
  /** Called once, before anything is sent: with the text as it will be sent, or without flow when that takes longer. */
  onReady(text: string, flow: Flow | undefined): void;
  /** A flow is there: the request goes out unless this returns false. Asked again when another server is tried. */
  onFlow?(flow: Flow): boolean;
  onStarted?(transaction: ClientTransaction): void;
  /** The transaction has failed, another server is tried. */
  onMovingOn?(): void;
  /** No flow to the target: refused, unreachable, unresolved. */
  onFault(): void;
}

/**
 * Sends a request in a client transaction; connects first where needed. Whoever waits for `onReady` waits at most until
 * the next turn of the event loop, however long name resolution or a connection take.
 */
export function dispatch(context: EdgeContext, request: Dispatch): void {
  if (request.path.kind === 'flow') {
    const { flow } = request.path;
    const branch = newBranch();
    const text = withTopVia(request.text, `Via: ${ownVia(flow, branch)}`);
    request.onReady(text, flow);
    if (request.onFlow?.(flow) === false) return;
    context.counters.count(`requests-out ${request.method}`);
    const transaction = context.transactions.startClient(request.method, branch, text, flow, request.user);
    request.onStarted?.(transaction);
    return;
  }
  let announced = false;
  const announce = (text: string, flow: Flow | undefined): void => {
    clearImmediate(early);
    if (!announced) request.onReady(text, flow);
    announced = true;
  };
  const early = setImmediate(() => announce(request.text, undefined));
  sendToServers(context, {
    method: request.method, path: request.path, user: request.user, size: sizeWithVia(context, request.path, request.text),
    compose: (flow, insteadOfUdp) => (insteadOfUdp ? request.text : withContactOf(request.text, request.contact, flow)),
    onFlow: (text, flow) => {
      announce(text, flow);
      return request.onFlow?.(flow) !== false;
    },
    onStarted: (transaction) => request.onStarted?.(transaction),
    onMovingOn: () => request.onMovingOn?.(),
    onFault: () => {
      announce(request.text, undefined);
      request.onFault();
    },
  });
}

/** The server may have turned out to be one of another transport, or of a network that knows us by another address. */
function withContactOf(text: string, contact: string | undefined, flow: Flow): string {
  const now = ownContact(flow);
  return contact === undefined || contact === now ? text : text.replace(`\r\nContact: ${contact}\r\n`, () => `\r\nContact: ${now}\r\n`);
}

/** Bytes of a request on the wire. */
function sizeWithVia(context: EdgeContext, path: Path, text: string): number {
  const { listener, remote } = ownAddress(context, path);
  return text.length + `Via: ${ownVia({ transport: listener.transport, listener, remote }, newBranch())}\r\n`.length;
}

/** Sends an ACK: no transaction, nothing comes back (RFC 3261 §13.2.2.4). */
export function sendAck(context: EdgeContext, path: Path, text: string, onSent: (text: string, flow: Flow | undefined) => void): void {
  const branch = newBranch();
  const put = (flow: Flow, announced: boolean): void => {
    const whole = withTopVia(text, `Via: ${ownVia(flow, branch)}`);
    context.counters.count('requests-out ACK');
    if (!announced) onSent(whole, flow);
    context.transport.send(flow, whole);
  };
  if (path.kind === 'flow') {
    put(path.flow, false);
    return;
  }
  firstFlow(context, path, sizeWithVia(context, path, text)).then((flow) => put(flow, false), (fault: unknown) => {
    context.log.info('ack-not-sent', { reason: String(fault) });
    onSent(text, undefined);
  }).catch((bug: unknown) => {
    context.log.error('dispatch-failed', { error: String(bug) });
  });
}
