import type { SipRequest, SipResponse } from '../syntax/message.js';
import { splitComma } from '../syntax/lists.js';
import { parseContacts } from '../syntax/name-addr.js';
import { isEmergencyUri } from '../protection/emergency.js';
import { composeOverload } from '../protection/refusal.js';
import { spammerAction } from '../protection/spammers.js';
import { ProxiedRequest } from '../proxy/proxied-request.js';
import { relayRequest, relayResponse } from '../proxy/relay.js';
import type { InviteServerTransaction, NonInviteServerTransaction, ServerTransaction } from '../transaction/server-transaction.js';
import type { TransactionUser } from '../transaction/transaction-layer.js';
import type { Flow } from '../transport/transport.js';
import { ALLOWED_METHODS, answer } from './answer.js';
import type { EdgeContext } from './edge-context.js';
import { handOver } from './hand-over.js';
import { receiveInDialog } from './incoming-in-dialog.js';
import { PlainRequest } from './plain-request.js';
import { ServerInvite } from './server-invite.js';

/** What becomes of a request outside every dialog (drachtio wire protocol §7.6f). */
type OutsideDialog = 'application' | 'no-such-dialog' | 'not-allowed';

const OUTSIDE_DIALOG: ReadonlyMap<string, OutsideDialog> = new Map([
  ['INVITE', 'application'], ['REGISTER', 'application'], ['MESSAGE', 'application'], ['OPTIONS', 'application'],
  ['INFO', 'application'], ['NOTIFY', 'application'], ['SUBSCRIBE', 'application'], ['PUBLISH', 'application'],
  ['BYE', 'no-such-dialog'], ['UPDATE', 'no-such-dialog'], ['PRACK', 'no-such-dialog'],
  // Deviation: drachtio-server discards REFER and unknown methods without a word; RFC 3261 §8.2.1 wants a 405.
  ['REFER', 'not-allowed'],
]);

/** With a To tag that names no dialog, these are refused rather than taken for new ones (RFC 3261 §12.2.2). */
const ONLY_IN_DIALOG: ReadonlySet<string> = new Set(['INVITE', 'BYE', 'UPDATE', 'PRACK', 'REFER']);

/** Requests from the network, in the order of drachtio wire protocol §7. */
export class IncomingRequests implements TransactionUser {
  /** Call-ID, From tag and CSeq of requests under way, against the same request coming by two ways. */
  readonly #underWay = new Map<string, ServerTransaction>();

  constructor(private readonly context: () => EdgeContext) {}

  onRequest(transaction: ServerTransaction): void {
    const context = this.context();
    const { request } = transaction;
    // Methods are the peer's to invent, counters are not.
    context.counters.count(`requests-in ${request.method}`);
    if (transaction.kind === 'non-invite' && request.method === 'CANCEL') return this.#cancel(context, transaction);
    if (request.toTag !== undefined) {
      const dialog = context.dialogs.find(request.callId, request.toTag, request.fromTag ?? '');
      if (dialog !== undefined) return receiveInDialog(context, transaction, dialog, () => this.#toApplication(context, transaction));
      if (this.#relay(context, transaction)) return;
      if (ONLY_IN_DIALOG.has(request.method)) {
        if (transaction.kind === 'invite') answer(transaction, 100, 'Trying');
        answer(transaction, 481, 'Call/Transaction Does Not Exist');
        return;
      }
    } else if (this.#isMerged(transaction)) {
      // RFC 3261 §8.2.2.2: the same request by two ways is answered once.
      answer(transaction, 482, 'Loop Detected');
      return;
    }
    this.#outsideDialog(context, transaction);
  }

  onAck(ack: SipRequest, flow: Flow): void {
    const context = this.context();
    context.counters.count('requests-in ACK');
    const dialog = context.dialogs.find(ack.callId, ack.toTag ?? '', ack.fromTag ?? '');
    if (dialog?.served instanceof ServerInvite) dialog.served.onAck(ack, flow);
    else if (dialog === undefined) relayRequest(context, ack, flow);
  }

  admits(request: SipRequest, flow: Flow, full: boolean): boolean {
    const context = this.context();
    const verdict = context.protection.admits(request, flow, full);
    if (verdict === 'refuse') context.transport.send(flow, composeOverload(request));
    return verdict === 'pass';
  }

  onStrayResponse(response: SipResponse): void {
    if (relayResponse(this.context(), response)) return;
    // RFC 3261 §18.1.2: a response without transaction is not for us.
    this.context().counters.count(`stray-responses ${response.status}`);
  }

  /** Forgets requests that are no longer under way, and those their application forgot. */
  sweep(now: number): void {
    const context = this.context();
    for (const [key, transaction] of this.#underWay) {
      if (transaction.state === 'terminated' || transaction.state === 'completed' || transaction.state === 'confirmed') {
        this.#underWay.delete(key);
      }
    }
    const { t1 } = context.timers;
    for (const transaction of context.transactions.active()) {
      const age = now - transaction.startedAt;
      // BYE waits 64*T1, others twice that (drachtio wire protocol §7.6k, §8.5).
      if (age < 64 * t1) return;
      const waiting = context.requests.get(transaction.id);
      if (waiting instanceof PlainRequest) {
        if (transaction.request.method === 'BYE') waiting.expire(500);
        else if (age >= 128 * t1) waiting.expire(undefined);
      } else if (waiting instanceof ServerInvite) {
        if (age >= 128 * t1) waiting.onUnanswered();
      } else if (transaction.kind === 'non-invite' && age >= 128 * t1) {
        transaction.abandon();
      }
    }
  }

  #isMerged(transaction: ServerTransaction): boolean {
    const { request } = transaction;
    // A registrar's answer to the second copy is the same as to the first.
    if (request.method === 'REGISTER' || request.fromTag === undefined) return false;
    const key = `${request.callId}|${request.fromTag}|${request.cseq.number} ${request.method}`;
    const first = this.#underWay.get(key);
    if (first !== undefined && first.state !== 'terminated') return true;
    this.#underWay.set(key, transaction);
    return false;
  }

  #cancel(context: EdgeContext, cancel: NonInviteServerTransaction): void {
    const invite = context.transactions.inviteOf(cancel.request);
    if (invite?.user instanceof ServerInvite || invite?.user instanceof ProxiedRequest) invite.user.onCancel(cancel);
    else if (!this.#relay(context, cancel)) answer(cancel, 481, 'Call/Transaction Does Not Exist');
  }

  /** A dialog we stayed in as a proxy. @returns false when it is none of those */
  #relay(context: EdgeContext, transaction: ServerTransaction): boolean {
    switch (relayRequest(context, transaction.request, transaction.flow)) {
      case 'not-ours': return false;
      case 'relayed': transaction.abandon(); return true;
      case 'too-many-hops': answer(transaction, 483, 'Too Many Hops'); return true;
      case 'unroutable': answer(transaction, 404, 'Not Found'); return true;
    }
  }

