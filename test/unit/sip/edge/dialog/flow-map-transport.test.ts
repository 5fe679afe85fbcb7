/** A client's stream is not taken for another client of the same user and host. */
import t from 'tap';
import { readAppSip } from '../../../../../sip/edge/dialog/app-text.js';
import { FlowMap } from '../../../../../sip/edge/dialog/flow-map.js';
import { parseMessage } from '../../../../../sip/edge/syntax/parse.js';
import type { Flow } from '../../../../../sip/edge/transport/transport.js';

t.test('who is found under the address of a client on a stream', (t) => {
  const parsed = parseMessage([
    'REGISTER sip:x SIP/2.0', 'Via: SIP/2.0/TCP 127.0.0.1:6000;branch=z9hG4bK1', 'From: <sip:ann@x>;tag=1', 'To: <sip:ann@x>', 'Call-ID: 1', 'CSeq: 1 REGISTER',
    'Contact: <sip:ann@127.0.0.1:6000;transport=tcp>', 'Content-Length: 0', '', '',
  ].join('\r\n'));
  if (parsed.kind !== 'message' || parsed.message.kind !== 'request') throw new Error('a REGISTER');
  const flow: Flow = {
    id: 1, transport: 'tcp', reliable: true, closed: false,
    listener: { transport: 'tcp', host: '127.0.0.1', port: 5060, advertised: () => ({ host: '127.0.0.1', port: 5060 }) }, local: { address: '127.0.0.1', port: 5060 }, remote: { address: '127.0.0.1', port: 40000 },
  };
  const response = readAppSip('SIP/2.0 200 OK\r\nExpires: 60\r\n\r\n');
  const map = new FlowMap();
  map.accepted(parsed.message, response, flow, 0);
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['the Contact it registered', 'sip:ann@127.0.0.1:6000;transport=tcp', true],
    ['the same without transport, as some write it later', 'sip:ann@127.0.0.1:6000', true],
    ['user and host alone, as some applications keep it', 'sip:ann@127.0.0.1', true],
    ['another port on a stream: the client behind NAT', 'sip:ann@127.0.0.1:6002;transport=tcp', true],
    ['another port over UDP: another client', 'sip:ann@127.0.0.1:6002', false],
    ['no port over UDP: another client', 'sip:ann@127.0.0.1;transport=udp', false],
    ['UDP by name, and its port', 'sip:ann@127.0.0.1:6000;transport=udp', false],
    ['another user', 'sip:ben@127.0.0.1:6000;transport=tcp', false],
  ];
  for (const [rule, uri, found] of rows) t.equal(map.find(uri, 1) === flow, found, rule);
  t.end();
});
