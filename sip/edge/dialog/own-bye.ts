import type { SipResponse } from '../syntax/message.js';
import { addressing, type Dialog } from './dialog.js';
import { composeInDialog, dialogPath, dispatch, type Path } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { reportedProtocol } from './next-hop.js';

/** Why the edge ends a call by itself; drachtio-srf hands the text to the dialog's `destroy` event. */
export type OwnByeReason =
  | 'ACK timeout' | 'Session timer expired' | 'CANCEL after 200 OK' | 'ACK-BYE due to cancel race condition'
  | 'Forked INVITE answered elsewhere' | '2xx without Contact';

export interface OwnByeOptions {
  /** False for dialogs the application never heard of. */
  readonly tellApplication: boolean;
  /** Default: the dialog's own. */
  readonly path?: Path;
}

/** Ends a dialog with a BYE of our own and tells the application (drachtio wire protocol §3.2). */
export function endByBye(
  context: EdgeContext, dialog: Dialog, reason: OwnByeReason, options: OwnByeOptions = { tellApplication: true },
): void {
  if (dialog.state === 'terminated') return;
  const address = addressing(dialog);
  const path = options.path ?? dialogPath(context, dialog, address.nextHop);
  dialog.localCSeq += 1;
  const text = composeInDialog(dialog, {
    method: 'BYE', cseq: dialog.localCSeq, headers: [['Reason', `SIP ;cause=200 ;text="${reason}"`]],
  });
  const tell = (sent: string): void => {
    if (!options.tellApplication || dialog.app.closed) return;
    dialog.app.handOver({
      source: 'application', bytes: sent.length, protocol: reportedProtocol(dialog.flow), address: dialog.flow.remote.address,
      port: dialog.flow.remote.port, transactionId: 'unsolicited', dialogId: dialog.id, text: sent,
    });
  };
  context.counters.count('own-byes');
  context.dialogs.apply(dialog, 'own-bye');
  if (typeof path === 'string') {
    tell(text);
    return;
  }
  dispatch(context, { method: 'BYE', path, text, user: ignoresOutcome, onReady: tell, onFault: () => undefined });
}

/** RFC 3261 §15.1.1: the session is over when the BYE is handed down, whatever comes back. */
export const ignoresOutcome = {
  onResponse: (_response: SipResponse): void => undefined,
  onTimeout: (): void => undefined,
  onTransportError: (): void => undefined,
};
