import t from 'tap';
import {
  composeRejection, composeRequest, composeResponse, withReceived, withTopVia, withoutEscapedNames,
} from '../../../../../sip/edge/syntax/compose.js';
import { canonicalName, displayName, isHeaderName } from '../../../../../sip/edge/syntax/header-names.js';
import type { SipRequest } from '../../../../../sip/edge/syntax/message.js';
import { parseMessage } from '../../../../../sip/edge/syntax/parse.js';

function request(lines: readonly string[], startLine = 'INVITE sip:bob@example.com SIP/2.0', body = ''): SipRequest {
  const result = parseMessage([startLine, ...lines, '', body].join('\r\n'));
  if (result.kind !== 'message' || result.message.kind !== 'request') throw new Error('no request');
  return result.message;
}

const LINES: readonly string[] = [
  'v: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2',
  'Via: SIP/2.0/TCP 10.0.0.3;branch=z9hG4bK3,\r\n SIP/2.0/UDP 10.0.0.4',
  'Record-Route: <sip:p1;lr>',
  'Record-Route: <sip:p2;lr>',
  'f: "Ann" <sip:ann@example.com>;tag=f1',
  't: sip:bob@example.com',
  'i: c1',
  'CSeq: 0009 INVITE',
  'Timestamp: 54',
];

t.test('RFC 3261 §8.2.6.2: a response copies what it must', (t) => {
  const text = composeResponse(request(LINES), 180, 'Ringing', { toTag: 't1', headers: [['X-a', '1'], ['Via', 'no'], ['l', '9']], body: 'ab\xff' });
  t.same(text.split('\r\n'), [
    'SIP/2.0 180 Ringing',
    'Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2',
    'Via: SIP/2.0/TCP 10.0.0.3;branch=z9hG4bK3, SIP/2.0/UDP 10.0.0.4',
    'Record-Route: <sip:p1;lr>',
    'Record-Route: <sip:p2;lr>',
    'From: "Ann" <sip:ann@example.com>;tag=f1',
    'To: sip:bob@example.com;tag=t1',
    'Call-ID: c1',
    'CSeq: 9 INVITE',
    'X-a: 1',
    'Content-Length: 3',
    '',
    'ab\xff',
  ]);
  t.end();
});

t.test('variants of a response', (t) => {
  const trying = composeResponse(request(LINES), 100, 'Trying', { toTag: 't1' });
  t.notMatch(trying, 'tag=t1', '§8.2.6.2: no To tag on 100');
  t.match(trying, 'Timestamp: 54\r\n', '§8.2.6.1: Timestamp into 100');
  t.notMatch(trying, 'Record-Route', '§12.1.1: not on 100');
  const failure = composeResponse(request(LINES), 486, 'Busy Here', { toTag: 't1' });
  t.notMatch(failure, 'Record-Route', 'no dialog, no route set');
  const options = request(LINES.map((line) => line.replace('9 INVITE', '9 OPTIONS')), 'OPTIONS sip:b@c SIP/2.0');
  t.notMatch(composeResponse(options, 200, 'OK'), 'Record-Route', 'OPTIONS forms no dialog');
  const own = composeResponse(request(LINES), 200, 'OK', { toTag: 't1', headers: [['to', '<sip:bob@example.com>;tag=mine'], ['X', 'a\r\nEvil: 1']] });
  t.match(own, 'To: <sip:bob@example.com>;tag=mine\r\n', "the application's To wins");
  t.notMatch(own, /^Evil/m, 'no line is smuggled in');
  const inDialog = request(LINES.map((line) => (line.startsWith('t:') ? `${line};tag=old` : line)));
  t.match(composeResponse(inDialog, 200, 'OK', { toTag: 'new' }), 'To: sip:bob@example.com;tag=old\r\n');
  t.end();
});

t.test('a rejection echoes what could be read', (t) => {
  const result = parseMessage([
    'INVITE sip:bob@example.com SIP/2.0', 'Via: SIP/2.0/UDP 10.0.0.2;rport;branch=z9hG4bK2;received=1.2.3.4, SIP/2.0/UDP x', 'To: <sip:b@c>', 'CSeq: x',
    '', '',
  ].join('\r\n'));
  if (result.kind !== 'invalid' || result.partial === undefined) throw new Error('expected a refusal');
  const text = composeRejection({
    status: result.status, reason: result.reason, partial: result.partial, source: { address: '192.0.2.7', port: 4000 }, toTag: 'e1',
  });
  t.same(text.split('\r\n'), [
    'SIP/2.0 400 Bad CSeq Header',
    'Via: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK2;received=192.0.2.7;rport=4000, SIP/2.0/UDP x',
    'To: <sip:b@c>;tag=e1',
    'CSeq: x',
    'Content-Length: 0',
    '',
    '',
  ]);
  t.end();
});

