import { withTopVia } from '../syntax/compose.js';
import type { SipResponse } from '../syntax/message.js';
import type { ClientTransaction, ClientTransactionUser } from '../transaction/client-transaction.js';
import type { ConnectTarget, Flow } from '../transport/transport.js';
import type { ServerPath } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { ownVia } from './next-hop.js';
import { newBranch } from './random-ids.js';
import { connectTo, serversOf } from './reach-server.js';
import type { Candidate } from './server-order.js';

/** Servers one request is sent to; connections that are refused do not count. */
const MAX_TRIED = 4;

/** A request for a server that may be several. */
export interface Sending {
  readonly method: string;
  readonly path: ServerPath;
  /** Of the request with Via, in bytes, as far as it can be told before. */
  readonly size: number;
  /** The request without our Via. @param insteadOfUdp it goes by TCP only because of its size */
  compose(flow: Flow, insteadOfUdp: boolean): string;
  /** Told the final outcome only. */
  readonly user: ClientTransactionUser;
  /** Asked before each attempt. @returns false when the request is not wanted any more */
  onFlow(text: string, flow: Flow): boolean;
  /** At each attempt: CANCEL goes to the last one. */
  onStarted(transaction: ClientTransaction): void;
  /** The attempt has failed, another server is tried: nothing of it can be canceled. */
  onMovingOn(): void;
  /** No server could be reached at all. */
  onFault(): void;
}

/**
 * Sends a request to the servers of its path until one takes it (RFC 3263 §4.3): a transport error, no answer in time and
 * a 503 lead to the next one, in a new transaction.
 */
export function sendToServers(context: EdgeContext, sending: Sending): void {
  new ServerSearch(context, sending).begin();
}

class ServerSearch {
  #candidates: readonly Candidate[] = [];
  #tried = 0;
  #current: Attempt | undefined;
  /** Tells what the last attempt came to. */
  #outcome: (() => void) | undefined;

  constructor(private readonly context: EdgeContext, private readonly sending: Sending) {}

  begin(): void {
    this.#guarded(async () => {
      this.#candidates = await serversOf(this.context, this.sending.path, this.sending.size);
      await this.#next();
    });
  }

  /** Whether an attempt that failed may be followed by another. */
  get hasNext(): boolean {
    return this.#candidates.length > 0 && this.#tried < MAX_TRIED;
  }

  isCurrent(attempt: Attempt): boolean {
    return this.#current === attempt;
  }

  /** The server of a large request that went by TCP has spoken: UDP to the same one adds nothing. */
  leaveOut({ host, port }: ConnectTarget): void {
    this.#candidates = this.#candidates.filter(({ target }) => target.host !== host || target.port !== port);
  }

  /** @param outcome tells the user, unless another server does better */
  moveOn(outcome: () => void): void {
    this.#current = undefined;
    this.#outcome = outcome;
    this.sending.onMovingOn();
    this.context.counters.count('requests-failed-over');
    this.#guarded(() => this.#next());
  }

  /** Connects to the next server and sends; tells the outcome when there is none. */
  async #next(): Promise<void> {
    while (this.hasNext) {
      const [candidate, ...others] = this.#candidates;
      this.#candidates = others;
      if (candidate === undefined) break;
      let flow: Flow;
      try {
        flow = await connectTo(this.context, candidate);
      } catch (fault) {
        this.context.log.info('server-not-reached', { method: this.sending.method, reason: String(fault) });
        continue;
      }
      return this.#send(candidate, flow);
    }
    this.#end();
  }

  #send(candidate: Candidate, flow: Flow): void {
    const { context, sending } = this;
    // RFC 3263 §4.3, RFC 3261 §18.1.1: a new transaction with a branch of its own, and the Via of this transport.
    const branch = newBranch();
    const text = withTopVia(sending.compose(flow, candidate.insteadOfUdp), `Via: ${ownVia(flow, branch)}`);
    if (!sending.onFlow(text, flow)) {
      this.#outcome?.();
      return;
    }
    this.#tried += 1;
    context.counters.count(`requests-out ${sending.method}`);
    const attempt = new Attempt(context, this, sending, candidate);
    this.#current = attempt;
    const transaction = context.transactions.startClient(sending.method, branch, text, flow, attempt);
    sending.onStarted(transaction);
    attempt.onBegun();
  }

  #end(): void {
    if (this.#outcome === undefined) this.sending.onFault();
    else this.#outcome();
  }

  #guarded(run: () => Promise<void>): void {
    run().catch((fault: unknown) => {
      this.context.log.info('request-not-sent', { method: this.sending.method, reason: String(fault) });
      this.#end();
    }).catch((bug: unknown) => {
      this.context.counters.count('faults');
      this.context.log.error('edge-fault', { where: 'sending', error: bug instanceof Error ? (bug.stack ?? bug.message) : String(bug) });
    });
  }
}

/** One transaction with one server. */
class Attempt implements ClientTransactionUser {
  /** Something came back that the user has seen: from here on this server is the one. */
  #settled = false;
  /** A failure before the transaction was known to the user waits for that. */
  #begun = false;
  #early: (() => void) | undefined;

  constructor(
    private readonly context: EdgeContext,
    private readonly search: ServerSearch,
    private readonly sending: Sending,
    private readonly candidate: Candidate,
  ) {}

  onBegun(): void {
    this.#begun = true;
    this.#early?.();
  }

  onResponse(response: SipResponse, flow: Flow): void {
    const tell = (): void => this.sending.user.onResponse(response, flow);
    if (response.status === 503 && !this.#settled) {
      // RFC 3263 §4.3: a 503 is this server's failure, not the request's.
      this.context.servers.failed(this.candidate.target, Number.parseInt(response.first('retry-after') ?? '', 10));
      if (this.candidate.insteadOfUdp) this.search.leaveOut(this.candidate.target);
      if (this.search.hasNext) this.context.counters.count(`responses-in ${this.sending.method} 503`);
      this.#failed(tell);
      return;
    }
    if (response.status > 100) {
      this.#settled = true;
      this.context.servers.answered(this.candidate.target);
    }
    if (this.search.isCurrent(this)) tell();
  }

  onTimeout(): void {
    this.#lost(() => this.sending.user.onTimeout());
  }

  onTransportError(): void {
    this.#lost(() => this.sending.user.onTransportError());
  }

  #lost(tell: () => void): void {
    if (!this.#settled) this.context.servers.failed(this.candidate.target);
    this.#failed(tell);
  }

  #failed(tell: () => void): void {
    if (!this.#begun) {
      this.#early ??= () => this.#failed(tell);
      return;
    }
    if (!this.search.isCurrent(this)) return;
    if (this.#settled || !this.search.hasNext) {
      this.#settled = true;
      tell();
    } else {
      this.search.moveOn(tell);
    }
  }
}
