import { composeRequest, withTopVia } from '../syntax/compose.js';
import type { ClientTransaction, ClientTransactionUser } from '../transaction/client-transaction.js';
import type { ConnectTarget, Flow, Listener } from '../transport/transport.js';
import type { WireHeader } from './app-headers.js';
import { addressing, type Addressing, type Dialog } from './dialog.js';
import type { EdgeContext } from './edge-context.js';
import { isPrivate, listenerOf, nextHopOf, ownVia } from './next-hop.js';
import { newBranch } from './random-ids.js';

/** Where a request is to go: an open flow, or a target to connect to. */
export type Path =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | { readonly kind: 'target'; readonly target: ConnectTarget };

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
  return hop.kind === 'target' ? hop : hop.kind;
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
  /** Called once, before anything is sent: with the text as it will be sent, or without flow when that takes longer. */
  onReady(text: string, flow: Flow | undefined): void;
  /** The flow is there: the request goes out unless this returns false. */
  onFlow?(flow: Flow): boolean;
  onStarted?(transaction: ClientTransaction): void;
  /** No flow to the target: refused, unreachable, unresolved. */
  onFault(): void;
}

/**
 * Sends a request in a client transaction; connects first where needed. Whoever waits for `onReady` waits at most until
 * the next turn of the event loop, however long name resolution or a connection take.
 */
export function dispatch(context: EdgeContext, request: Dispatch): void {
  const branch = newBranch();
  const begin = (flow: Flow, announced: boolean): void => {
    const text = withTopVia(request.text, `Via: ${ownVia(flow, branch)}`);
    if (!announced) request.onReady(text, flow);
    if (request.onFlow?.(flow) === false) return;
    context.counters.count(`requests-out ${request.method}`);
    const transaction = context.transactions.startClient(request.method, branch, text, flow, request.user);
    request.onStarted?.(transaction);
  };
  if (request.path.kind === 'flow') {
    begin(request.path.flow, false);
    return;
  }
  let announced = false;
  const early = setImmediate(() => {
    announced = true;
    request.onReady(request.text, undefined);
  });
  context.transport.connect(request.path.target).then(
    (flow) => {
      clearImmediate(early);
      begin(flow, announced);
    },
    (fault: unknown) => {
      clearImmediate(early);
      if (!announced) request.onReady(request.text, undefined);
      context.log.info('request-not-sent', { method: request.method, reason: String(fault) });
      request.onFault();
    },
  ).catch((bug: unknown) => {
    context.log.error('dispatch-failed', { error: String(bug) });
  });
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
  context.transport.connect(path.target).then((flow) => put(flow, false), (fault: unknown) => {
    context.log.info('ack-not-sent', { reason: String(fault) });
    onSent(text, undefined);
  }).catch((bug: unknown) => {
    context.log.error('dispatch-failed', { error: String(bug) });
  });
}
