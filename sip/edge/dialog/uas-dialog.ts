import { copied } from '../syntax/text.js';
import { parseNameAddr } from '../syntax/name-addr.js';
import type { InviteServerTransaction } from '../transaction/server-transaction.js';
import type { Application } from './application.js';
import { contactUri, dialogIdOf, routeSetOf, type Dialog } from './dialog.js';
import { goesByFlow } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { firstCSeq } from './random-ids.js';

/** RFC 3261 §12.1.1: the dialog state a UAS takes from the INVITE. */
export function dialogOfInvite(
  context: EdgeContext, transaction: InviteServerTransaction, app: Application, localTag: string,
): Dialog {
  const { request, flow } = transaction;
  const remoteTag = copied(request.fromTag ?? '');
  const routeSet = routeSetOf(request, 'uas');
  const to = copied(request.first('to') ?? '');
  const from = copied(request.first('from') ?? '');
  return {
    id: copied(dialogIdOf(request.callId, remoteTag)),
    role: 'uas',
    method: 'INVITE',
    callId: copied(request.callId),
    localTag,
    remoteTag,
    local: request.toTag === undefined ? `${to};tag=${localTag}` : to,
    remote: from,
    app,
    transactionId: transaction.id,
    state: 'early',
    routeSet,
    // Interop: an INVITE without Contact is accepted; its sender is then the only target there is.
    remoteTarget: contactUri(request) ?? parseNameAddr(from)?.uri ?? '',
    localCSeq: firstCSeq(context.epochMs()),
    remoteCSeq: request.cseq.number,
    flow,
    byFlow: goesByFlow('uas', routeSet, '', undefined, flow),
    localSession: '',
    served: undefined,
    sent: undefined,
    watch: undefined,
  };
}
