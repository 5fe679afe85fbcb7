import { composeRequest, withTopVia } from '../syntax/compose.js';
import type { ClientTransaction } from '../transaction/client-transaction.js';
import { wireHeaders, type WireHeader } from './app-headers.js';
import type { AppSip } from './app-text.js';
import type { Application } from './application.js';
import type { EdgeContext } from './edge-context.js';
import { sentRequest } from './hand-over.js';
import { ignoresOutcome } from './own-bye.js';
import { newTransactionId } from './random-ids.js';
import { refuseRequest } from './refusals.js';

/** drachtio wire protocol §6.8: what an application may not set in a CANCEL. */
const OF_THE_INVITE: ReadonlySet<string> = new Set([
  'from', 'to', 'contact', 'p-asserted-identity', 'call-id', 'cseq', 'max-forwards', 'require', 'proxy-require', 'content-type',
]);
const COPIED = ['from', 'to', 'call-id', 'route'];

/** CANCEL of an INVITE of the application, named by its transaction (drachtio wire protocol §9.4, RFC 3261 §9.1). */
export function cancelFromApp(context: EdgeContext, app: Application, messageId: string, inviteId: string, sip: AppSip): void {
  const invite = context.invites.get(inviteId);
  if (invite === undefined || invite.app !== app) return app.refuse(messageId, refuseRequest.unknownCancel(inviteId));
  const transactionId = newTransactionId();
  const text = cancelOf(invite.text, wireHeaders(sip.headers, OF_THE_INVITE, ''));
  let told = false;
  invite.cancel((transaction) => {
    sendCancel(context, transaction, text, (whole) => {
      if (!told) app.requestSent(messageId, sentRequest(whole, transaction.flow, transactionId));
      told = true;
    });
  });
  if (told) return;
  // It waits for a provisional response; the application is told now.
  told = true;
  app.requestSent(messageId, { bytes: text.length, protocol: 'unknown', address: '', port: 0, transactionId, text });
}

/** A CANCEL the edge sends by itself: the application is gone, or ends the call. */
export const sendOwnCancel = (context: EdgeContext, invite: ClientTransaction): void =>
  sendCancel(context, invite, cancelOf(invite.request, []), () => undefined);

/** RFC 3261 §9.1: the CANCEL has the one Via of its INVITE, branch included, and takes the same way. */
function sendCancel(context: EdgeContext, invite: ClientTransaction, text: string, onReady: (whole: string) => void): void {
  const via = headerLine(invite.request, 'via');
  const [, branch = ''] = /;branch=([^;,\s]+)/.exec(via) ?? [];
  const whole = withTopVia(withoutVia(text), via);
  onReady(whole);
  context.counters.count('requests-out CANCEL');
  context.transactions.startClient('CANCEL', branch, whole, invite.flow, ignoresOutcome);
}

function cancelOf(invite: string, headers: readonly WireHeader[]): string {
  const [startLine = ''] = invite.split('\r\n', 1);
  const via = headerLine(invite, 'via');
  const cseq = headerLine(invite, 'cseq').slice('CSeq: '.length).split(' ')[0] ?? '';
  const copied = COPIED.map((name) => headerLine(invite, name)).filter((line) => line !== '');
  const text = composeRequest({
    method: 'CANCEL',
    uri: startLine.split(' ')[1] ?? '',
    headers: [
      ['Max-Forwards', '70'],
      ...copied.map((line): WireHeader => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      ['CSeq', `${cseq} CANCEL`],
      ...headers,
    ],
  });
  return via === '' ? text : withTopVia(text, via);
}

function withoutVia(text: string): string {
  const via = headerLine(text, 'via');
  return via === '' ? text : text.replace(`${via}\r\n`, '');
}

/** The first header line of that name in a message of ours; '' when absent. */
function headerLine(message: string, name: string): string {
  const wanted = `${name}:`;
  for (const line of message.slice(0, message.indexOf('\r\n\r\n')).split('\r\n')) {
    if (line.slice(0, wanted.length).toLowerCase() === wanted) return line;
  }
  return '';
}