  #outsideDialog(context: EdgeContext, transaction: ServerTransaction): void {
    const { request } = transaction;
    switch (OUTSIDE_DIALOG.get(request.method) ?? 'not-allowed') {
      case 'no-such-dialog':
        answer(transaction, 481, 'Call/Transaction Does Not Exist');
        return;
      case 'not-allowed':
        answer(transaction, 405, 'Method Not Allowed', { headers: [['Allow', ALLOWED_METHODS]] });
        return;
      case 'application': {
        const problem = request.method === 'REGISTER' ? registerProblem(request) : undefined;
        if (problem !== undefined) answer(transaction, 400, problem);
        else this.#toApplication(context, transaction);
      }
    }
  }

  #toApplication(context: EdgeContext, transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    // Call policy rule 1: a call for help is taken as long as anything is.
    if (context.draining && !isEmergencyUri(request.uri, context.protection.emergencyUsers)) {
      answer(transaction, 503, 'Service Unavailable', { headers: [['Retry-After', '10']] });
      return;
    }
    const spammer = spammerAction(request, flow.reliable, context.spammers);
    if (spammer !== undefined) {
      context.counters.count(`spammers ${spammer}`);
      context.protection.spammed(request, flow);
      if (spammer === 'reject') answer(transaction, 603, 'Decline');
      else transaction.abandon();
      return;
    }
    // RFC 3261 §17.2.1: 100 at once, so that the peer stops repeating while the application thinks.
    if (transaction.kind === 'invite') answer(transaction, 100, 'Trying');
    const app = context.applications.choose(request.method.toLowerCase());
    if (app === undefined) {
      context.counters.count('no-application');
      answer(transaction, 503, 'Service Unavailable');
      return;
    }
    if (context.earlyChallenge.answers(transaction)) {
      context.counters.count(`responses-out ${request.method} 401`);
      return;
    }
    if (transaction.kind === 'invite') this.#newInvite(context, transaction, app);
    else {
      const { protection, wheel } = context;
      const forget = (): void => {
        context.requests.delete(transaction.id);
        protection.application.answered(transaction.id, wheel.now);
      };
      protection.application.asked(transaction.id, wheel.now);
      context.requests.set(transaction.id, new PlainRequest(context, transaction, app, undefined, transaction.id, forget));
    }
    handOver(app, request, flow, { transactionId: transaction.id, dialogId: '', withReceivedOn: true });
  }

  #newInvite(context: EdgeContext, transaction: InviteServerTransaction, app: ServerInvite['app']): void {
    context.requests.set(transaction.id, new ServerInvite(context, transaction, app, undefined));
  }
}

/**
 * RFC 3261 §10.3 step 6; the syntax of Contact was checked by the parser.
 * @returns the reason phrase of the 400, undefined when all is well
 */
function registerProblem(request: SipRequest): string | undefined {
  if (!request.hasContact) return undefined;
  const values = request.all('contact');
  if (!values.some((value) => value.includes('*') && splitComma(value).includes('*'))) return undefined;
  return request.first('expires') === '0' && parseContacts(values)?.kind === 'all' ? undefined : 'Invalid Contact Or Expires';
}
