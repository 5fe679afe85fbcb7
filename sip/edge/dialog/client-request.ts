import type { SipResponse } from '../syntax/message.js';
import type { ClientTransactionUser } from '../transaction/client-transaction.js';
import type { Flow } from '../transport/transport.js';
import type { Application } from './application.js';
import { contactUri, type Dialog } from './dialog.js';
import type { EdgeContext } from './edge-context.js';
import { handOver, handOverOwnResponse, ownResponse } from './hand-over.js';
import { endsSubscription } from './incoming-in-dialog.js';
import { watchAsUac } from './session-timer.js';
import { dialogOfResponse } from './uac-dialog.js';

/** What is known of a request an application sends, before anything came back. */
export interface ClientRequestFacts {
  readonly method: string;
  readonly transactionId: string;
  /** Shown with the responses; '' outside dialogs. */
  readonly dialogId: string;
  readonly callId: string;
  /** The From as sent, tag included. */
  readonly local: string;
  readonly localTag: string;
  readonly cseq: number;
  readonly uri: string;
  /** The value of Subscription-State, for NOTIFY. */
  readonly subscriptionState?: string | undefined;
}

/** A request other than INVITE that an application sends: its responses go back to it. */
export class ClientRequest implements ClientTransactionUser {
  /** As composed, for responses the edge has to make itself. */
  text = '';

  constructor(
    private readonly context: EdgeContext,
    readonly app: Application,
    readonly facts: ClientRequestFacts,
    private readonly dialog: Dialog | undefined,
  ) {}

  onResponse(response: SipResponse, flow: Flow): void {
    const { facts, app } = this;
    this.context.counters.count(`responses-in ${facts.method} ${response.status}`);
    if (response.status === 100) return;
    if (response.status >= 200 && response.status < 300) this.#succeeded(response, flow);
    if (!app.closed) handOver(app, response, flow, { transactionId: facts.transactionId, dialogId: facts.dialogId });
    if (response.status >= 200) this.#endDialog(response.status);
  }

  onTimeout(): void {
    this.#failed(408, 'Request Timeout');
  }

  onTransportError(): void {
    this.#failed(503, 'Service Unavailable');
  }

  #failed(status: number, reason: string): void {
    if (!this.app.closed) {
      handOverOwnResponse(this.app, ownResponse(this.text, status, reason), this.facts.transactionId, this.facts.dialogId);
    }
    this.#endDialog(status);
  }

  #endDialog(status: number): void {
    const { dialog, facts } = this;
    if (dialog === undefined) return;
    // drachtio wire protocol §9.5: with 401 and 407 the application tries again.
    if (facts.method === 'BYE' && status !== 401 && status !== 407) this.context.dialogs.apply(dialog, 'bye-answered');
    if (facts.method === 'NOTIFY' && dialog.method === 'SUBSCRIBE' && endsSubscription(facts.subscriptionState)) {
      this.context.dialogs.apply(dialog, 'subscription-over');
    }
  }

  #succeeded(response: SipResponse, flow: Flow): void {
    const { dialog, facts } = this;
    if (dialog === undefined) {
      // RFC 6665 §4.1.2.
      if (facts.method === 'SUBSCRIBE') this.context.dialogs.add(dialogOfResponse(this.app, facts, 'SUBSCRIBE', 'confirmed', response, flow));
      return;
    }
    if (facts.method === 'UPDATE') {
      dialog.remoteTarget = contactUri(response) ?? dialog.remoteTarget;
      watchAsUac(this.context, dialog, response);
    }
  }
}
