import { composeRequest } from '../syntax/compose.js';
import { parseUri } from '../syntax/uri.js';
import { MAX_MESSAGE_BYTES, withContentType } from './answer.js';
import { bracketed, withOwnAddress, wireHeaders, type WireHeader } from './app-headers.js';
import { appHeader, cseqMethod, readAppSip, readRequestLine, tagIn, type AppSip } from './app-text.js';
import type { Application } from './application.js';
import { ClientInvite } from './client-invite.js';
import { ClientRequest, type ClientRequestFacts } from './client-request.js';
import { dialogIdOf } from './dialog.js';
import { ownAddress, type Path } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { credentialsIn, launch } from './launch.js';
import { isOwnAddress, nextHopOf, ownContact, ownHostPort, sipUri } from './next-hop.js';
import { cancelFromApp } from './outgoing-cancel.js';
import type { OutboundProxy } from './outbound-proxy.js';
import { sendInDialog } from './outgoing-in-dialog.js';
import { firstCSeq, newCallId, newTag, newTransactionId } from './random-ids.js';
import { refuseRequest } from './refusals.js';

/** A request an application wants sent (drachtio wire protocol §2). */
export interface AppRequest {
  readonly messageId: string;
  /** Of the INVITE, for CANCEL. */
  readonly transactionId: string;
  /** '' for a new request. */
  readonly dialogId: string;
  /** Next hop, '' when the application leaves it to us. */
  readonly routeUrl: string;
  readonly text: string;
}

/** Found by the Contact a client registered (drachtio wire protocol §9.2). */
const BY_FLOW_MAP: ReadonlySet<string> = new Set(['INVITE', 'OPTIONS', 'NOTIFY', 'MESSAGE']);
const WRITTEN_BY_US: ReadonlySet<string> = new Set(['from', 'to', 'call-id', 'cseq', 'max-forwards']);

/** Sends what an application asks for; every outcome is told to it. */
export function sendFromApp(context: EdgeContext, app: Application, request: AppRequest): void {
  const sip = readAppSip(request.text);
  const line = readRequestLine(sip.startLine);
  if (line === undefined) return app.refuse(request.messageId, refuseRequest.badUri(sip.startLine));
  const method = line.method.toUpperCase();
  if (method === 'CANCEL') return cancelFromApp(context, app, request.messageId, request.transactionId, sip);
  if (request.dialogId !== '') {
    return sendInDialog(context, app, { messageId: request.messageId, dialogId: request.dialogId, method, uri: line.uri, sip });
  }
  if (method === 'ACK') return app.refuse(request.messageId, refuseRequest.ackForFailure);
  sendNew(context, app, request, method, line.uri, sip);
}

function sendNew(
  context: EdgeContext, app: Application, request: AppRequest, method: string, wishedUri: string, sip: AppSip,
): void {
  const { messageId } = request;
  const uri = requestUri(wishedUri);
  if (uri === undefined) return app.refuse(messageId, refuseRequest.badUri(sip.startLine));
  const path = choosePath(context, method, uri, request.routeUrl);
  if (path === 'bad-uri') return app.refuse(messageId, refuseRequest.badUri(sip.startLine));
  if (path === 'no-transport') return app.refuse(messageId, refuseRequest.noTransport);
  const own = sipUri(uri);
  if (own !== undefined && isOwnAddress(own, context.listeners)) return app.refuse(messageId, refuseRequest.myself);

  // RFC 3261 §8.1.2: the outbound proxy is a route set of one.
  const route = path.kind === 'target' && 'route' in path ? path.route : undefined;
  const address = ownAddress(context, path);
  const hostPort = ownHostPort(address);
  const contact = ownContact(address);
  const from = withTag(withOwnAddress(appHeader(sip, 'from') ?? contact, hostPort), newTag());
  const to = bracketed(withOwnAddress(appHeader(sip, 'to') ?? uri, hostPort));
  const callId = appHeader(sip, 'call-id') ?? newCallId();
  const cseq = givenCSeq(sip, method) ?? firstCSeq(context.epochMs());
  const headers: WireHeader[] = [
    ['Max-Forwards', appHeader(sip, 'max-forwards') ?? '70'],
    ...(route === undefined ? [] : [['Route', route] as const]),
    ['From', from.value], ['To', to], ['Call-ID', callId], ['CSeq', `${cseq} ${method}`],
  ];
  const formsDialog = method === 'INVITE' || method === 'SUBSCRIBE';
  const withContact = formsDialog && appHeader(sip, 'contact') === undefined;
  if (withContact) headers.push(['Contact', contact]);
  headers.push(...wireHeaders(sip.headers, WRITTEN_BY_US, hostPort));
  const missing = withContentType(sip.headers, sip.body, headers);
  if (missing !== undefined) return app.refuse(messageId, missing);
  const text = composeRequest({ method, uri, headers, body: sip.body });
  if (text.length > MAX_MESSAGE_BYTES) return app.refuse(messageId, 'message too large');

  const facts: ClientRequestFacts = {
    method, transactionId: newTransactionId(), dialogId: formsDialog ? dialogIdOf(callId, from.tag) : '', callId,
    local: from.value, localTag: from.tag, cseq, uri,
  };
  const user = method === 'INVITE'
    ? new ClientInvite(context, app, { ...facts, session: sip.body, credentials: credentialsIn(headers) }, undefined)
    : new ClientRequest(context, app, facts, undefined);
  launch(context, app, messageId, { method, path, text, contact: withContact ? contact : undefined, user });
}

/** drachtio wire protocol §9.2: flow map, route url, outbound proxy, Request-URI. */
function choosePath(context: EdgeContext, method: string, uri: string, routeUrl: string): ChosenPath | 'bad-uri' | 'no-transport' {
  if (routeUrl === '' && BY_FLOW_MAP.has(method)) {
    const flow = context.flows.find(uri, context.wheel.now);
    if (flow !== undefined) return { kind: 'flow', flow };
  }
  const { outboundProxy } = context;
  if (routeUrl === '' && outboundProxy !== undefined) return outboundProxy;
  const hop = routeUrl === '' ? nextHopOf(uri, context.listeners) : nextHopOf(routeUrl, context.listeners, 'counts');
  return hop.kind === 'target' ? hop : hop.kind;
}

type ChosenPath = Path | OutboundProxy;

/** drachtio wire protocol §9.1: a bare number or host becomes a SIP URI; undefined when it is none. */
function requestUri(given: string): string | undefined {
  if (/^\+?\d+$/.test(given)) return `sip:${given}@localhost`;
  if (parseUri(given) !== undefined) return given;
  const completed = `sip:${given}`;
  return parseUri(completed) === undefined ? undefined : completed;
}

/** A From with its tag; the addr-spec form gets brackets, so that the tag is a header parameter for everyone. */
function withTag(value: string, tag: string): { readonly value: string; readonly tag: string } {
  const given = tagIn(value);
  const text = bracketed(value);
  return given === undefined ? { value: `${text};tag=${tag}`, tag } : { value: text, tag: given };
}

function givenCSeq(sip: AppSip, method: string): number | undefined {
  const value = appHeader(sip, 'cseq');
  const number = Number(value?.trim().split(/\s+/)[0]);
  return cseqMethod(value) === method && Number.isInteger(number) && number >= 0 && number <= 0x7fffffff ? number : undefined;
}