t.test('a request is composed', (t) => {
  t.equal(
    composeRequest({ method: 'OPTIONS', uri: 'sip:a@b', headers: [['Via', 'SIP/2.0/UDP x'], ['Content-Length', '77']], body: 'xy' }),
    'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP x\r\nContent-Length: 2\r\n\r\nxy',
  );
  t.equal(withTopVia('OPTIONS sip:a@b SIP/2.0\r\nv: 1\r\n\r\n', 'Via: 0'), 'OPTIONS sip:a@b SIP/2.0\r\nVia: 0\r\nv: 1\r\n\r\n');
  t.end();
});

const receivedRows: readonly (readonly [rule: string, before: string, after: string])[] = [
  ['drachtio: rport is added unasked', 'SIP/2.0/UDP 192.0.2.7;branch=b', 'SIP/2.0/UDP 192.0.2.7;branch=b;rport=4000'],
  ['RFC 3581 §4: rport is filled', 'SIP/2.0/UDP 192.0.2.7;rport;branch=b', 'SIP/2.0/UDP 192.0.2.7;branch=b;rport=4000'],
  ['§18.2.1: another host', 'SIP/2.0/UDP 10.0.0.2;branch=b', 'SIP/2.0/UDP 10.0.0.2;branch=b;received=192.0.2.7;rport=4000'],
  ["the client's received is removed", 'SIP/2.0/UDP 10.0.0.2;received=9.9.9.9;branch=b;rport=1', 'SIP/2.0/UDP 10.0.0.2;branch=b;received=192.0.2.7;rport=4000'],
  ['only the top one', 'SIP/2.0/UDP 10.0.0.2 , SIP/2.0/UDP x;rport', 'SIP/2.0/UDP 10.0.0.2;received=192.0.2.7;rport=4000 , SIP/2.0/UDP x;rport'],
  ['folds stay', 'SIP/2.0/UDP 192.0.2.7\r\n ;branch=b', 'SIP/2.0/UDP 192.0.2.7\r\n ;branch=b;rport=4000'],
  ['blanks around =', 'SIP/2.0/UDP 192.0.2.7 ; RECEIVED = 1.1.1.1 ; branch=b', 'SIP/2.0/UDP 192.0.2.7 ; branch=b;rport=4000'],
];

t.test('the source is written into the top Via, nothing else changes', (t) => {
  for (const [rule, before, after] of receivedRows) {
    const text = (via: string): string => ['INVITE sip:b@c SIP/2.0', 'X-First: 1', `Via: ${via}`, ...LINES.slice(4), '', ''].join('\r\n');
    const parsed = parseMessage(text(before));
    if (parsed.kind !== 'message') throw new Error(`${rule}: ${parsed.reason}`);
    const received = withReceived(parsed.message, '192.0.2.7', 4000);
    t.equal(received.raw, text(after), rule);
    const again = parseMessage(received.raw);
    if (again.kind !== 'message') throw new Error(rule);
    t.same(received.headers, again.message.headers, `${rule}: offsets`);
    t.same(received.via, again.message.via, `${rule}: via`);
    t.equal(received.bodyStart, again.message.bodyStart, `${rule}: body`);
    t.equal(parsed.message.raw, text(before), `${rule}: the original stays`);
  }
  t.end();
});

t.test('RFC 4475 §3.1.1.5: names that drachtio-srf would unescape are kept from it', (t) => {
  const message = request([...LINES, 'C%6Fntact: <sip:evil@x>', 'X: 50%']);
  const text = withoutEscapedNames(message);
  t.notMatch(text, 'evil');
  t.match(text, 'X: 50%');
  t.equal(withoutEscapedNames(request(LINES)), request(LINES).raw);
  t.end();
});

const nameRows: readonly (readonly [given: string, display: string, canonical: string])[] = [
  ['call-id', 'Call-ID', 'call-id'],
  ['I', 'Call-ID', 'call-id'],
  ['cseq', 'CSeq', 'cseq'],
  ['www-authenticate', 'WWW-Authenticate', 'www-authenticate'],
  ['p-asserted-identity', 'P-Asserted-Identity', 'p-asserted-identity'],
  ['my-custom', 'My-Custom', 'my-custom'],
  ['X-foo-bar', 'X-foo-bar', 'x-foo-bar'],
  ['x-foo-bar', 'x-foo-bar', 'x-foo-bar'],
  ['__proto__', '__proto__', '__proto__'],
];

t.test('header names', (t) => {
  for (const [given, display, canonical] of nameRows) {
    t.equal(displayName(given), display, given);
    t.equal(canonicalName(given), canonical, given);
  }
  t.equal(isHeaderName('X-a.b'), true);
  for (const bad of ['', 'a b', 'a:', 'a\r', 'a\0', '\xfc']) t.equal(isHeaderName(bad), false, JSON.stringify(bad));
  t.end();
});
