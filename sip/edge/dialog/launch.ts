import type { WireHeader } from './app-headers.js';
import type { Application } from './application.js';
import { ClientInvite } from './client-invite.js';
import type { ClientRequest } from './client-request.js';
import { dispatch, type Path } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { sentRequest } from './hand-over.js';

/** Sends a request of an application and tells it: OK first, then whatever comes back (drachtio wire protocol §1). */
export function launch(
  context: EdgeContext, app: Application, messageId: string,
  request: { readonly method: string; readonly path: Path; readonly text: string; readonly contact: string | undefined; readonly user: ClientInvite | ClientRequest },
): void {
  const { method, path, text, contact, user } = request;
  const { transactionId } = user.facts;
  user.text = text;
  dispatch(context, {
    method, path, text, contact, user,
    onReady: (sent, flow) => {
      if (app.closed) return;
      user.text = sent;
      app.requestSent(messageId, flow === undefined
        ? { bytes: 0, protocol: 'unknown', address: '', port: 0, transactionId, text: sent }
        : sentRequest(sent, flow, transactionId));
    },
    onFlow: () => (user instanceof ClientInvite ? user.onFlow() : true),
    onStarted: (transaction) => {
      user.text = transaction.request;
      if (user instanceof ClientInvite) user.onStarted(transaction);
    },
    onMovingOn: () => {
      if (user instanceof ClientInvite) user.onStarted(undefined);
    },
    onFault: () => user.onTransportError(),
  });
}

/** RFC 3261 §13.2.2.4: the ACK carries the same credentials as the INVITE. */
export const credentialsIn = (headers: readonly WireHeader[]): readonly WireHeader[] =>
  headers.filter(([name]) => name === 'Authorization' || name === 'Proxy-Authorization');
