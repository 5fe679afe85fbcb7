import t from 'tap';
import { composeRequest } from '../../../../../sip/edge/syntax/compose.js';
import { parseMessage } from '../../../../../sip/edge/syntax/parse.js';
import type { SipRequest, SipResponse } from '../../../../../sip/edge/syntax/message.js';
import { ackForFailure } from '../../../../../sip/edge/transaction/ack-for-failure.js';
import { forwardedRequest } from '../../../../../sip/edge/proxy/forwarded-request.js';
import { forwardedResponse, withoutTopVia } from '../../../../../sip/edge/proxy/forwarded-response.js';
import { redirectTargets } from '../../../../../sip/edge/proxy/redirect-targets.js';
import { isOwnRoute } from '../../../../../sip/edge/proxy/record-route.js';
import { RelayKey } from '../../../../../sip/edge/proxy/relay-key.js';
import type { Listener } from '../../../../../sip/edge/transport/transport.js';

function message(text: string): SipRequest | SipResponse {
  const parsed = parseMessage(text.replace(/\r?\n/g, '\r\n'));
  if (parsed.kind !== 'message') throw new Error(parsed.reason);
  return parsed.message;
}
function request(text: string): SipRequest {
  const read = message(text);
  if (read.kind !== 'request') throw new Error('no request');
  return read;
}
function response(text: string): SipResponse {
  const read = message(text);
  if (read.kind !== 'response') throw new Error('no response');
  return read;
}

const INVITE = `INVITE sip:bob@edge SIP/2.0
v: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa;rport=5060
f: "A"
 <sip:a@x>;tag=1
t: <sip:bob@edge>
i: abc
CSeq: 7 INVITE
Max-Forwards: 20
Route: <sip:edge;lr>
Record-Route: <sip:upstream;lr>
Subject: one
  two
x-Odd:  kept  as it is
Expires: 60
l: 4

body`;
const plain = { uri: 'sip:bob@target', routes: [], recordRoutes: [], headers: [] };
const linesOf = (text: string): readonly string[] => text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');

t.test('a forwarded request (RFC 3261 §16.6)', (t) => {
  t.strictSame(linesOf(forwardedRequest(request(INVITE), {
    ...plain, recordRoutes: ['<sip:me;lr>'], leading: [['Path', '<sip:me;lr>']], headers: [['X-App', 'yes'], ['Expires', '30'], ['Subject', 'three']],
  })), [
    'INVITE sip:bob@target SIP/2.0',
    'Max-Forwards: 19',
    'Record-Route: <sip:me;lr>',
    'Path: <sip:me;lr>',
    'Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa;rport=5060',
    'From: "A" <sip:a@x>;tag=1',
    'To: <sip:bob@edge>',
    'Call-ID: abc',
    'CSeq: 7 INVITE',
    'Record-Route: <sip:upstream;lr>',
    'Subject: one',
    '  two',
    'x-Odd:  kept  as it is',
    'X-App: yes', 'Expires: 30', 'Subject: three',
    'Content-Length: 4',
  ], 'Max-Forwards one less, ours in front, Route gone, single headers replaced, the rest as it was');
  t.ok(forwardedRequest(request(INVITE), plain).endsWith('\r\n\r\nbody'));
  t.match(forwardedRequest(request(INVITE.replace('Max-Forwards: 20\n', '')), plain), /\r\nMax-Forwards: 70\r\n/, '§16.6 step 3: 70 where there is none');
  t.match(forwardedRequest(request(INVITE), { ...plain, routes: ['<sip:a;lr>', '<sip:b;lr>'] }), /\r\nRoute: <sip:a;lr>, <sip:b;lr>\r\n/);
  t.match(forwardedRequest(request(INVITE.replace('l: 4\n', '')), plain), /\r\nContent-Length: 4\r\n/, 'streams need it');
  t.end();
});

const BUSY = `SIP/2.0 401 Who
Via: SIP/2.0/UDP edge;branch=z9hG4bKours, SIP/2.0/UDP garbled;branch=z9hG4bKx
From: "A" <sip:a@x>;tag=1
To: <sip:bob@edge>;tag=2
Call-ID: abc
CSeq: 7 INVITE
WWW-Authenticate: Digest realm="a", nonce="1"
X-Kept:  as it is
Content-Length: 2

ok`;

