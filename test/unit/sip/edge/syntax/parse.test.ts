import t from 'tap';
import { parseMessage } from '../../../../../sip/edge/syntax/parse.js';
import { quickest } from '../../../../support/quickest.js';
import type { SipMessage } from '../../../../../sip/edge/syntax/message.js';

const MANDATORY: readonly string[] = [
  'Via: SIP/2.0/UDP 10.0.0.1:5062;branch=z9hG4bKabc;rport',
  'From: "Ann" <sip:ann@example.com>;tag=f1',
  'To: <sip:bob@example.com>',
  'Call-ID: c1@10.0.0.1',
  'CSeq: 7 INVITE',
  'Max-Forwards: 70',
];

function request(lines: readonly string[] = MANDATORY, body = '', startLine = 'INVITE sip:bob@example.com SIP/2.0'): string {
  return [startLine, ...lines, '', body].join('\r\n');
}

/** The mandatory lines with one changed (by its beginning) or added. */
function withLine(line: string): readonly string[] {
  const name = line.slice(0, line.indexOf(':') + 1);
  const others = MANDATORY.filter((mandatory) => !mandatory.startsWith(name));
  return [...others, line];
}

function read(text: string): SipMessage {
  const result = parseMessage(text);
  if (result.kind !== 'message') throw new Error(`refused: ${result.reason}`);
  return result.message;
}

t.test('a request is read', (t) => {
  const message = read(request([...MANDATORY, 'm: <sip:ann@10.0.0.1>;expires=60', 'Content-Length: 3'], 'abc'));
  t.equal(message.kind === 'request' ? `${message.method} ${message.uri}` : '', 'INVITE sip:bob@example.com');
  t.match(message.via, { protocol: 'UDP', host: '10.0.0.1', port: 5062, branch: 'z9hG4bKabc', rport: true, received: undefined });
  t.equal(message.callId, 'c1@10.0.0.1');
  t.same(message.cseq, { number: 7, method: 'INVITE' });
  t.equal(message.fromTag, 'f1');
  t.equal(message.toTag, undefined);
  t.equal(message.maxForwards, 70);
  t.equal(message.hasContact, true);
  t.equal(message.body, 'abc');
  t.same(message.headers.map(({ name }) => name), ['via', 'from', 'to', 'call-id', 'cseq', 'max-forwards', 'contact', 'content-length']);
  for (const field of message.headers) {
    t.ok(message.raw.slice(field.start, field.end).startsWith(`${field.rawName}:`), `${field.name}: span starts with its name`);
    t.ok(message.raw.slice(field.start, field.end).endsWith('\r\n'), `${field.name}: span ends with its line`);
  }
  t.equal(message.first('Contact'), '<sip:ann@10.0.0.1>;expires=60', 'long name finds compact form');
  t.equal(message.first('M'), '<sip:ann@10.0.0.1>;expires=60');
  t.equal(message.first('l'), '3');
  t.equal(message.has('x-none'), false);
  t.end();
});

t.test('a response is read', (t) => {
  const lines = MANDATORY.map((line) => (line.startsWith('To') ? `${line};tag=t9` : line));
  const message = read(request(lines, '', 'SIP/2.0 180 Ringing there'));
  t.equal(message.kind === 'response' ? `${message.status} ${message.reason}` : '', '180 Ringing there');
  t.equal(message.toTag, 't9');
  t.end();
});

