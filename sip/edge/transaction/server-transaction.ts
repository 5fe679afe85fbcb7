import type { SipRequest } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import { inviteServerStart, stepInviteServer, type InviteServerEvent, type InviteServerState } from './invite-server.js';
import type { TransactionContext } from './layer-context.js';
import {
  nonInviteServerStart, stepNonInviteServer, type NonInviteServerEvent, type NonInviteServerState,
} from './non-invite-server.js';
import type { Step, TransactionEffect } from './step.js';
import type { Timer, TimerOwner } from './timer-wheel.js';
import { timerDelay, type TimerName } from './timers.js';

/** Told by an INVITE server transaction what it cannot decide itself. */
export interface InviteServerUser {
  /** An ACK on the INVITE's own branch after a 2xx (RFC 6026 §7.1). */
  onAck(ack: SipRequest, flow: Flow): void;
  /** A response could not be sent: the connection is gone. */
  onTransportError(): void;
  /** H fired: the ACK for a failure never came. */
  onTimeout(): void;
  /** Nothing of this transaction is left. */
  onTerminated(): void;
}

/** Called when a transaction needs no more than its last response, or nothing at all. */
export interface ServerTransactionEnd {
  onAnswered(transaction: NonInviteServerTransaction, response: Buffer): void;
  onTerminated(transaction: ServerTransaction): void;
}

export type SendOutcome = 'sent' | 'closed' | 'ignored';

/** RFC 3261 §17.2.2, driven by `stepNonInviteServer`; completed is kept by the layer as key and response only. */
export class NonInviteServerTransaction {
  readonly kind = 'non-invite';
  state: NonInviteServerState = nonInviteServerStart.state;
  #response: Buffer | undefined;
  #outcome: SendOutcome = 'ignored';

  constructor(
    readonly id: string,
    readonly key: string,
    readonly request: SipRequest,
    readonly flow: Flow,
    readonly startedAt: number,
    private readonly context: TransactionContext,
    private readonly end: ServerTransactionEnd,
  ) {}

  /** @returns `closed` when the peer's connection is gone, `ignored` when a final response was sent before */
  respond(status: number, response: Buffer): SendOutcome {
    const event = status < 200 ? 'respond-1xx' : 'respond-final';
    const step = stepNonInviteServer(this.state, event);
    if (!step.effects.includes('send-response')) return 'ignored';
    this.#response = response;
    this.#outcome = 'sent';
    this.#take(step);
    return this.#outcome;
  }

  onRetransmission(): void {
    this.#feed('receive-request');
  }

  /** Ends without an answer. */
  abandon(): void {
    this.#feed('abandon');
  }

  #feed(event: NonInviteServerEvent): void {
    this.#take(stepNonInviteServer(this.state, event));
  }

  #take(step: Step<NonInviteServerState>): void {
    const ended = step.state === 'terminated' && this.state !== 'terminated';
    this.state = step.state;
    for (const effect of step.effects) this.#perform(effect);
    if (ended) this.end.onTerminated(this);
  }

  #perform(effect: TransactionEffect): void {
    if (effect === 'send-response' && this.#response !== undefined) {
      if (this.context.send(this.flow, this.#response) === 'closed') this.#feed('transport-error');
    } else if (effect === 'report-transport-error') {
      this.#outcome = 'closed';
    } else if (effect === 'start-J' && this.#response !== undefined) {
      this.end.onAnswered(this, this.#response);
    }
  }
}

/** RFC 3261 §17.2.1 with RFC 6026, driven by `stepInviteServer`. */
export class InviteServerTransaction implements TimerOwner {
  readonly kind = 'invite';
  state: InviteServerState = inviteServerStart.state;
  user: InviteServerUser | undefined;
  #response: Buffer | undefined;
  #outcome: SendOutcome = 'ignored';
  /** While it is being passed up. */
  #ack: { readonly message: SipRequest; readonly flow: Flow } | undefined;
  #retransmitMs = 0;
  #retransmit: Timer | undefined;
  #limit: Timer | undefined;

  constructor(
    readonly id: string,
    readonly key: string,
    readonly request: SipRequest,
    readonly flow: Flow,
    readonly startedAt: number,
    private readonly context: TransactionContext,
    private readonly end: ServerTransactionEnd,
  ) {}

  /** @returns `ignored` when the state allows no such response any more */
  respond(status: number, response: Buffer): SendOutcome {
    const event = status < 200 ? 'respond-1xx' : status < 300 ? 'respond-2xx' : 'respond-3xx-6xx';
    const step = stepInviteServer(this.state, event);
    if (!step.effects.includes('send-response')) return 'ignored';
    this.#response = response;
    this.#outcome = 'sent';
    this.#take(step);
    return this.#outcome;
  }

  onRetransmission(): void {
    this.#feed('receive-request');
  }

  onAck(ack: SipRequest, flow: Flow): void {
    this.#ack = { message: ack, flow };
    this.#feed('receive-ack');
    this.#ack = undefined;
  }

  onTimer(name: string): void {
    if (name === 'G') this.#feed('timer-G');
    else if (name === 'H') this.#feed('timer-H');
    else if (name === 'I') this.#feed('timer-I');
    else this.#feed('timer-L');
  }

  /** Ends without an answer. */
  abandon(): void {
    this.#feed('abandon');
  }

  #feed(event: InviteServerEvent): void {
    this.#take(stepInviteServer(this.state, event));
  }

  #take(step: Step<InviteServerState>): void {
    const ended = step.state === 'terminated' && this.state !== 'terminated';
    this.state = step.state;
    for (const effect of step.effects) {
      // The user may have ended it on hearing of an effect: no timer starts after that.
      if (this.state !== step.state) return;
      this.#perform(effect);
    }
    if (!ended) return;
    this.end.onTerminated(this);
    this.user?.onTerminated();
  }

  #perform(effect: TransactionEffect): void {
    const { wheel, timers } = this.context;
    switch (effect) {
      case 'send-response':
        if (this.#response !== undefined && this.context.send(this.flow, this.#response) === 'closed') {
          this.#feed('transport-error');
        }
        return;
      case 'report-transport-error':
        this.#outcome = 'closed';
        this.user?.onTransportError();
        return;
      case 'pass-ack':
        if (this.#ack !== undefined) this.user?.onAck(this.#ack.message, this.#ack.flow);
        return;
      case 'start-G':
        this.#retransmitMs = timerDelay('G', timers, this.flow.reliable) ?? 0;
        if (this.#retransmitMs > 0) this.#retransmit = wheel.start(this.#retransmitMs, this, 'G');
        return;
      case 'again-G':
        // RFC 3261 §17.2.1: G doubles up to T2.
        this.#retransmitMs = Math.min(this.#retransmitMs * 2, timers.t2);
        this.#retransmit = wheel.start(this.#retransmitMs, this, 'G');
        return;
      case 'stop-G': wheel.stop(this.#retransmit); return;
      case 'start-H': return this.#limitBy('H');
      case 'start-I': return this.#limitBy('I');
      case 'start-L': return this.#limitBy('L');
      case 'stop-H': case 'stop-I': case 'stop-L': wheel.stop(this.#limit); return;
      case 'report-timeout': this.user?.onTimeout(); return;
      default: return;
    }
  }

  #limitBy(name: TimerName): void {
    const delay = timerDelay(name, this.context.timers, this.flow.reliable) ?? 0;
    this.#limit = this.context.wheel.start(delay, this, name);
  }
}

export type ServerTransaction = InviteServerTransaction | NonInviteServerTransaction;
