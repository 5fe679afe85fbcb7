import type { InviteServerTransaction, NonInviteServerTransaction, ServerTransaction } from '../transaction/server-transaction.js';
import { answer } from './answer.js';
import type { Dialog } from './dialog.js';
import type { EdgeContext } from './edge-context.js';
import { handOver } from './hand-over.js';
import { treatmentOf } from './in-dialog-requests.js';
import { PlainRequest } from './plain-request.js';
import { retryAfterGlare } from './random-ids.js';
import { ServerInvite } from './server-invite.js';
import { MIN_SESSION_SECONDS, isTooShort } from './session-timer.js';

/** Requests of the peer inside a dialog (RFC 3261 §12.2.2; drachtio wire protocol §8.5). */
export function receiveInDialog(
  context: EdgeContext, transaction: ServerTransaction, dialog: Dialog, asNew: () => void,
): void {
  const { request } = transaction;
  if (dialog.app.closed) {
    context.dialogs.apply(dialog, 'request-unserved');
    answer(transaction, 481, 'Call/Transaction Does Not Exist');
    return;
  }
  const accepted = dialog.served instanceof ServerInvite ? dialog.served.accepted : undefined;
  if (accepted?.ending === true) {
    answer(transaction, 481, 'Call/Transaction Does Not Exist');
    if (request.method === 'BYE') accepted.end();
    return;
  }
  // RFC 3261 §12.2.2: a lower number is out of order. A retransmission never gets here.
  if (dialog.remoteCSeq !== undefined && request.cseq.number < dialog.remoteCSeq) {
    answer(transaction, 500, 'Server Internal Error');
    return;
  }
  dialog.remoteCSeq = request.cseq.number;
  if (transaction.kind === 'invite') return reinvite(context, transaction, dialog);
  const early = dialog.state === 'early' && dialog.served instanceof ServerInvite ? dialog.served : undefined;
  treat(context, transaction, dialog, early, asNew);
}

/** Does what the table says. @param early the peer's INVITE while it is unanswered */
function treat(
  context: EdgeContext, transaction: NonInviteServerTransaction, dialog: Dialog, early: ServerInvite | undefined, asNew: () => void,
): void {
  const { request } = transaction;
  switch (treatmentOf(early === undefined ? 'other' : 'early-served', request.method)) {
    case 'hand-over': return deliver(context, transaction, dialog);
    case 'as-new': return asNew();
    case 'acknowledge-provisional':
      if (dialog.served instanceof ServerInvite) dialog.served.onPrack(transaction, () => deliver(context, transaction, dialog));
      else answer(transaction, 481, 'Call/Transaction Does Not Exist');
      return;
    case 'update-under-invite': return early?.onEarlyUpdate(transaction);
    case 'end-invite': return early?.onEarlyBye(transaction);
    case 'hand-over-and-end':
      // RFC 3261 §15.1.2: the dialog is over at once; the application's answer follows.
      deliver(context, transaction, dialog);
      context.dialogs.apply(dialog, 'bye-received');
      return;
    case 'update': return update(context, transaction, dialog);
    case 'notify':
      deliver(context, transaction, dialog);
      if (dialog.method === 'SUBSCRIBE' && endsSubscription(request.first('subscription-state'))) {
        context.dialogs.apply(dialog, 'subscription-over');
      }
  }
}

/** RFC 3261 §14.2. */
function reinvite(context: EdgeContext, transaction: InviteServerTransaction, dialog: Dialog): void {
  if (dialog.served?.unanswered === true) {
    answer(transaction, 500, 'Server Internal Error', { headers: [['Retry-After', retryAfterGlare()]] });
    return;
  }
  if (dialog.sent?.unanswered === true) {
    answer(transaction, 491, 'Request Pending');
    return;
  }
  if (refusesInterval(transaction)) return;
  answer(transaction, 100, 'Trying');
  context.requests.set(transaction.id, new ServerInvite(context, transaction, dialog.app, dialog));
  handOver(dialog.app, transaction.request, transaction.flow, { transactionId: transaction.id, dialogId: dialog.id });
}

/** RFC 3311 §5.2, RFC 4028 §9. */
function update(context: EdgeContext, transaction: NonInviteServerTransaction, dialog: Dialog): void {
  if (refusesInterval(transaction)) return;
  if (transaction.request.body !== '' && dialog.state === 'confirmed') {
    // RFC 3311 §5.2: no second offer while one is open.
    if (dialog.sent?.unanswered === true) return void answer(transaction, 491, 'Request Pending');
    if (dialog.served?.unanswered === true) {
      answer(transaction, 500, 'Server Internal Error', { headers: [['Retry-After', retryAfterGlare()]] });
      return;
    }
  }
  deliver(context, transaction, dialog);
}

/** RFC 6665 §4.1.3: `terminated` ends the subscription. */
export const endsSubscription = (state: string | undefined): boolean =>
  state !== undefined && state.trim().toLowerCase().startsWith('terminated');

function deliver(context: EdgeContext, transaction: NonInviteServerTransaction, dialog: Dialog): void {
  const { id } = transaction;
  context.requests.set(id, new PlainRequest(context, transaction, dialog.app, dialog, id, () => context.requests.delete(id)));
  handOver(dialog.app, transaction.request, transaction.flow, { transactionId: id, dialogId: dialog.id });
}

/** RFC 4028 §9: 422 with the least interval we take. */
function refusesInterval(transaction: ServerTransaction): boolean {
  if (!isTooShort(transaction.request)) return false;
  answer(transaction, 422, 'Session Interval Too Small', { headers: [['Min-SE', String(MIN_SESSION_SECONDS)]] });
  return true;
}
