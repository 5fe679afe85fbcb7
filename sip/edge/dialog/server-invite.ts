import type { SipRequest } from '../syntax/message.js';
import type { InviteServerTransaction, InviteServerUser, NonInviteServerTransaction } from '../transaction/server-transaction.js';
import type { Flow } from '../transport/transport.js';
import { AcceptedInvite } from './accepted-invite.js';
import { answer, latin1, requires, supports, wantsReliability } from './answer.js';
import { appHeader, cseqMethod, readStatusLine, type AppSip } from './app-text.js';
import type { Application } from './application.js';
import { dialogIdOf, type Dialog, type ServedInvite } from './dialog.js';
import type { EdgeContext, IncomingRequest } from './edge-context.js';
import { handOver } from './hand-over.js';
import { InviteAnswers } from './invite-answers.js';
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
  readonly #answers: InviteAnswers;
  readonly #reliable: ReliableProvisionals;
  #canceled = false;
  #accepted: AcceptedInvite | undefined;
  /** A 2xx that waits for a PRACK. */
  #held: { readonly messageId: string; readonly send: () => void } | undefined;
  #update: PlainRequest | undefined;

  constructor(
    private readonly context: EdgeContext,
    readonly transaction: InviteServerTransaction,
    readonly app: Application,
    dialog: Dialog | undefined,
  ) {
    this.cseq = transaction.request.cseq.number;
    this.dialog = dialog;
    this.#initial = dialog === undefined;
    this.#answers = new InviteAnswers(context, transaction, app, () => this.dialogId, dialog?.localTag);
    this.#reliable = new ReliableProvisionals(context.wheel, context.timers.t1, this.cseq, {
      repeat: (text) => this.transaction.respond(180, latin1(text)),
      onAllAcknowledged: () => {
        const held = this.#held;
        this.#held = undefined;
        held?.send();
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
    return this.#answers.final === undefined && !this.#canceled;
  }

  /** Since the 2xx. */
  get accepted(): AcceptedInvite | undefined {
    return this.#accepted;
  }

  respond(messageId: string, sip: AppSip): void {
    const line = readStatusLine(sip.startLine);
    if (line === undefined) return this.app.refuse(messageId, refuseSend.badResponse);
    if (this.#update !== undefined && cseqMethod(appHeader(sip, 'cseq')) === 'UPDATE') return this.#update.respond(messageId, sip);
    // drachtio wire protocol §4: a second final response is not sent, the first one is echoed.
    if (this.#answers.final !== undefined) return this.#answers.confirm(messageId, this.#answers.final.text);
    this.#answers.takeTag(sip);
    const { status, reason } = line;
    if (status < 200) this.#provisional(messageId, status, reason, sip);
    else if (status < 300) this.#success(messageId, status, reason, sip);
    else this.#failure(messageId, status, reason, sip);
  }

  /** The peer's CANCEL (RFC 3261 §9.2; drachtio wire protocol §8.3). */
  onCancel(cancel: NonInviteServerTransaction): void {
    const { final, localTag, responded } = this.#answers;
    if (this.unanswered) {
      answer(cancel, 200, 'OK', { toTag: responded ? localTag : newTag() });
      const dialogId = responded ? this.dialogId : '';
      this.#endUnanswered(487, 'Request Terminated');
      handOver(this.app, cancel.request, cancel.flow, { transactionId: this.transaction.id, dialogId });
    } else if (final === undefined || final.status >= 300) {
      answer(cancel, 200, 'OK', { toTag: localTag });
    } else {
      // Interop: drachtio-server answers 481 to a CANCEL that comes after the 2xx, and ends an unacknowledged call.
      answer(cancel, 481, 'Call/Transaction Does Not Exist', { toTag: localTag });
      this.#accepted?.onLateCancel();
    }
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

  /** The application said nothing at all for 128*T1. */
  onUnanswered(): void {
    if (!this.#answers.responded && this.unanswered) this.#endUnanswered(504, 'Server Time-out');
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
    const reliable = status > 100 && (wantsReliability(sip) || requires(this.request, '100rel'));
    if (reliable && !supports(this.request, '100rel')) return this.app.refuse(messageId, refuseSend.no100rel);
    if (status > 100) this.#early();
    const parts = this.#answers.parts(status, reason, sip, reliable);
    if (!reliable) {
      this.#answers.put(messageId, status, sip, parts);
      return;
    }
    this.#reliable.send({
      hasBody: sip.body !== '',
      send: (rseq) => {
        const leading = [...parts.leading, ['RSeq', String(rseq)] as const];
        if (!wantsReliability(sip)) leading.push(['Require', '100rel']);
        const put = this.#answers.put(messageId, status, sip, { ...parts, leading });
        return put.kind === 'sent' ? put.text : undefined;
      },
      onDropped: () => this.app.refuse(messageId, refuseSend.unknownTransaction),
    });
  }

  #success(messageId: string, status: number, reason: string, sip: AppSip): void {
    if (this.#reliable.holdsSuccess) {
      this.#held = { messageId, send: () => this.#success(messageId, status, reason, sip) };
      return;
    }
    const other = this.#initial ? this.context.dialogs.byId(this.dialogId) : undefined;
    if (other !== undefined && other !== this.dialog) {
      // drachtio wire protocol §8.1: the call came twice, by two ways.
      this.#endUnanswered(480, 'Temporarily Unavailable');
      return this.app.refuse(messageId, refuseSend.badResponse);
    }
    const session = watchAsUas(this.request, sip);
    const parts = this.#answers.parts(status, reason, sip, true);
    const put = this.#answers.put(messageId, status, sip, {
      ...parts, leading: [...parts.leading, ...session.headers], except: session.replaced,
    });
    if (put.kind === 'refused') {
      if (put.outcome === 'closed') this.#endUnanswered(503, 'Service Unavailable');
      return;
    }
    const { flow } = this.transaction;
    const dialog = this.#early();
    // RFC 3261 §12.2.2: a re-INVITE refreshes the remote target; the route set stays.
    if (!this.#initial) dialog.remoteTarget = dialogOfInvite(this.context, this.transaction, this.app, dialog.localTag).remoteTarget;
    dialog.flow = flow;
    if (sip.body !== '') dialog.localSession = sip.body;
    this.context.dialogs.apply(dialog, 'success');
    this.#reliable.quiet();
    session.start(this.context, dialog);
    this.#accepted = new AcceptedInvite(this.context, dialog, this.cseq, flow, latin1(put.text));
  }

  #failure(messageId: string, status: number, reason: string, sip: AppSip): void {
    const put = this.#answers.put(messageId, status, sip, this.#answers.parts(status, reason, sip, false));
    if (put.kind === 'sent' || put.outcome === 'closed') this.#endEarly();
  }

  /** RFC 3261 §12.1: the dialog exists from the first response with a To tag. */
  #early(): Dialog {
    if (this.dialog !== undefined) return this.dialog;
    const dialog = dialogOfInvite(this.context, this.transaction, this.app, this.#answers.localTag);
    dialog.served = this;
    this.dialog = dialog;
    this.context.dialogs.add(dialog);
    return dialog;
  }

  /** The edge answers itself. */
  #endUnanswered(status: number, reason: string): void {
    this.#canceled = true;
    this.context.requests.delete(this.transaction.id);
    this.#update?.onApplicationLost();
    answer(this.transaction, status, reason, { toTag: this.#answers.localTag });
    this.#endEarly();
  }

  #endEarly(): void {
    this.#reliable.abandon();
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.app.refuse(held.messageId, refuseSend.unknownTransaction);
    if (this.#initial && this.dialog !== undefined) this.context.dialogs.apply(this.dialog, 'failure');
  }
}