const acceptedRows: readonly (readonly [rule: string, text: string])[] = [
  ['§7.5 empty lines before the start line are ignored', `\r\n\r\n${request()}`],
  ['§7.1 the version in any case', request(MANDATORY, '', 'INVITE sip:bob@example.com sip/2.0')],
  ['drachtio: no Max-Forwards', request(MANDATORY.filter((line) => !line.startsWith('Max')))],
  ['drachtio: no branch', request(withLine('Via: SIP/2.0/UDP 10.0.0.1'))],
  ['drachtio: no From tag', request(withLine('From: <sip:ann@example.com>'))],
  ['§7.3.1 blanks before the colon', request(withLine('CSeq: 7 INVITE').map((line) => line.replace(':', ' \t:')))],
  ['§20.8 compact forms', request(MANDATORY.map((line) => line.replace('Via', 'v').replace('From', 'F').replace('To:', 't:').replace('Call-ID', 'i')))],
  ['__proto__ is a name like others', request([...MANDATORY, '__proto__: x', 'constructor: y', 'toString: z'])],
  ['RFC 3966 tel', request(MANDATORY, '', 'INVITE tel:+4930123 SIP/2.0')],
  ['RFC 5031 urn', request(MANDATORY, '', 'INVITE urn:service:sos SIP/2.0')],
  ['Interop: # in the user part', request(MANDATORY, '', 'INVITE sip:#31#123@example.com SIP/2.0')],
  ['RFC 5118 §4.1 IPv6 Via', request(withLine('Via: SIP/2.0/TCP [2001:db8::9:1]:5070;branch=z9hG4bKx'))],
  ['CSeq 2^31-1', request(withLine('CSeq: 2147483647 INVITE'))],
  ['§20.42 blanks and folds in a Via', request(withLine('Via: SIP / 2.0\r\n /UDP\t10.0.0.1 : 5060 ; branch = z9hG4bKx'))],
  ['Interop: unquoted UTF-8 display name', request(withLine('From: J\xc3\xbcrgen <sip:j@example.com>;tag=1'))],
  ['the longest integers are only digits', request([...MANDATORY, 'Content-Length: 0000000000000000000000000'])],
  ['Contact *', request([...MANDATORY, 'Contact: *'])],
  ['Contact with instance', request([...MANDATORY, 'Contact: <sip:a@b>;+sip.instance="<urn:uuid:1>";reg-id=1, "x, y" <sip:c@d>'])],
  ['NUL as quoted-pair', request(withLine('From: "a\\\0b" <sip:a@b>;tag=1'))],
];

t.test('accepted', (t) => {
  for (const [rule, text] of acceptedRows) t.equal(parseMessage(text).kind, 'message', rule);
  t.end();
});

