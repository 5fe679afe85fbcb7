import t from 'tap';
import { digitOfInfo } from '../../../../../sip/app/feature-codes/info-digit.js';
import { sdpOf } from '../../../../../sip/app/syntax/sdp-of.js';

const message = (type: string | null, body: string) => ({ headers: type === null ? {} : { 'content-type': type }, body });
const RELAY = 'application/dtmf-relay';
const PLAIN = 'application/dtmf';

t.test('digits of SIP INFO', async (t) => {
  const rows: readonly (readonly [string | null, string, string])[] = [
    [RELAY, 'Signal=5\r\nDuration=160\r\n', '5'], [RELAY, 'Signal= 5\r\nDuration= 160', '5'], [RELAY, 'signal = #\nduration=100', '#'],
    [RELAY, 'Duration=160\r\nSignal=*\r\n', '*'], [RELAY, 'Signal=10', '*'], [RELAY, 'Signal=11', '#'], [RELAY, 'Signal=a', 'A'], [RELAY, 'Signal=15', 'D'],
    [RELAY, 'Signal=16', 'nothing'], [RELAY, 'Signal=123456', 'nothing'], [RELAY, '5', 'nothing'], [RELAY, 'Signal=', 'nothing'],
    [`${RELAY}; charset=utf-8`, 'Signal=7', '7'], ['APPLICATION/DTMF-RELAY', 'Signal=8', '8'],
    [PLAIN, '5', '5'], [PLAIN, ' 5\r\n', '5'], [PLAIN, '#', '#'], [PLAIN, '10', '*'], [PLAIN, '11', '#'], [PLAIN, 'Signal=3', '3'], [PLAIN, '55', 'nothing'],
    ['application/media_control+xml', '<x/>', 'unsupported'], ['text/plain', '5', 'unsupported'], [null, '5', 'unsupported'], [null, '', 'nothing'],
  ];
  for (const [type, body, wanted] of rows) {
    const found = digitOfInfo(message(type, body));
    t.equal(found.kind === 'digit' ? found.digit : found.kind, wanted, `${type}: ${JSON.stringify(body)}`);
  }
});

t.test('the session description of a body, also of a part (RFC 5621)', async (t) => {
  const part = (type: string, body: string): string => `--b1\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  const multipart = `${part('text/plain', 'hello')}${part('application/sdp', 'v=0')}--b1--\r\n`;
  const rows: readonly (readonly [string, string, string | null])[] = [
    ['application/sdp', 'v=0', 'v=0'], ['Application/SDP; charset=x', 'v=0', 'v=0'], ['text/plain', 'v=0', null], ['application/sdpx', 'v=0', null],
    ['multipart/mixed;boundary=b1', multipart, 'v=0'], ['multipart/mixed; boundary="b1"', multipart, 'v=0'], ['multipart/mixed', multipart, null],
    ['multipart/mixed;boundary=b1', part('text/plain', 'hello'), null], ['application/sdp', '', null],
  ];
  for (const [type, body, wanted] of rows) t.equal(sdpOf(message(type, body))?.trim() ?? null, wanted, `${type}: ${JSON.stringify(body.slice(0, 20))}`);
});
