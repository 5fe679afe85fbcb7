import type { SipResponse } from '../syntax/message.js';

const KEPT = ['from:', 'call-id:', 'route:', 'max-forwards:'];

/**
 * The ACK a transaction sends by itself for a final response of 300 or more (RFC 3261 §17.1.1.3).
 * @param invite the INVITE as sent: long header names, our Via first
 * @param response supplies the To with its tag
 */
export function ackForFailure(invite: string, response: SipResponse): string {
  const [startLine = '', ...lines] = invite.slice(0, invite.indexOf('\r\n\r\n')).split('\r\n');
  const uri = startLine.split(' ')[1] ?? '';
  // RFC 3261 §17.1.1.3: a single Via, the top one; a forwarded INVITE has more.
  const ownVia = lines.findIndex((line) => line.toLowerCase().startsWith('via:'));
  const kept = lines.filter((line, position) => {
    const lower = line.toLowerCase();
    return position === ownVia || KEPT.some((name) => lower.startsWith(name));
  });
  return `${[
    `ACK ${uri} SIP/2.0`, ...kept, `To: ${response.first('to') ?? ''}`, `CSeq: ${response.cseq.number} ACK`, 'Content-Length: 0',
  ].join('\r\n')}\r\n\r\n`;
}
