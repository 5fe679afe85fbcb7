import { randomUUID } from 'node:crypto';
import type { SipRequest, SipResponse } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import {
  InviteClientTransaction, NonInviteClientTransaction, type ClientTransaction, type ClientTransactionUser,
} from './client-transaction.js';
import type { TransactionContext } from './layer-context.js';
import {
  InviteServerTransaction, NonInviteServerTransaction, type ServerTransaction,
} from './server-transaction.js';
import { timerDelay } from './timers.js';
import { clientKey, serverKey } from './transaction-key.js';

/** What stays of an answered non-INVITE request (the `completed` state of RFC 3261 Figure 8). */
interface AnsweredRequest {
  readonly response: Buffer;
  readonly flow: Flow;
  readonly forgetAt: number;
}

export interface TransactionLimits {
  /** Unanswered incoming transactions; above it new requests get 503. */
  readonly maxActive: number;
  /** Answered ones kept for retransmissions; the oldest go first. */
  readonly maxAnswered: number;
}

export const defaultTransactionLimits: TransactionLimits = { maxActive: 100_000, maxAnswered: 400_000 };

/** The layer above: request handling. */
export interface TransactionUser {
  onRequest(transaction: ServerTransaction): void;
  /** An ACK that belongs to no transaction waiting for one: it acknowledges a 2xx (RFC 3261 §13.3.1.4). */
  onAck(ack: SipRequest, flow: Flow): void;
  /**
   * Whether a new request gets a transaction; where not, it has been answered without one, or not at all.
   * @param full there are as many transactions as there may be
   */
  admits(request: SipRequest, flow: Flow, full: boolean): boolean;
  /** A response no client transaction waits for (RFC 3261 §18.1.2). */
  onStrayResponse(response: SipResponse, flow: Flow): void;
}

/** Matches messages to transactions (RFC 3261 §17.1.3, §17.2.3) and owns the tables. */
export class TransactionLayer {
  readonly #active = new Map<string, ServerTransaction>();
  /** In order of answering, so the oldest is the first entry: all stay equally long. */
  readonly #answered = new Map<string, AnsweredRequest>();
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #answeredStayMs: number;

  constructor(
    readonly context: TransactionContext,
    private readonly user: TransactionUser,
    private readonly limits: TransactionLimits = defaultTransactionLimits,
  ) {
    this.#answeredStayMs = timerDelay('J', context.timers, false) ?? 0;
  }

  get sizes(): { readonly active: number; readonly answered: number; readonly clients: number } {
    return { active: this.#active.size, answered: this.#answered.size, clients: this.#clients.size };
  }

  receiveRequest(request: SipRequest, flow: Flow): void {
    const key = serverKey(request);
    const known = this.#active.get(key);
    if (known !== undefined) {
      if (request.method !== 'ACK') known.onRetransmission();
      else if (known.kind === 'invite') known.onAck(request, flow);
      return;
    }
    if (request.method === 'ACK') {
      this.user.onAck(request, flow);
      return;
    }
    const answered = this.#answered.get(key);
    if (answered !== undefined) {
      // stepNonInviteServer('completed', 'receive-request'): the response again, on the flow it went out by.
      this.context.send(answered.flow, answered.response);
      return;
    }
    if (!this.user.admits(request, flow, this.#active.size >= this.limits.maxActive)) return;
    const transaction = request.method === 'INVITE'
      ? new InviteServerTransaction(randomUUID(), key, request, flow, this.context.wheel.now, this.context, this)
      : new NonInviteServerTransaction(randomUUID(), key, request, flow, this.context.wheel.now, this.context, this);
    this.#active.set(key, transaction);
    this.user.onRequest(transaction);
  }

  receiveResponse(response: SipResponse, flow: Flow): void {
    const transaction = this.#clients.get(clientKey(response));
    if (transaction === undefined) this.user.onStrayResponse(response, flow);
    else transaction.onResponse(response, flow);
  }

  /** The INVITE a CANCEL refers to (RFC 3261 §9.2). */
  inviteOf(cancel: SipRequest): InviteServerTransaction | undefined {
    const found = this.#active.get(serverKey(cancel, 'INVITE'));
    return found?.kind === 'invite' ? found : undefined;
  }

  /** Unanswered incoming transactions, oldest first. */
  active(): Iterable<ServerTransaction> {
    return this.#active.values();
  }

  /**
   * Sends a request in a transaction of its own.
   * @param branch the branch of its top Via, used by no other request
   */
  startClient(method: string, branch: string, request: string, flow: Flow, user: ClientTransactionUser): ClientTransaction {
    const key = `${branch}|${method}`;
    const transaction = method === 'INVITE'
      ? new InviteClientTransaction(key, request, flow, user, this.context, this)
      : new NonInviteClientTransaction(key, request, flow, user, this.context, this);
    this.#clients.set(key, transaction);
    transaction.start();
    return transaction;
  }

  /** A connection ended: what was sent on it and is unanswered has failed (RFC 3261 §17.1.4). */
  onFlowClosed(flow: Flow): void {
    for (const transaction of [...this.#clients.values()]) {
      if (transaction.flow.id === flow.id) transaction.onFlowClosed();
    }
  }

  /** Forgets answered requests whose time J is over; called once a tick. */
  sweep(): void {
    const { now } = this.context.wheel;
    for (const [key, entry] of this.#answered) {
      if (entry.forgetAt > now && this.#answered.size <= this.limits.maxAnswered) return;
      this.#answered.delete(key);
    }
  }

  onAnswered(transaction: NonInviteServerTransaction, response: Buffer): void {
    this.#forget(transaction);
    // RFC 3261 §17.2.2: J is zero on reliable transports, there are no retransmissions to answer.
    if (transaction.flow.reliable) return;
    this.#answered.set(transaction.key, {
      response, flow: transaction.flow, forgetAt: this.context.wheel.now + this.#answeredStayMs,
    });
  }

  onTerminated(transaction: ServerTransaction | ClientTransaction): void {
    if ('id' in transaction) this.#forget(transaction);
    else this.#clients.delete(transaction.key);
  }

  #forget(transaction: ServerTransaction): void {
    this.#active.delete(transaction.key);
  }
}
