import type { SipResponse } from '../syntax/message.js';
import type { Flow } from '../transport/transport.js';
import type { WireHeader } from './app-headers.js';
import { addressing, contactUri, type Dialog, type SentInvite } from './dialog.js';
import { composeInDialog, dialogPath, dispatch, ownAddress, sendAck } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { ownHostPort } from './next-hop.js';

export interface RefreshOutcome {
  onRefreshed(success: SipResponse): void;
  /** 491: try again later. */
  onGlare(): void;
  onFailed(): void;
}

/**
 * A re-INVITE the application does not see, with the last local session description (RFC 4028 §7.4).
 * @param seconds the interval to ask for
 */
export function refreshSession(context: EdgeContext, dialog: Dialog, seconds: number, outcome: RefreshOutcome): void {
  const address = addressing(dialog);
  const path = dialogPath(context, dialog, address.nextHop);
  if (typeof path === 'string') return outcome.onFailed();
  const refresh = new SessionRefresh(context, dialog, outcome);
  dialog.localCSeq += 1;
  refresh.cseq = dialog.localCSeq;
  const own = ownAddress(context, path);
  const transport = own.listener.transport === 'udp' ? '' : `;transport=${own.listener.transport}`;
  const headers: WireHeader[] = [
    ['Contact', `<sip:${ownHostPort(own)}${transport}>`],
    ['Supported', 'timer'],
    ['Session-Expires', `${seconds};refresher=uac`],
    ['Min-SE', '90'],
  ];
  if (dialog.localSession !== '') headers.push(['Content-Type', 'application/sdp']);
  const text = composeInDialog(dialog, { method: 'INVITE', cseq: refresh.cseq, headers, body: dialog.localSession });
  dialog.sent = refresh;
  dispatch(context, {
    method: 'INVITE', path, text, user: refresh, onReady: () => undefined, onFault: () => refresh.onTransportError(),
  });
}

class SessionRefresh implements SentInvite {
  cseq = 0;
  unanswered = true;

  constructor(
    private readonly context: EdgeContext,
    private readonly dialog: Dialog,
    private readonly outcome: RefreshOutcome,
  ) {}

  onResponse(response: SipResponse, flow: Flow): void {
    if (response.status < 200) return;
    const first = this.unanswered;
    this.unanswered = false;
    if (response.status >= 300) {
      if (!first) return;
      if (response.status === 491) this.outcome.onGlare();
      else this.outcome.onFailed();
      return;
    }
    this.dialog.remoteTarget = contactUri(response) ?? this.dialog.remoteTarget;
    this.dialog.flow = flow;
    this.#acknowledge();
    if (first) this.outcome.onRefreshed(response);
  }

  onTimeout(): void {
    this.unanswered = false;
    this.outcome.onFailed();
  }

  onTransportError(): void {
    this.onTimeout();
  }

  onDialogEnded(): void {
    this.unanswered = false;
  }

  #acknowledge(): void {
    const path = dialogPath(this.context, this.dialog, addressing(this.dialog).nextHop);
    if (typeof path === 'string') return;
    sendAck(this.context, path, composeInDialog(this.dialog, { method: 'ACK', cseq: this.cseq, headers: [] }), () => undefined);
  }
}
