import type { SipResponse } from '../syntax/message.js';
import { copied } from '../syntax/text.js';
import type { Flow } from '../transport/transport.js';
import type { Application } from './application.js';
import type { ClientRequestFacts } from './client-request.js';
import { contactUri, routeSetOf, type Dialog } from './dialog.js';
import type { DialogState } from './dialog-state.js';
import { goesByFlow } from './dispatch.js';
import { sipUri } from './next-hop.js';

/** RFC 3261 §12.1.2: the dialog state a UAC takes from a response. */
export function dialogOfResponse(
  app: Application, facts: ClientRequestFacts, method: Dialog['method'], state: DialogState, response: SipResponse, flow: Flow,
): Dialog {
  const dialog: Dialog = {
    id: facts.dialogId,
    role: 'uac',
    method,
    callId: facts.callId,
    localTag: facts.localTag,
    remoteTag: copied(response.toTag ?? ''),
    local: facts.local,
    remote: copied(response.first('to') ?? ''),
    app,
    transactionId: facts.transactionId,
    state,
    routeSet: [],
    // Interop: without Contact the Request-URI is the only target there is.
    remoteTarget: facts.uri,
    localCSeq: facts.cseq,
    remoteCSeq: undefined,
    flow,
    byFlow: false,
    localSession: '',
    served: undefined,
    sent: undefined,
    watch: undefined,
  };
  routeByResponse(dialog, response, flow);
  return dialog;
}

/** Route set, target and way as this response gives them; a 2xx recomputes what a 1xx gave (RFC 3261 §13.2.2.4). */
export function routeByResponse(dialog: Dialog, response: SipResponse, flow: Flow): void {
  dialog.routeSet = routeSetOf(response, 'uac');
  refreshByResponse(dialog, response, flow);
  const firstRoute = sipUri(dialog.routeSet[0] ?? '')?.host ?? '';
  dialog.byFlow = goesByFlow('uac', dialog.routeSet, firstRoute, sipUri(dialog.remoteTarget)?.host, flow);
}

/** RFC 3261 §12.2.1.2: a 2xx to a target refresh replaces the remote target, not the route set. */
export function refreshByResponse(dialog: Dialog, response: SipResponse, flow: Flow): void {
  dialog.remoteTarget = contactUri(response) ?? dialog.remoteTarget;
  dialog.flow = flow;
}