const refusedRows: readonly (readonly [rule: string, text: string, status: number, reason: string])[] = [
  ['§8.1.1 no To', request(MANDATORY.filter((line) => !line.startsWith('To'))), 400, 'Missing To Header'],
  ['§8.1.1 no From', request(MANDATORY.filter((line) => !line.startsWith('From'))), 400, 'Missing From Header'],
  ['§8.1.1 no Call-ID', request(MANDATORY.filter((line) => !line.startsWith('Call'))), 400, 'Missing Call-ID Header'],
  ['§8.1.1 no CSeq', request(MANDATORY.filter((line) => !line.startsWith('CSeq'))), 400, 'Missing CSeq Header'],
  ['CSeq 2^31', request(withLine('CSeq: 2147483648 INVITE')), 400, 'Bad CSeq Header'],
  ['CSeq hexadecimal', request(withLine('CSeq: 0x1 INVITE')), 400, 'Bad CSeq Header'],
  ['CSeq signed', request(withLine('CSeq: +1 INVITE')), 400, 'Bad CSeq Header'],
  ['CSeq exponent', request(withLine('CSeq: 1e3 INVITE')), 400, 'Bad CSeq Header'],
  ['CSeq of another method', request(withLine('CSeq: 1 BYE')), 400, 'Bad CSeq Header'],
  ['CSeq method in other case', request(withLine('CSeq: 1 invite')), 400, 'Bad CSeq Header'],
  ['Content-Length beyond the datagram', request([...MANDATORY, 'Content-Length: 4'], 'abc'), 400, 'Bad Content-Length Header'],
  ...['-1', '+5', '0x5', '1e3', 'five', '99999999999999999999', '', '3 3', '3.0', '\u00b2'].map(
    (value) => [`Content-Length "${value}"`, request([...MANDATORY, `Content-Length: ${value}`], 'abc'), 400, 'Bad Content-Length Header'] as const,
  ),
  ['§20.22 Max-Forwards 256', request(withLine('Max-Forwards: 256')), 400, 'Bad Max-Forwards Header'],
  ['two Call-IDs', request([...MANDATORY, 'i: other']), 400, 'Duplicate Call-ID Header'],
  ['two equal Content-Lengths', request([...MANDATORY, 'Content-Length: 3', 'l: 3'], 'abc'), 400, 'Duplicate Content-Length Header'],
  ['a line without colon', request([...MANDATORY, 'nonsense']), 400, 'Bad Header Line'],
  ['a control byte before the colon', request([...MANDATORY, 'X-A\x0b: 1']), 400, 'Bad Header Line'],
  ['NUL in a name', request([...MANDATORY, 'X\0A: 1']), 400, 'Bad Header Line'],
  ['an empty name', request([...MANDATORY, ': 1']), 400, 'Bad Header Line'],
  ['a bare LF as line end', request([...MANDATORY, 'X-A: 1\nX-B: 2']), 400, 'Bad Header Line'],
  ['a bare CR inside a line', request([...MANDATORY, 'X-A: 1\rX-B: 2']), 400, 'Bad Header Line'],
  ['a fold behind a bare LF', request([...MANDATORY, 'X-A: 1\n X-B: 2']), 400, 'Bad Header Line'],
  ['a fold before any header', request([' X-A: 1', ...MANDATORY]), 400, 'Bad Header Line'],
  ['no empty line', request().slice(0, -2), 400, 'Unterminated Headers'],
  ['513 headers', request([...MANDATORY, ...Array.from({ length: 513 }, () => 'a:')]), 400, 'Too Many Headers'],
  ['unterminated quote', request(withLine('To: "Bob <sip:bob@example.com>')), 400, 'Bad To Header'],
  ['two tags', request(withLine('From: <sip:a@b>;tag=1;tag=2')), 400, 'Bad From Header'],
  ['a tag that is no token', request(withLine('From: <sip:a@b>;tag="1"')), 400, 'Bad From Header'],
  ['a leader-breaking tag', request(withLine('From: <sip:a@b>;tag=a|b')), 400, 'Bad From Header'],
  ['a leader-breaking Call-ID', request(withLine('Call-ID: a|b')), 400, 'Bad Call-ID Header'],
  ['a Call-ID with a blank', request(withLine('Call-ID: a b')), 400, 'Bad Call-ID Header'],
  ['§20 a bare URI with ? in Contact', request([...MANDATORY, 'Contact: sip:a@b?Route=c']), 400, 'Bad Contact Header'],
  ['Contact with a stray comma', request([...MANDATORY, 'Contact: <sip:a@b>,,<sip:c@d>']), 400, 'Bad Contact Header'],
  ['§21.5.6 SIP/3.0', request(MANDATORY, '', 'INVITE sip:bob@example.com SIP/3.0'), 505, 'Version Not Supported'],
  ['§21.4.14 unknown scheme', request(MANDATORY, '', 'INVITE soap.beep://192.0.2.103 SIP/2.0'), 416, 'Unsupported URI Scheme'],
  ['§25.1 bad escape in the Request-URI', request(MANDATORY, '', 'INVITE sip:b%zzb@example.com SIP/2.0'), 400, 'Bad Request-URI'],
  ['§25.1 escape at the end', request(MANDATORY, '', 'INVITE sip:example.com;a=%2 SIP/2.0'), 400, 'Bad Request-URI'],
  ['§19.1.5 headers in the Request-URI', request(MANDATORY, '', 'INVITE sip:b@example.com?Route=x SIP/2.0'), 400, 'Bad Request-URI'],
  ['port beyond 65535', request(MANDATORY, '', 'INVITE sip:b@example.com:65536 SIP/2.0'), 400, 'Bad Request-URI'],
  ['two @', request(MANDATORY, '', 'INVITE sip:a@b@example.com SIP/2.0'), 400, 'Bad Request-URI'],
];

