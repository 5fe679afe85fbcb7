import type { SipRequest } from '../syntax/message.js';
import type { InviteServerTransaction, InviteServerUser, NonInviteServerTransaction } from '../transaction/server-transaction.js';
import type { Flow } from '../transport/transport.js';
import { AcceptedInvite } from './accepted-invite.js';
import { answer, composeAppResponse, latin1, requires, supports, wantsReliability, type AppResponseParts } from './answer.js';
import { appHeader, cseqMethod, readStatusLine, tagIn, type AppSip } from './app-text.js';
import type { Application } from './application.js';
import { dialogIdOf, type Dialog, type ServedInvite } from './dialog.js';
import type { EdgeContext, IncomingRequest } from './edge-context.js';
import { handOver, sentResponse } from './hand-over.js';
import { ownContact, ownHostPort } from './next-hop.js';
import { handOverOwnCancel } from './own-cancel.js';
import { PlainRequest } from './plain-request.js';
import { newTag, retryAfterGlare } from './random-ids.js';
import { refuseSend } from './refusals.js';
import { ReliableProvisionals } from './reliable-provisionals.js';
import { watchAsUas } from './session-timer.js';
import { dialogOfInvite } from './uas-dialog.js';

/** An INVITE or re-INVITE of the peer, from the hand-over to the ACK (RFC 3261 §13.3, §14.2). */
export class ServerInvite implements IncomingRequest, InviteServerUser, ServedInvite {
  readonly cseq: number;
  /** Set by the first response above 100 for an INVITE, from the start for a re-INVITE. */
  dialog: Dialog | undefined;
  readonly #initial: boolean;
  readonly #reliable: ReliableProvisionals;
  #localTag: string;
  /** The application has said something. */
  #responded = false;
  #final: { readonly status: number; readonly text: string } | undefined;
  #canceled = false;
  /** Since the 2xx. */
  #accepted: AcceptedInvite | undefined;
  #heldSuccess: (() => void) | undefined;
  #update: PlainRequest | undefined;

