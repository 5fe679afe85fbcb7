import { withContentType, MAX_MESSAGE_BYTES } from './answer.js';
import { wireHeaders, type WireHeader } from './app-headers.js';
import { appHeader, type AppSip } from './app-text.js';
import type { Application } from './application.js';
import { ClientInvite } from './client-invite.js';
import { ClientRequest, type ClientRequestFacts } from './client-request.js';
import { addressing, type Dialog } from './dialog.js';
import { composeInDialog, dialogPath, ownAddress } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { handOverOwnResponse, ownResponse, sentRequest } from './hand-over.js';
import { credentialsIn, launch } from './launch.js';
import { ownContact, ownHostPort } from './next-hop.js';
import { sendOwnCancel } from './outgoing-cancel.js';
import { newTransactionId } from './random-ids.js';
import { refuseRequest } from './refusals.js';

/** A request of an application inside a dialog. */
export interface InDialogRequest {
  readonly messageId: string;
  readonly dialogId: string;
  readonly method: string;
  /** As the application wrote it; `sip:placeholder` stands for the remote target. */
  readonly uri: string;
  readonly sip: AppSip;
}

const WRITTEN_BY_US: ReadonlySet<string> = new Set(['from', 'to', 'call-id', 'cseq', 'max-forwards']);
/** drachtio wire protocol §9.5, and RFC 3311 §5.1 for UPDATE. */
const WITH_CONTACT: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'REFER', 'UPDATE']);

/** ACK, BYE, re-INVITE and all others (drachtio wire protocol §9.4, §9.5; RFC 3261 §12.2.1). */
export function sendInDialog(context: EdgeContext, app: Application, request: InDialogRequest): void {
  const dialog = context.dialogs.byId(request.dialogId);
  if (request.method === 'ACK') return acknowledge(context, app, request, dialog);
  if (dialog === undefined || dialog.app !== app) return app.refuse(request.messageId, refuseRequest.noDialog);
  const target = wishedTarget(request, dialog);
  const path = dialogPath(context, dialog, addressing(dialog, target).nextHop);
  if (typeof path === 'string') return app.refuse(request.messageId, refuseRequest.noRoute(dialog.id));

  const { method, sip, messageId } = request;
  const own = ownAddress(context, path);
  const hostPort = ownHostPort(own);
  const contact = WITH_CONTACT.has(method) && appHeader(sip, 'contact') === undefined ? ownContact(own) : undefined;
  const headers: WireHeader[] = contact === undefined ? [] : [['Contact', contact]];
  headers.push(...wireHeaders(sip.headers, WRITTEN_BY_US, hostPort));
  const missing = withContentType(sip.headers, sip.body, headers);
  if (missing !== undefined) return app.refuse(messageId, `Server error: ${missing}`);

  const reinviteOpen = dialog.sent?.unanswered === true;
  // drachtio wire protocol §9.5: a pending re-INVITE is canceled before the BYE.
  if (method === 'BYE' && dialog.state === 'confirmed' && dialog.sent instanceof ClientInvite && reinviteOpen) {
    dialog.sent.cancel((transaction) => sendOwnCancel(context, transaction));
  }
  dialog.localCSeq += 1;
  const cseq = dialog.localCSeq;
  const text = composeInDialog(dialog, { method, cseq, uri: target, headers, body: sip.body });
  if (text.length > MAX_MESSAGE_BYTES) return app.refuse(messageId, 'message too large');
  const facts: ClientRequestFacts = {
    method, transactionId: newTransactionId(), dialogId: dialog.id, callId: dialog.callId, local: dialog.local,
    localTag: dialog.localTag, cseq, uri: target, subscriptionState: appHeader(sip, 'subscription-state'),
  };
  if (method === 'INVITE' && (reinviteOpen || dialog.served?.unanswered === true)) {
    // RFC 3261 §14.1: no second INVITE while one is open in either direction.
    app.requestSent(messageId, { bytes: 0, protocol: 'unknown', address: '', port: 0, transactionId: facts.transactionId, text });
    handOverOwnResponse(app, ownResponse(text, 491, 'Request Pending'), facts.transactionId, dialog.id);
    return;
  }
  const user = method === 'INVITE'
    ? new ClientInvite(context, app, { ...facts, session: sip.body, credentials: credentialsIn(headers) }, dialog)
    : new ClientRequest(context, app, facts, dialog);
  launch(context, app, messageId, { method, path, text, contact, user });
}

function acknowledge(context: EdgeContext, app: Application, request: InDialogRequest, dialog: Dialog | undefined): void {
  const { messageId, sip } = request;
  const invite = dialog?.sent;
  if (dialog === undefined || dialog.app !== app || !(invite instanceof ClientInvite) || !invite.accepted) {
    return app.refuse(messageId, refuseRequest.ackForFailure);
  }
  const hostPort = ownHostPort(dialog.flow);
  const headers = wireHeaders(sip.headers, WRITTEN_BY_US, hostPort);
  const missing = withContentType(sip.headers, sip.body, headers);
  if (missing !== undefined) return app.refuse(messageId, `Server error: ${missing}`);
  const transactionId = newTransactionId();
  invite.acknowledge(headers, sip.body, (text, flow) => {
    if (app.closed) return;
    if (flow === undefined) app.refuse(messageId, refuseRequest.noRoute(dialog.id));
    else app.requestSent(messageId, sentRequest(text, flow, transactionId));
  });
}

/** The Request-URI: the remote target unless the application names another (drachtio wire protocol §9.5). */
function wishedTarget(request: InDialogRequest, dialog: Dialog): string {
  // drachtio-srf repeats the INVITE's URI in a PRACK; RFC 3261 §12.2.1.1 wants the remote target where one is known.
  if (request.method === 'PRACK' || /^sips?:placeholder\b/i.test(request.uri)) return dialog.remoteTarget;
  return request.uri;
}
