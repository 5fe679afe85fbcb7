import { answer, latin1 } from '../dialog/answer.js';
import type { Application } from '../dialog/application.js';
import type { EdgeContext } from '../dialog/edge-context.js';
import { reportedProtocol } from '../dialog/next-hop.js';
import { newTag } from '../dialog/random-ids.js';
import { withoutEscapedNames } from '../syntax/compose.js';
import type { SipRequest, SipResponse } from '../syntax/message.js';
import type { InviteServerUser, NonInviteServerTransaction, ServerTransaction } from '../transaction/server-transaction.js';
import type { Flow } from '../transport/transport.js';
import { bestResponse } from './best-response.js';
import { newBranchSet, stepBranchSet, type Branch, type BranchSet, type SetEffect, type SetEvent } from './branch-set.js';
import { forwardedResponse } from './forwarded-response.js';
import { VIA_BYTES } from './reach.js';
import { redirectTargets } from './redirect-targets.js';
import { relayRequest } from './relay.js';
import { TargetBranch } from './target-branch.js';

/** While nothing but a 100 came back, another server of the target may be tried. */
const WANTED: ReadonlySet<Branch['state']> = new Set(['calling', 'proceeding']);

export interface ProxyOrder {
  readonly messageId: string;
  /** The application wants every final response. */
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  readonly provisionalMs: number | undefined;
  /** SIP URIs. */
  readonly targets: readonly string[];
  /** The request without our Via. @param redirected the target becomes the Request-URI */
  readonly compose: (target: string, redirected: boolean, towards: Flow) => string;
}

/** A request an application had proxied: from its order to the last response (RFC 3261 §16). */
export class ProxiedRequest implements InviteServerUser {
  #set: BranchSet;
  readonly #branches = new Map<number, TargetBranch>();
  readonly #events: SetEvent[] = [];
  #stepping = false;
  #finished = false;
  readonly #localTag = newTag();

  constructor(
    private readonly context: EdgeContext,
    private readonly app: Application,
    private readonly transaction: ServerTransaction,
    private readonly order: ProxyOrder,
    /** Where a target leads. */
    private readonly pathTo: (target: string) => ConstructorParameters<typeof TargetBranch>[2]['path'],
  ) {
    this.#set = newBranchSet(order.simultaneous ? 'simultaneous' : 'serial', order.targets);
    if (transaction.kind === 'invite') transaction.user = this;
  }

  begin(): void {
    this.#feed({ kind: 'begin' });
    if (!this.order.fullResponse) this.app.proxyDone(this.order.messageId);
  }

  /**
   * RFC 3261 §16.10: 200 at once, CANCEL to the targets.
   * Deviation: drachtio-server answers 487 by itself; here the caller gets the targets' final response where one rang, and
   * the edge's own 487 only when none did.
   */
  onCancel(cancel: NonInviteServerTransaction): void {
    answer(cancel, 200, 'OK', { toTag: this.#localTag });
    this.#feed({ kind: 'cancel' });
  }

  /** An ACK for a 2xx on the branch of its INVITE: clients of RFC 2543 do that. */
  onAck(ack: SipRequest, flow: Flow): void {
    relayRequest(this.context, ack, flow);
  }

  onTransportError(): void {
    this.context.log.info('response-not-sent', { method: 'INVITE' });
  }

  onTimeout(): void {
    this.context.log.info('no-ack', { method: 'INVITE' });
  }

  onTerminated(): void {
    // The branches end by themselves.
  }

  /** One at a time: a branch may fail while the step that started it is still being performed. */
  #feed(event: SetEvent): void {
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
        const step = stepBranchSet(this.#set, next);
        this.#set = step.set;
        for (const effect of step.effects) this.#perform(effect);
      }
    } finally {
      this.#stepping = false;
    }
  }

