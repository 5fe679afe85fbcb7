import type { SipRequest } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import type { Dialog } from './dialog.js';
import type { EdgeContext } from './edge-context.js';
import { handOver } from './hand-over.js';
import { endByBye } from './own-bye.js';
import { SuccessRepeater } from './success-repeater.js';

/** A served INVITE between its 2xx and the ACK (RFC 3261 §13.3.1.4). */
export class AcceptedInvite {
  #repeater: SuccessRepeater | undefined;
  #canceledLate = false;

  /** @param success the 2xx as sent on `flow` */
  constructor(
    private readonly context: EdgeContext,
    private readonly dialog: Dialog,
    private readonly cseq: number,
    flow: Flow,
    success: Buffer,
  ) {
    this.#repeater = new SuccessRepeater(context.wheel, context.timers,
      () => context.transport.send(flow, success),
      () => {
        this.stop();
        endByBye(context, dialog, this.#canceledLate ? 'CANCEL after 200 OK' : 'ACK timeout');
      });
  }

  /** The peer wants an end to a call it has not acknowledged: nothing is served in it any more. */
  get ending(): boolean {
    return this.#canceledLate && this.#repeater !== undefined;
  }

  /** Further ACKs are absorbed. */
  onAck(ack: SipRequest, flow: Flow): void {
    if (this.#repeater === undefined || ack.cseq.number !== this.cseq) return;
    this.stop();
    const { dialog } = this;
    if (this.#canceledLate) this.end();
    else handOver(dialog.app, ack, flow, { transactionId: dialog.transactionId, dialogId: dialog.id, withoutProtocol: true });
  }

  /** A CANCEL after the 2xx: drachtio-server ends an unacknowledged call then (drachtio wire protocol §8.3). */
  onLateCancel(): void {
    this.#canceledLate = this.#repeater !== undefined;
  }

  /** RFC 3261 §15: no BYE of ours before the ACK or the end of the repetitions, unless the peer said BYE itself. */
  end(): void {
    endByBye(this.context, this.dialog, 'CANCEL after 200 OK');
  }

  stop(): void {
    this.#repeater?.stop();
    this.#repeater = undefined;
  }
}
