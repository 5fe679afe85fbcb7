import { copied } from '../syntax/text.js';
import type { NonInviteServerTransaction } from '../transaction/server-transaction.js';
import { answer, composeAppResponse, latin1 } from './answer.js';
import type { WireHeader } from './app-headers.js';
import { appHeader, readStatusLine, tagIn, type AppSip } from './app-text.js';
import type { Application } from './application.js';
import { contactUri, dialogIdOf, routeSetOf, type Dialog } from './dialog.js';
import type { EdgeContext, IncomingRequest } from './edge-context.js';
import { sentResponse } from './hand-over.js';
import { ownContact, ownHostPort } from './next-hop.js';
import { firstCSeq, newTag } from './random-ids.js';
import { refuseSend } from './refusals.js';
import { watchAsUas } from './session-timer.js';
import { tellProtection } from './tell-protection.js';

/** A request other than INVITE, waiting for the application's answer. */
export class PlainRequest implements IncomingRequest {
  readonly #localTag: string;

  constructor(
    private readonly context: EdgeContext,
    readonly transaction: NonInviteServerTransaction,
    readonly app: Application,
    /** The one it arrived in. */
    readonly dialog: Dialog | undefined,
    /** Under which the application answers: the transaction's, or that of the INVITE for an early UPDATE. */
    private readonly id: string,
    /** A final response is on its way: the request needs no answer any more. */
    private readonly onFinal: () => void,
  ) {
    this.#localTag = newTag();
  }

  get request(): NonInviteServerTransaction['request'] {
    return this.transaction.request;
  }

  respond(messageId: string, sip: AppSip): void {
    const line = readStatusLine(sip.startLine);
    if (line === undefined) return this.app.refuse(messageId, refuseSend.badResponse);
    const { request, flow } = this.transaction;
    const isSuccess = line.status >= 200 && line.status < 300;
    const subscribes = request.method === 'SUBSCRIBE';
    const toTag = tagIn(appHeader(sip, 'to') ?? '') ?? this.#localTag;
    const leading: WireHeader[] = [];
    if (subscribes && (isSuccess || this.dialog !== undefined) && appHeader(sip, 'contact') === undefined) {
      leading.push(['Contact', ownContact(flow)]);
    }
    const updates = request.method === 'UPDATE' && isSuccess && this.dialog !== undefined;
    const session = updates ? watchAsUas(request, sip) : undefined;
    if (session !== undefined) leading.push(...session.headers);
    const composed = composeAppResponse(sip, {
      request, status: line.status, reason: line.reason, toTag, hostPort: ownHostPort(flow), leading,
      ...(session === undefined ? {} : { except: session.replaced }),
    });
    if (composed.kind === 'refused') return this.app.refuse(messageId, composed.reason);
    const outcome = this.transaction.respond(line.status, latin1(composed.text));
    if (outcome === 'closed') return this.app.refuse(messageId, refuseSend.closed);
    if (line.status >= 200) {
      this.onFinal();
      if (this.dialog === undefined) tellProtection(this.context, request, flow, line.status, sip);
    }
    this.context.counters.count(`responses-out ${request.method} ${line.status}`);
    const sent = sentResponse(composed.text, flow, this.id, this.dialog !== undefined);
    this.app.responseSent(messageId, sent, this.#shownDialogId(), subscribes || line.status < 200);
    if (!isSuccess) return;
    if (this.dialog !== undefined) this.#refreshTarget(this.dialog);
    else if (subscribes) this.#createSubscription(toTag);
    if (session !== undefined && this.dialog !== undefined) session.start(this.context, this.dialog);
    if ((subscribes || request.method === 'REGISTER') && flow.reliable) {
      this.context.flows.accepted(request, sip, flow, this.context.wheel.now);
    }
  }

  onApplicationLost(): void {
    this.onFinal();
    answer(this.transaction, 503, 'Service Unavailable');
  }

  /** The application took too long. */
  expire(status: 500 | undefined): void {
    this.onFinal();
    if (status === undefined) this.transaction.abandon();
    else answer(this.transaction, status, 'Server Internal Error');
  }

  #shownDialogId(): string {
    // drachtio wire protocol §4: filled for SUBSCRIBE, and inside a dialog that still exists.
    if (this.dialog !== undefined) return this.dialog.state === 'terminated' ? '' : this.dialog.id;
    return this.request.method === 'SUBSCRIBE' ? dialogIdOf(this.request.callId, this.request.fromTag ?? '') : '';
  }

  #refreshTarget(dialog: Dialog): void {
    const { request, flow } = this.transaction;
    // RFC 3261 §12.2.2, RFC 3311 §5.1, RFC 6665 §4.4.1, RFC 3515 §2: these refresh the remote target.
    if (request.method !== 'UPDATE' && request.method !== 'SUBSCRIBE' && request.method !== 'NOTIFY' && request.method !== 'REFER') return;
    dialog.remoteTarget = contactUri(request) ?? dialog.remoteTarget;
    dialog.flow = flow;
  }

  /** RFC 6665 §4.1.3: a 2xx to SUBSCRIBE creates a dialog. */
  #createSubscription(localTag: string): void {
    const { request, flow } = this.transaction;
    const routeSet = routeSetOf(request, 'uas');
    this.context.dialogs.add({
      id: copied(dialogIdOf(request.callId, request.fromTag ?? '')),
      role: 'uas', method: 'SUBSCRIBE', callId: copied(request.callId), localTag, remoteTag: copied(request.fromTag ?? ''),
      local: `${copied(request.first('to') ?? '')};tag=${localTag}`, remote: copied(request.first('from') ?? ''),
      app: this.app, transactionId: this.id, state: 'confirmed', routeSet, remoteTarget: contactUri(request) ?? copied(request.uri),
      localCSeq: firstCSeq(this.context.epochMs()), remoteCSeq: request.cseq.number, flow, byFlow: routeSet.length === 0,
      localSession: '', served: undefined, sent: undefined, watch: undefined,
    });
  }
}