  constructor(
    private readonly context: EdgeContext,
    private readonly transaction: InviteServerTransaction,
    readonly app: Application,
    dialog: Dialog | undefined,
  ) {
    this.cseq = transaction.request.cseq.number;
    this.dialog = dialog;
    this.#initial = dialog === undefined;
    this.#localTag = dialog?.localTag ?? newTag();
    this.#reliable = new ReliableProvisionals(context.wheel, context.timers.t1, this.cseq, {
      repeat: (text) => this.transaction.respond(180, latin1(text)),
      onAllAcknowledged: () => {
        const send = this.#heldSuccess;
        this.#heldSuccess = undefined;
        send?.();
      },
      onUnacknowledged: () => {
        // RFC 3262 §3: the INVITE should be rejected with a 5xx.
        this.#endUnanswered(500, 'Server Internal Error');
        handOverOwnCancel(this.app, this.transaction, this.dialogId);
      },
    });
    transaction.user = this;
    if (dialog !== undefined) dialog.served = this;
  }

  get request(): SipRequest {
    return this.transaction.request;
  }

  get dialogId(): string {
    return this.dialog?.id ?? dialogIdOf(this.request.callId, this.request.fromTag ?? '');
  }

  get unanswered(): boolean {
    return this.#final === undefined && !this.#canceled;
  }

  get awaitingAck(): boolean {
    return this.#accepted?.awaitingAck === true;
  }

  /** See AcceptedInvite. */
  get ending(): boolean {
    return this.#accepted?.ending === true;
  }

  /** See AcceptedInvite. */
  end(): void {
    this.#accepted?.end();
  }

  respond(messageId: string, sip: AppSip): void {
    const line = readStatusLine(sip.startLine);
    if (line === undefined) return this.app.refuse(messageId, refuseSend.badResponse);
    if (this.#update !== undefined && cseqMethod(appHeader(sip, 'cseq')) === 'UPDATE') return this.#update.respond(messageId, sip);
    if (this.#final !== undefined) {
      // drachtio wire protocol §4: a second final response is not sent, the first one is echoed.
      return this.#confirm(messageId, this.#final.text);
    }
    if (!this.#responded && this.#initial) {
      this.#responded = true;
      this.#localTag = tagIn(appHeader(sip, 'to') ?? '') ?? this.#localTag;
    }
    const { status, reason } = line;
    if (status < 200) this.#provisional(messageId, status, reason, sip);
    else if (status < 300) this.#success(messageId, status, reason, sip);
    else this.#failure(messageId, status, reason, sip);
  }

  /** The peer's CANCEL (RFC 3261 §9.2; drachtio wire protocol §8.3). */
  onCancel(cancel: NonInviteServerTransaction): void {
    if (this.#final === undefined) {
      if (this.#canceled) {
        answer(cancel, 200, 'OK', { toTag: this.#localTag });
        return;
      }
      answer(cancel, 200, 'OK', { toTag: this.#responded ? this.#localTag : newTag() });
      const dialogId = this.#responded ? this.dialogId : '';
      this.#endUnanswered(487, 'Request Terminated');
      handOver(this.app, cancel.request, cancel.flow, { transactionId: this.transaction.id, dialogId });
      return;
    }
    if (this.#final.status >= 300) {
      answer(cancel, 200, 'OK', { toTag: this.#localTag });
      return;
    }
    // Interop: drachtio-server answers 481 to a CANCEL that comes after the 2xx, and ends an unacknowledged call.
    answer(cancel, 481, 'Call/Transaction Does Not Exist', { toTag: this.#localTag });
    this.#accepted?.onLateCancel();
  }

  onAck(ack: SipRequest, flow: Flow): void {
    this.#accepted?.onAck(ack, flow);
  }

  onPrack(prack: NonInviteServerTransaction, deliver: () => void): void {
    if (!this.#reliable.acknowledge(prack.request, deliver)) answer(prack, 481, 'Call/Transaction Does Not Exist');
  }

  /** UPDATE while the INVITE is unanswered: handed over under the INVITE's transaction (drachtio wire protocol §8.5). */
  onEarlyUpdate(update: NonInviteServerTransaction): void {
    if (this.#update !== undefined) {
      // RFC 3311 §5.2: one at a time.
      answer(update, 500, 'Server Internal Error', { headers: [['Retry-After', retryAfterGlare()]] });
      return;
    }
    this.#update = new PlainRequest(this.context, update, this.app, this.dialog, this.transaction.id, () => {
      this.#update = undefined;
    });
    handOver(this.app, update.request, update.flow, { transactionId: this.transaction.id, dialogId: this.dialogId });
  }

  /** BYE in an early dialog (RFC 3261 §15.1.2): the INVITE gets 487; for the application it is a CANCEL. */
  onEarlyBye(bye: NonInviteServerTransaction): void {
    answer(bye, 200, 'OK');
    this.#endUnanswered(487, 'Request Terminated');
    handOverOwnCancel(this.app, this.transaction, this.dialogId);
  }

  onDialogEnded(): void {
    this.#accepted?.stop();
    this.#reliable.abandon();
    // RFC 3261 §15.1.2: pending requests of an ended dialog get 487.
    if (this.unanswered) this.#endUnanswered(487, 'Request Terminated');
  }

  onApplicationLost(): void {
    if (this.unanswered) this.#endUnanswered(503, 'Service Unavailable');
  }

  /** The application said nothing at all. */
  onUnanswered(): void {
    if (!this.#responded && this.unanswered) this.#endUnanswered(504, 'Server Time-out');
  }

  onTransportError(): void {
    this.context.log.info('response-not-sent', { method: 'INVITE' });
  }

  onTimeout(): void {
    this.context.requests.delete(this.transaction.id);
  }

  onTerminated(): void {
    this.context.requests.delete(this.transaction.id);
  }

  #provisional(messageId: string, status: number, reason: string, sip: AppSip): void {
    const parts = this.#parts(status, reason, sip, false);
    if (status === 100) {
      this.#put(messageId, status, sip, parts);
      return;
    }
    const reliable = wantsReliability(sip) || requires(this.request, '100rel');
    if (!reliable) {
      this.#early();
      this.#put(messageId, status, sip, parts);
      return;
    }
    if (!supports(this.request, '100rel')) return this.app.refuse(messageId, refuseSend.no100rel);
    this.#early();
    this.#reliable.send({
      hasBody: sip.body !== '',
      send: (rseq) => {
        const leading = [...this.#contact(sip, true), ['RSeq', String(rseq)] as const];
        if (!wantsReliability(sip)) leading.push(['Require', '100rel']);
        return this.#put(messageId, status, sip, { ...parts, leading });
      },
    });
  }

  #success(messageId: string, status: number, reason: string, sip: AppSip): void {
    if (this.#reliable.holdsSuccess) {
      this.#heldSuccess = () => this.#success(messageId, status, reason, sip);
      return;
    }
    const { flow } = this.transaction;
    const other = this.#initial ? this.context.dialogs.byId(this.dialogId) : undefined;
    if (other !== undefined && other !== this.dialog) {
      // drachtio wire protocol §8.1: the call came twice, by two ways.
      this.#endUnanswered(480, 'Temporarily Unavailable');
      return this.app.refuse(messageId, refuseSend.badResponse);
    }
    const session = watchAsUas(this.request, sip);
    const parts = this.#parts(status, reason, sip, true);
    const text = this.#put(messageId, status, sip, {
      ...parts, leading: [...parts.leading, ...session.headers], except: session.replaced,
    });
    if (text === undefined) return;
    const dialog = this.dialog ?? this.#early();
    if (this.#initial) dialog.flow = flow;
    else this.#refresh(dialog);
    if (sip.body !== '') dialog.localSession = sip.body;
    this.context.dialogs.apply(dialog, 'success');
    this.#reliable.quiet();
    session.start(this.context, dialog);
    this.#accepted = new AcceptedInvite(this.context, dialog, this.cseq, flow, latin1(text));
  }

  #failure(messageId: string, status: number, reason: string, sip: AppSip): void {
    if (this.#put(messageId, status, sip, this.#parts(status, reason, sip, false)) === undefined) return;
    this.#reliable.abandon();
    this.#heldSuccess = undefined;
    if (this.#initial && this.dialog !== undefined) this.context.dialogs.apply(this.dialog, 'failure');
  }

  /** Composes, sends, and tells the application. @returns the text, undefined when it was refused */
  #put(messageId: string, status: number, sip: AppSip, parts: AppResponseParts): string | undefined {
    const composed = composeAppResponse(sip, parts);
    if (composed.kind === 'refused') {
      this.app.refuse(messageId, composed.reason);
      return undefined;
    }
    const outcome = this.transaction.respond(status, latin1(composed.text));
    if (outcome !== 'sent') {
      this.app.refuse(messageId, outcome === 'closed' ? refuseSend.closed : refuseSend.unknownTransaction);
      if (outcome === 'closed' && status >= 200) this.#endUnanswered(503, 'Service Unavailable');
      return undefined;
    }
    if (status >= 200) this.#final = { status, text: composed.text };
    this.context.counters.count(`responses-out INVITE ${status}`);
    this.#confirm(messageId, composed.text);
    return composed.text;
  }

  #confirm(messageId: string, text: string): void {
    this.app.responseSent(messageId, sentResponse(text, this.transaction.flow, this.transaction.id, !this.#initial), this.dialogId);
  }

  #parts(status: number, reason: string, sip: AppSip, withContact: boolean): AppResponseParts {
    return {
      request: this.request, status, reason, toTag: this.#localTag, hostPort: ownHostPort(this.transaction.flow),
      leading: this.#contact(sip, withContact || !this.#initial),
    };
  }

  #contact(sip: AppSip, wanted: boolean): (readonly [string, string])[] {
    return wanted && appHeader(sip, 'contact') === undefined ? [['Contact', ownContact(this.transaction.flow)]] : [];
  }

  /** RFC 3261 §12.1: the dialog exists from the first response with a To tag. */
  #early(): Dialog {
    if (this.dialog !== undefined) return this.dialog;
    const dialog = dialogOfInvite(this.context, this.transaction, this.app, this.#localTag);
    dialog.served = this;
    this.dialog = dialog;
    this.context.dialogs.add(dialog);
    return dialog;
  }

  #refresh(dialog: Dialog): void {
    const fresh = dialogOfInvite(this.context, this.transaction, this.app, this.#localTag);
    // RFC 3261 §12.2.2: a re-INVITE refreshes the remote target; the route set stays.
    dialog.remoteTarget = fresh.remoteTarget;
    dialog.flow = this.transaction.flow;
  }

  #endUnanswered(status: number, reason: string): void {
    this.#canceled = true;
    this.#reliable.abandon();
    this.#heldSuccess = undefined;
    this.context.requests.delete(this.transaction.id);
    this.#update?.onApplicationLost();
    answer(this.transaction, status, reason, { toTag: this.#localTag });
    if (this.#initial && this.dialog !== undefined) this.context.dialogs.apply(this.dialog, 'failure');
  }
}
