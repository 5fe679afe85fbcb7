import type { SipResponse } from '../syntax/message.js';
import { copied } from '../syntax/text.js';
import type { ClientTransaction, ClientTransactionUser } from '../transaction/client-transaction.js';
import type { Timer, TimerOwner } from '../transaction/timer-wheel.js';
import type { Flow } from '../transport/transport.js';
import type { Application } from './application.js';
import type { WireHeader } from './app-headers.js';
import type { ClientRequestFacts } from './client-request.js';
import { addressing, type Dialog, type SentInvite } from './dialog.js';
import { composeInDialog, dialogPath, sendAck, type Path } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { handOver, handOverOwnResponse, ownResponse } from './hand-over.js';
import { endByBye } from './own-bye.js';
import { watchAsUac } from './session-timer.js';
import { dialogOfResponse, refreshByResponse, routeByResponse } from './uac-dialog.js';

export interface InviteFacts extends ClientRequestFacts {
  /** Our offer, '' for a delayed one. */
  readonly session: string;
  /** Authorization and Proxy-Authorization, to be repeated in the ACK (RFC 3261 §13.2.2.4). */
  readonly credentials: readonly WireHeader[];
}

interface Acknowledgement {
  readonly text: string;
  readonly path: Path;
}

/** An INVITE or re-INVITE of an application, to the ACK of its 2xx (RFC 3261 §13.2, §14.1). */
export class ClientInvite implements ClientTransactionUser, SentInvite, TimerOwner {
  /** As composed, for responses the edge has to make itself and for CANCEL. */
  text = '';
  unanswered = true;
  readonly #initial: boolean;
  /** By To tag. */
  readonly #early = new Map<string, Dialog>();
  /** RFC 3262 §4: the last RSeq seen, by To tag. */
  readonly #rseq = new Map<string, number>();
  #winner: Dialog | undefined;
  #winnerTag: string | undefined;
  #hasContact = true;
  #ack: Acknowledgement | undefined;
  #transaction: ClientTransaction | undefined;
  #provisional = false;
  #cancel: { readonly send: (transaction: ClientTransaction) => void; sent: boolean } | undefined;
  #guard: Timer | undefined;

  constructor(
    private readonly context: EdgeContext,
    readonly app: Application,
    readonly facts: InviteFacts,
    private readonly dialog: Dialog | undefined,
  ) {
    this.#initial = dialog === undefined;
    context.invites.set(facts.transactionId, this);
    if (dialog !== undefined) dialog.sent = this;
  }

  /** A 2xx came: an ACK of the application makes sense. */
  get accepted(): boolean {
    return this.#winner !== undefined;
  }

  /** @param transaction undefined while another server is being reached; a CANCEL waits for its 1xx (RFC 3261 §9.1) */
  onStarted(transaction: ClientTransaction | undefined): void {
    this.#transaction = transaction;
    this.#provisional = false;
  }