  #perform(effect: SetEffect): void {
    if (effect.kind === 'answer-best') return this.#answerBest(effect.canceled);
    if (effect.kind === 'finish') return this.#finish();
    const branch = this.#branch(effect.id);
    if (effect.effect === 'forward') {
      if (branch.response !== undefined) this.#forward(branch.response);
      return;
    }
    branch.perform(effect.effect);
  }

  #branch(id: number): TargetBranch {
    const known = this.#branches.get(id);
    if (known !== undefined) return known;
    const facts = this.#facts(id);
    const target = facts?.target ?? '';
    const branch = new TargetBranch(this.context, {
      onBranch: (event, status) => {
        const redirects = status !== undefined && status < 400 ? this.#redirects(id) : [];
        this.#feed({ kind: 'branch', id, event, redirects, ...(status === undefined ? {} : { status }) });
      },
      onBranchResponse: (response, flow) => this.#report(response, flow),
    }, {
      method: this.transaction.request.method,
      path: this.pathTo(target),
      compose: (flow) => this.order.compose(target, facts?.redirected ?? false, flow),
      // Our Record-Routes come to it too.
      size: this.transaction.request.raw.length + 3 * VIA_BYTES,
      provisionalMs: this.order.provisionalMs,
      isWanted: () => WANTED.has(this.#facts(id)?.state ?? 'skipped'),
    });
    this.#branches.set(id, branch);
    return branch;
  }

  #facts(id: number): Branch | undefined {
    return this.#set.branches.find((branch) => branch.id === id);
  }

  #redirects(id: number): readonly string[] {
    const response = this.#branches.get(id)?.response;
    return this.order.followRedirects && response !== undefined ? redirectTargets(response) : [];
  }

  #forward(response: SipResponse): void {
    this.#send(response.status, forwardedResponse(this.transaction.request, response));
  }

  #answerBest(canceled: boolean): void {
    const { branches } = this.#set;
    const best = branches[bestResponse(branches.map((branch) => branch.status))];
    const response = best === undefined ? undefined : this.#finalOf(best);
    const { request } = this.transaction;
    // RFC 3261 §16.7 step 6: a 503 speaks of one target only.
    if (best?.status === 503) return this.#own(500, 'Server Internal Error');
    if (response === undefined) return canceled ? this.#own(487, 'Request Terminated') : this.#own(408, 'Request Timeout');
    const isChallenge = response.status === 401 || response.status === 407;
    const others = isChallenge ? branches.filter((branch) => branch !== best && (branch.status === 401 || branch.status === 407)) : [];
    const challenges = others.flatMap((branch) => this.#finalOf(branch) ?? []);
    this.#send(response.status, forwardedResponse(request, response, challenges));
  }

  /** The response a branch's status comes from; undefined when that stands for silence. */
  #finalOf(branch: Branch): SipResponse | undefined {
    const response = this.#branches.get(branch.id)?.response;
    return response !== undefined && response.status === branch.status ? response : undefined;
  }

  #own(status: number, reason: string): void {
    this.context.counters.count(`responses-out ${this.transaction.request.method} ${status}`);
    answer(this.transaction, status, reason, { toTag: this.#localTag });
  }

  #send(status: number, text: string): void {
    const { transaction, context } = this;
    context.counters.count(`responses-out ${transaction.request.method} ${status}`);
    const outcome = transaction.respond(status, latin1(text));
    // RFC 3261 §16.7 step 10: a 2xx to INVITE goes up even when another final response went before.
    if (outcome === 'ignored' && transaction.kind === 'invite' && status >= 200 && status < 300) context.transport.send(transaction.flow, text);
  }

  /** drachtio wire protocol §4: each final response until the request has its own. */
  #report(response: SipResponse, flow: Flow): void {
    if (response.status < 200 || this.#finished || !this.order.fullResponse) return;
    this.app.proxyResponse(this.order.messageId, {
      bytes: response.raw.length, protocol: reportedProtocol(flow), address: flow.remote.address, port: flow.remote.port,
      text: withoutEscapedNames(response),
    });
  }

  #finish(): void {
    this.#finished = true;
    if (this.order.fullResponse) this.app.proxyDone(this.order.messageId);
  }
}