t.test('a forwarded response (RFC 3261 §16.7)', (t) => {
  const other = response(BUSY.replace('WWW-Authenticate: Digest realm="a"', 'Proxy-Authenticate: Digest realm="b"'));
  t.strictSame(linesOf(forwardedResponse(request(INVITE), response(BUSY), [other, response(BUSY)])), [
    'SIP/2.0 401 Who',
    'Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKa;rport=5060',
    'From: "A" <sip:a@x>;tag=1', 'To: <sip:bob@edge>;tag=2', 'Call-ID: abc', 'CSeq: 7 INVITE',
    'WWW-Authenticate: Digest realm="a", nonce="1"',
    'X-Kept:  as it is',
    'Proxy-Authenticate: Digest realm="b", nonce="1"',
    'Content-Length: 2',
  ], '§16.7 steps 3, 7: our Via off, challenges of the others added once');
  t.match(withoutTopVia(response(BUSY), ['SIP/2.0/UDP garbled;branch=z9hG4bKx']), /Who\r\nVia: SIP\/2.0\/UDP garbled;branch=z9hG4bKx\r\nFrom/);
  t.end();
});

t.test('the ACK for a failure of a forwarded INVITE has our Via alone (RFC 3261 §17.1.1.3)', (t) => {
  const sent = composeRequest({
    method: 'INVITE', uri: 'sip:b', headers: [['Via', 'SIP/2.0/UDP edge;branch=z9hG4bKours'], ['Via', 'SIP/2.0/UDP caller;branch=z9hG4bKa'], ['From', '<sip:a>;tag=1'],
      ['Call-ID', 'abc'], ['CSeq', '7 INVITE']],
  });
  t.strictSame(linesOf(ackForFailure(sent, response(BUSY))).filter((line) => line.startsWith('Via')), ['Via: SIP/2.0/UDP edge;branch=z9hG4bKours']);
  t.end();
});

t.test('targets of a redirection (RFC 3261 §16.5)', (t) => {
  const moved = (contacts: string, status = 302): SipResponse =>
    response(BUSY.replace('401 Who', `${status} Moved`).replace('X-Kept:  as it is', contacts));
  t.strictSame(redirectTargets(moved('Contact: <sip:low@x>;q=0.1, <sip:high@x?Subject=no>, <tel:+1>, <sip:mid@x>;q=0.5')), ['sip:high@x', 'sip:mid@x', 'sip:low@x']);
  t.strictSame(redirectTargets(moved('X-None: 1')), []);
  t.strictSame(redirectTargets(moved('Contact: *')), []);
  t.strictSame(redirectTargets(moved('Contact: <sip:a@x>', 404)), [], 'a failure redirects nobody');
  t.end();
});

t.test('only what we wrote is ours (RelayKey)', (t) => {
  const key = new RelayKey('secret');
  const via = request(INVITE).via;
  const branch = key.branch(via, 'abc', 7);
  t.match(branch, /^z9hG4bK[a-z0-9]+$/, 'RFC 3261 §8.1.1.7');
  t.equal(new RelayKey('secret').branch({ ...via }, 'abc', 7), branch, '§16.11: the same for the same request, also after a restart');
  for (const [what, other] of [
    ['branch', key.branch({ ...via, branch: 'z9hG4bKb' }, 'abc', 7)], ['source', key.branch({ ...via, received: '192.0.2.1' }, 'abc', 7)],
    ['call', key.branch(via, 'abd', 7)], ['secret', new RelayKey('other').branch(via, 'abc', 7)],
  ] as const) t.not(other, branch, `another ${what}, another branch`);

  const listener: Listener = { transport: 'udp', host: '192.0.2.1', port: 5060, advertised: () => ({ host: '192.0.2.1', port: 5060 }) };
  const route = (mark: string, host = '192.0.2.1'): string => `<sip:${host}:5060;lr;cbr=${mark}>`;
  const within = request(INVITE.replace('t: <sip:bob@edge>', 't: <sip:bob@edge>;tag=2'));
  const rows: readonly (readonly [rule: string, route: string, own: boolean])[] = [
    ['of the caller', route(key.routeMark('abc', '1')), true],
    ['of the callee', route(key.routeMark('abc', '2')), true],
    ['of another call', route(key.routeMark('abd', '1')), false],
    ['of another dialog of the call', route(key.routeMark('abc', '3')), false],
    ['another host', route(key.routeMark('abc', '1'), '192.0.2.2'), false],
    ['without mark', '<sip:192.0.2.1:5060;lr>', false],
    ['no SIP URI', '<tel:1>', false],
  ];
  for (const [rule, text, own] of rows) t.equal(isOwnRoute(key, text, within, [listener]), own, rule);
  t.end();
});
