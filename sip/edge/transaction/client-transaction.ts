import type { SipResponse } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import { ackForFailure } from './ack-for-failure.js';
import { inviteClientStart, stepInviteClient, type InviteClientEvent, type InviteClientState } from './invite-client.js';
import type { TransactionContext } from './layer-context.js';
import {
  nonInviteClientStart, stepNonInviteClient, type NonInviteClientEvent, type NonInviteClientState,
} from './non-invite-client.js';
import type { TransactionEffect } from './step.js';
import type { Timer, TimerOwner } from './timer-wheel.js';
import { timerDelay, type TimerName } from './timers.js';

/** Told by a client transaction what came back. */
export interface ClientTransactionUser {
  onResponse(response: SipResponse, flow: Flow): void;
  /** B or F fired (RFC 3261 §8.1.3.1: to be treated as 408). */
  onTimeout(): void;
  /** The transport refused (RFC 3261 §8.1.3.1: to be treated as 503). */
  onTransportError(): void;
}

export interface ClientTransactionEnd {
  onTerminated(transaction: ClientTransaction): void;
}

/** What both client transactions share: the retransmission timer (A or E) and the limit (B, D, M or F, K). */
abstract class ClientDriver implements TimerOwner {
  #retransmitMs = 0;
  #retransmit: Timer | undefined;
  #limit: Timer | undefined;
  protected latest: SipResponse | undefined;
  protected latestFlow: Flow;

  constructor(
    readonly key: string,
    /** The request as sent. */
    readonly request: string,
    readonly flow: Flow,
    protected readonly user: ClientTransactionUser,
    protected readonly context: TransactionContext,
    protected readonly end: ClientTransactionEnd,
    private readonly bytes = Buffer.from(request, 'latin1'),
  ) {
    this.latestFlow = flow;
  }

  abstract onTimer(name: string): void;
  protected abstract transportFailed(): void;

  protected perform(effect: TransactionEffect): void {
    const { wheel, timers } = this.context;
    switch (effect) {
      case 'send-request':
        if (this.context.send(this.flow, this.bytes) === 'closed') this.transportFailed();
        return;
      case 'send-ack':
        if (this.latest !== undefined) {
          this.context.send(this.flow, Buffer.from(ackForFailure(this.request, this.latest), 'latin1'));
        }
        return;
      case 'pass-response':
        if (this.latest !== undefined) this.user.onResponse(this.latest, this.latestFlow);
        return;
      case 'report-timeout': this.user.onTimeout(); return;
      case 'report-transport-error': this.user.onTransportError(); return;
      case 'start-A': this.#repeatBy('A'); return;
      case 'start-E': this.#repeatBy('E'); return;
      case 'again-A':
        // RFC 3261 §17.1.1.2: A doubles without limit; B ends it.
        this.#repeatAfter('A', this.#retransmitMs * 2);
        return;
      case 'again-E':
        // RFC 3261 §17.1.2.2: E doubles up to T2.
        this.#repeatAfter('E', Math.min(this.#retransmitMs * 2, timers.t2));
        return;
      case 'again-E-t2': this.#repeatAfter('E', timers.t2); return;
      case 'stop-A': case 'stop-E': wheel.stop(this.#retransmit); return;
      case 'stop-B': case 'stop-D': case 'stop-F': case 'stop-M': wheel.stop(this.#limit); return;
      case 'start-B': this.#limitBy('B'); return;
      case 'start-D': this.#limitBy('D'); return;
      case 'start-M': this.#limitBy('M'); return;
      case 'start-F': this.#limitBy('F'); return;
      case 'start-K': this.#limitBy('K'); return;
      default: return;
    }
  }

  #repeatBy(name: TimerName): void {
    const delay = timerDelay(name, this.context.timers, this.flow.reliable);
    if (delay !== undefined) this.#repeatAfter(name, delay);
  }

  #repeatAfter(name: TimerName, delayMs: number): void {
    this.#retransmitMs = delayMs;
    this.#retransmit = this.context.wheel.start(delayMs, this, name);
  }

  #limitBy(name: TimerName): void {
    const delay = timerDelay(name, this.context.timers, this.flow.reliable) ?? 0;
    this.#limit = this.context.wheel.start(delay, this, name);
  }
}

/** RFC 3261 §17.1.1 with RFC 6026, driven by `stepInviteClient`. */
export class InviteClientTransaction extends ClientDriver {
  readonly kind = 'invite';
  state: InviteClientState = inviteClientStart.state;

  start(): void {
    for (const effect of inviteClientStart.effects) {
      if (this.state !== 'terminated') this.perform(effect);
    }
  }

  onResponse(response: SipResponse, flow: Flow): void {
    this.latest = response;
    this.latestFlow = flow;
    this.#feed(response.status < 200 ? 'receive-1xx' : response.status < 300 ? 'receive-2xx' : 'receive-3xx-6xx');
  }

  onTimer(name: string): void {
    if (name === 'A') this.#feed('timer-A');
    else if (name === 'B') this.#feed('timer-B');
    else if (name === 'D') this.#feed('timer-D');
    else this.#feed('timer-M');
  }

  /** The connection the request went out on is gone. */
  onFlowClosed(): void {
    this.#feed('transport-error');
  }

  /** Forgets the transaction; later responses are stray. */
  abandon(): void {
    this.#feed('abandon');
  }

  protected override transportFailed(): void {
    this.#feed('transport-error');
  }

  #feed(event: InviteClientEvent): void {
    const step = stepInviteClient(this.state, event);
    const ended = step.state === 'terminated' && this.state !== 'terminated';
    this.state = step.state;
    if (ended) this.end.onTerminated(this);
    for (const effect of step.effects) {
      // An effect may have ended it (nothing could be sent, the user gave up): no timer starts after that.
      if (this.state !== step.state) return;
      this.perform(effect);
    }
  }
}

/** RFC 3261 §17.1.2, driven by `stepNonInviteClient`. */
export class NonInviteClientTransaction extends ClientDriver {
  readonly kind = 'non-invite';
  state: NonInviteClientState = nonInviteClientStart.state;

  start(): void {
    for (const effect of nonInviteClientStart.effects) {
      if (this.state !== 'terminated') this.perform(effect);
    }
  }

  onResponse(response: SipResponse, flow: Flow): void {
    this.latest = response;
    this.latestFlow = flow;
    this.#feed(response.status < 200 ? 'receive-1xx' : 'receive-final');
  }

  onTimer(name: string): void {
    if (name === 'E') this.#feed('timer-E');
    else if (name === 'F') this.#feed('timer-F');
    else this.#feed('timer-K');
  }

  /** The connection the request went out on is gone. */
  onFlowClosed(): void {
    this.#feed('transport-error');
  }

  protected override transportFailed(): void {
    this.#feed('transport-error');
  }

  #feed(event: NonInviteClientEvent): void {
    const step = stepNonInviteClient(this.state, event);
    const ended = step.state === 'terminated' && this.state !== 'terminated';
    this.state = step.state;
    if (ended) this.end.onTerminated(this);
    for (const effect of step.effects) {
      // An effect may have ended it (nothing could be sent, the user gave up): no timer starts after that.
      if (this.state !== step.state) return;
      this.perform(effect);
    }
  }
}

export type ClientTransaction = InviteClientTransaction | NonInviteClientTransaction;
