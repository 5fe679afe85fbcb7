import type { Path } from '../dialog/dispatch.js';
import type { EdgeContext } from '../dialog/edge-context.js';
import { sendToServers } from '../dialog/failover.js';
import { ownVia } from '../dialog/next-hop.js';
import { sendOwnCancel } from '../dialog/outgoing-cancel.js';
import { newBranch } from '../dialog/random-ids.js';
import { withTopVia } from '../syntax/compose.js';
import type { SipResponse } from '../syntax/message.js';
import type { ClientTransaction, ClientTransactionUser } from '../transaction/client-transaction.js';
import type { Timer, TimerOwner } from '../transaction/timer-wheel.js';
import type { Flow } from '../transport/transport.js';
import type { BranchEffect, BranchEvent } from './branch.js';

/** RFC 3261 §16.6 step 11: C is more than three minutes. */
export const TIMER_C_MS = 185_000;

/** Told by a branch; `status` as in `SetEvent`. */
export interface BranchUser {
  onBranch(event: BranchEvent, status?: number): void;
  /** Every response, before `onBranch` hears of it. */
  onBranchResponse(response: SipResponse, flow: Flow): void;
}

/** One target of a proxied request on the wire: its client transaction and its timers. */
export class TargetBranch implements ClientTransactionUser, TimerOwner {
  /** The last one. */
  response: SipResponse | undefined;
  #transaction: ClientTransaction | undefined;
  #provisional: Timer | undefined;
  #c: Timer | undefined;
  #guard: Timer | undefined;

  constructor(
    private readonly context: EdgeContext,
    private readonly user: BranchUser,
    private readonly request: {
      readonly method: string;
      /** Undefined: it cannot be reached at all. */
      readonly path: Path | undefined;
      /** The request without our Via, as it goes out by this flow. */
      readonly compose: (flow: Flow) => string;
      /** Of the request as it goes out, in bytes, about. */
      readonly size: number;
      readonly provisionalMs: number | undefined;
      /** Asked when a connection stands: the search may have ended meanwhile. */
      readonly isWanted: () => boolean;
    },
  ) {}

  perform(effect: Exclude<BranchEffect, 'forward' | 'tell-success' | 'tell-failure'>): void {
    const { wheel, timers } = this.context;
    switch (effect) {
      case 'send-request': return this.#send();
      case 'send-cancel': return this.#cancel();
      case 'abandon':
        if (this.#transaction?.kind === 'invite') this.#transaction.abandon();
        return;
      case 'start-provisional':
        if (this.request.provisionalMs !== undefined) this.#provisional = wheel.start(this.request.provisionalMs, this, 'provisional');
        return;
      case 'stop-provisional': return wheel.stop(this.#provisional);
      case 'start-C':
        // RFC 3261 §16.6 step 11: for INVITE only; F limits all others.
        if (this.request.method !== 'INVITE') return;
        wheel.stop(this.#c);
        this.#c = wheel.start(TIMER_C_MS, this, 'C');
        return;
      case 'stop-C': return wheel.stop(this.#c);
      case 'start-guard':
        this.#guard = wheel.start(64 * timers.t1, this, 'guard');
        return;
      case 'stop-guard': return wheel.stop(this.#guard);
    }
  }

  onResponse(response: SipResponse, flow: Flow): void {
    const { status } = response;
    this.context.counters.count(`responses-in ${this.request.method} ${status}`);
    this.response = response;
    this.user.onBranchResponse(response, flow);
    if (status === 100) this.user.onBranch('receive-100');
    else if (status < 200) this.user.onBranch('receive-1xx');
    else if (status < 300) this.user.onBranch('receive-2xx');
    else this.user.onBranch('receive-failure', status);
  }

  onTimeout(): void {
    this.user.onBranch('no-answer', 408);
  }

  onTransportError(): void {
    // RFC 3261 §16.9: as if it had answered 503.
    this.user.onBranch('no-answer', 503);
  }

  onTimer(name: string): void {
    if (name === 'C') this.user.onBranch('timer-C');
    else if (name === 'guard') this.user.onBranch('timer-guard');
    else this.user.onBranch('timer-provisional');
  }

  #send(): void {
    const { context, request } = this;
    if (request.path === undefined) return this.onTransportError();
    const { method, path } = request;
    if (path.kind === 'target') {
      sendToServers(context, {
        method, path, size: request.size, user: this,
        compose: (flow) => request.compose(flow),
        onFlow: () => request.isWanted(),
        onStarted: (transaction) => {
          this.#transaction = transaction;
        },
        onMovingOn: () => {
          this.#transaction = undefined;
        },
        onFault: () => this.onTransportError(),
      });
      return;
    }
    const branch = newBranch();
    const text = withTopVia(request.compose(path.flow), `Via: ${ownVia(path.flow, branch)}`);
    context.counters.count(`requests-out ${method}`);
    this.#transaction = context.transactions.startClient(method, branch, text, path.flow, this);
  }

  #cancel(): void {
    // RFC 3261 §9.1: nothing but INVITE is cancelled.
    if (this.#transaction?.kind === 'invite') sendOwnCancel(this.context, this.#transaction);
  }
}
