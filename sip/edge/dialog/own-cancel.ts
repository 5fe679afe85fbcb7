import { composeRequest } from '../syntax/compose.js';
import type { InviteServerTransaction } from '../transaction/server-transaction.js';
import type { Application } from './application.js';

/**
 * Tells an application that its caller gave up without a CANCEL (BYE in an early dialog, no PRACK): it hears of it as
 * the CANCEL the caller could have sent (RFC 3261 §9.1).
 */
export function handOverOwnCancel(app: Application, invite: InviteServerTransaction, dialogId: string): void {
  if (app.closed) return;
  const { request, flow } = invite;
  const text = composeRequest({
    method: 'CANCEL',
    uri: request.uri,
    headers: [
      ['Via', request.all('via')[0] ?? ''], ['Max-Forwards', '70'], ['From', request.first('from') ?? ''],
      ['To', request.first('to') ?? ''], ['Call-ID', request.callId], ['CSeq', `${request.cseq.number} CANCEL`],
    ],
  });
  app.handOver({
    source: 'network', bytes: text.length, protocol: '', address: flow.remote.address, port: flow.remote.port,
    transactionId: invite.id, dialogId, text,
  });
}