t.test('refused, with an answer', (t) => {
  for (const [rule, text, status, reason] of refusedRows) {
    t.match(parseMessage(text), { kind: 'invalid', status, reason, drop: false, partial: { method: 'INVITE' } }, rule);
  }
  t.end();
});

const droppedRows: readonly (readonly [rule: string, text: string])[] = [
  ['nothing', ''],
  ['empty lines', '\r\n\r\n'],
  ['noise', '\0\x01\x02'],
  ['no Via to answer to', request(MANDATORY.filter((line) => !line.startsWith('Via')))],
  ['an @ in the branch', request(withLine('Via: SIP/2.0/UDP 10.0.0.1;branch=z9@x'))],
  ['two branches', request(withLine('Via: SIP/2.0/UDP 10.0.0.1;branch=a;branch=b'))],
  ['empty via-params', request(withLine('Via: SIP/2.0/UDP 10.0.0.1;;,;,,'))],
  ['IPv6 without brackets in Via', request(withLine('Via: SIP/2.0/UDP 2001:db8::1;branch=z9hG4bKx'))],
  ['no response to ACK', request(withLine('CSeq: x'), '', 'ACK sip:bob@example.com SIP/2.0')],
  ['a faulty response', request(withLine('CSeq: 99999999999 INVITE'), '', 'SIP/2.0 200 OK')],
  ['a status of four digits', request(MANDATORY, '', 'SIP/2.0 2000 OK')],
  ['a status beyond 699', request(MANDATORY, '', 'SIP/2.0 700 OK')],
  ['no SIP version', request(MANDATORY, '', 'INVITE sip:bob@example.com')],
  ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
];

t.test('dropped', (t) => {
  for (const [rule, text] of droppedRows) t.match(parseMessage(text), { kind: 'invalid', drop: true }, rule);
  t.end();
});

t.test('§18.3: what follows the body of a datagram is cut off', (t) => {
  const message = read(request([...MANDATORY, 'Content-Length: 3'], 'abcINVITE sip:x'));
  t.equal(message.body, 'abc');
  t.ok(message.raw.endsWith('\r\n\r\nabc'));
  t.end();
});

t.test('hostile texts take linear time', (t) => {
  const size = 64_000;
  const rows: readonly (readonly [string, string])[] = [
    ['bare LFs', request(['a\n'.repeat(size / 2)])],
    ['names without colon', request(['c\r\n'.repeat(size / 3)])],
    ['one header in folds', request(['X-A: ' + 'b\r\n '.repeat(size / 4)])],
    ['blanks', request([`X-A:${' '.repeat(size)}b`])],
    ['blanks before the colon', request([`X-A${' '.repeat(size)}:b`])],
    ['quotes in Contact', request([...MANDATORY, `Contact: ${'"a" <sip:b@c>,'.repeat(size / 14)}<sip:b@c>`])],
    ['parameters in Via', request(withLine(`Via: SIP/2.0/UDP a${';b=c'.repeat(size / 4)}`))],
    ['escapes in the Request-URI', request(MANDATORY, '', `INVITE sip:${'%41'.repeat(size / 3)}@example.com SIP/2.0`)],
    ['backslashes', request(withLine(`From: "${'\\'.repeat(size)}`))],
  ];
  for (const [rule, text] of rows) {
    const taken = quickest(20, () => {
      const result = parseMessage(text);
      if (result.kind === 'message') for (const { name } of result.message.headers.slice(0, 8)) result.message.all(name);
    });
    t.ok(taken < 20, `${rule}: ${taken.toFixed(1)} ms`);
  }
  t.end();
});