  /** @returns false when the application canceled before anything was sent */
  onFlow(): boolean {
    if (this.#cancel === undefined) return true;
    this.#finish(487, 'Request Terminated');
    return false;
  }

  /** @param send puts the CANCEL on the wire */
  cancel(send: (transaction: ClientTransaction) => void): void {
    if (this.#cancel !== undefined) return;
    this.#cancel = { send, sent: false };
    this.#sendCancel();
  }

  onResponse(response: SipResponse, flow: Flow): void {
    this.context.counters.count(`responses-in INVITE ${response.status}`);
    if (response.status < 200) this.#onProvisional(response, flow);
    else if (response.status < 300) this.#onSuccess(response, flow);
    else this.#onFailure(response, flow);
  }

  onTimeout(): void {
    this.#finish(408, 'Request Timeout');
  }

  onTransportError(): void {
    this.#finish(503, 'Service Unavailable');
  }

  onTimer(): void {
    if (!this.unanswered) return;
    // RFC 3261 §9.1: no final response within 64*T1 of the CANCEL means it is canceled.
    if (this.#transaction?.kind === 'invite') this.#transaction.abandon();
    this.#finish(487, 'Request Terminated');
  }

  onDialogEnded(): void {
    // RFC 3261 §13.2.2.4: a 2xx is acknowledged even when the dialog was ended meanwhile.
    if (this.#winner?.state === 'terminated' && this.#ack === undefined) this.acknowledge([], '', () => undefined);
  }

  /**
   * Sends the ACK for the 2xx.
   * @param onSent told what went out; without flow nothing did
   */
  acknowledge(headers: readonly WireHeader[], body: string, onSent: (text: string, flow: Flow | undefined) => void): void {
    const dialog = this.#winner;
    if (dialog === undefined) return onSent('', undefined);
    if (body !== '') dialog.localSession = body;
    const first = this.#ack === undefined;
    const path = this.#pathTo(dialog);
    const text = composeInDialog(dialog, {
      method: 'ACK', cseq: this.facts.cseq, headers: [...this.facts.credentials, ...headers], body,
    });
    if (path === undefined) return onSent(text, undefined);
    this.#ack = { text, path };
    sendAck(this.context, path, text, onSent);
    if (!first || dialog.state === 'terminated') return;
    if (this.#cancel !== undefined) endByBye(this.context, dialog, 'ACK-BYE due to cancel race condition');
    // drachtio-srf reports such a call as failed and forgets it: nobody else would end it.
    else if (!this.#hasContact) endByBye(this.context, dialog, '2xx without Contact', { tellApplication: false });
  }

  #onProvisional(response: SipResponse, flow: Flow): void {
    this.#provisional = true;
    this.#sendCancel();
    if (!this.unanswered) return;
    if (response.status === 100) return this.#initial && this.app.hearsTrying === true ? this.#tell(response, flow) : undefined;
    const tag = response.toTag;
    const rseq = Number(response.first('rseq') ?? Number.NaN);
    if (!Number.isNaN(rseq)) {
      const last = this.#rseq.get(tag ?? '');
      // RFC 3262 §4: repeated or out of order, not to be acknowledged again.
      if (last !== undefined && rseq !== last + 1) return;
      this.#rseq.set(copied(tag ?? ''), rseq);
    }
    if (this.#initial && tag !== undefined) this.#earlyDialog(response, flow, tag);
    this.#tell(response, flow);
  }

  #onSuccess(response: SipResponse, flow: Flow): void {
    const tag = response.toTag ?? '';
    if (this.#winner !== undefined && this.#winnerTag !== undefined) {
      if (tag === this.#winnerTag) this.#repeatAck();
      else this.#endFork(response, flow);
      return;
    }
    if (!this.unanswered) {
      // Canceled and given up on: the call must not stay up at the far end.
      this.#endFork(response, flow);
      return;
    }
    this.#settle();
    const dialog = this.dialog ?? this.#earlyDialog(response, flow, tag);
    this.#winner = dialog;
    this.#winnerTag = copied(tag);
    this.#hasContact = !this.#initial || response.hasContact;
    if (this.#initial) routeByResponse(dialog, response, flow);
    else refreshByResponse(dialog, response, flow);
    if (this.facts.session !== '') dialog.localSession = this.facts.session;
    this.context.dialogs.apply(dialog, 'success');
    watchAsUac(this.context, dialog, response);
    for (const [other, early] of this.#early) if (other !== tag) this.context.dialogs.apply(early, 'answered-elsewhere');
    if (this.app.closed) this.acknowledge([], '', () => endByBye(this.context, dialog, 'ACK timeout'));
    else this.#tell(response, flow);
  }

  #onFailure(response: SipResponse, flow: Flow): void {
    if (!this.unanswered) return;
    this.#settle();
    this.#endEarly();
    this.#tell(response, flow);
  }

  #tell(response: SipResponse, flow: Flow): void {
    if (this.app.closed) return;
    handOver(this.app, response, flow, { transactionId: this.facts.transactionId, dialogId: this.facts.dialogId });
  }

  /** Ends it with a response of our own. */
  #finish(status: number, reason: string): void {
    if (!this.unanswered) return;
    this.#settle();
    this.#endEarly();
    if (this.app.closed) return;
    handOverOwnResponse(this.app, ownResponse(this.text, status, reason), this.facts.transactionId, this.facts.dialogId);
  }

  #settle(): void {
    this.unanswered = false;
    this.context.wheel.stop(this.#guard);
    this.context.invites.delete(this.facts.transactionId);
  }

  #endEarly(): void {
    for (const dialog of this.#early.values()) this.context.dialogs.apply(dialog, 'failure');
    this.#early.clear();
  }

  #sendCancel(): void {
    // RFC 3261 §9.1: not before a provisional response, and not after the final one.
    if (this.#cancel === undefined || this.#cancel.sent || !this.#provisional || !this.unanswered) return;
    if (this.#transaction === undefined) return;
    this.#cancel.sent = true;
    this.#cancel.send(this.#transaction);
    this.#guard = this.context.wheel.start(64 * this.context.timers.t1, this, 'canceled');
  }

  #repeatAck(): void {
    // RFC 3261 §13.2.2.4: each repeated 2xx gets the ACK again; before the application's ACK there is none yet.
    if (this.#ack !== undefined) sendAck(this.context, this.#ack.path, this.#ack.text, () => undefined);
  }

  /** Deviation: drachtio-server takes a second fork for a repetition; RFC 3261 §13.2.2.4 wants ACK and BYE. */
  #endFork(response: SipResponse, flow: Flow): void {
    const dialog = dialogOfResponse(this.app, this.facts, 'INVITE', 'early', response, flow);
    const path = this.#pathTo(dialog);
    if (path === undefined) return;
    sendAck(this.context, path, composeInDialog(dialog, { method: 'ACK', cseq: this.facts.cseq, headers: this.facts.credentials }),
      () => undefined);
    endByBye(this.context, dialog, 'Forked INVITE answered elsewhere', { tellApplication: false, path });
  }

  #earlyDialog(response: SipResponse, flow: Flow, tag: string): Dialog {
    const known = this.#early.get(tag);
    if (known !== undefined) {
      routeByResponse(known, response, flow);
      return known;
    }
    const dialog = dialogOfResponse(this.app, this.facts, 'INVITE', 'early', response, flow);
    dialog.sent = this;
    this.#early.set(dialog.remoteTag, dialog);
    this.context.dialogs.add(dialog);
    return dialog;
  }

  #pathTo(dialog: Dialog): Path | undefined {
    const path = dialogPath(this.context, dialog, addressing(dialog).nextHop);
    return typeof path === 'string' ? undefined : path;
  }
}

