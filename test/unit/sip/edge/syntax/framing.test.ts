import t from 'tap';
import { StreamFramer, type StreamEvent } from '../../../../../sip/edge/syntax/framing.js';
import { quickest } from '../../../../support/quickest.js';

const HEAD = 'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n';
const EMPTY = `${HEAD}Content-Length: 0\r\n\r\n`;
const BODY = `${HEAD}l: 5\r\n\r\nhello`;

function feed(portions: readonly string[], maxMessageBytes?: number): readonly string[] {
  const framer = new StreamFramer(maxMessageBytes);
  return portions.flatMap((portion) => framer.push(Buffer.from(portion, 'latin1'))).map((event) => {
    if (event.kind === 'message') return event.raw;
    return event.kind === 'fault' ? `fault ${event.reason}` : event.kind;
  });
}

const rows: readonly (readonly [rule: string, portions: readonly string[], expected: readonly string[], max?: number])[] = [
  ['one message', [EMPTY], [EMPTY]],
  ['a body by the compact length', [BODY], [BODY]],
  ['byte by byte', [...BODY], [BODY]],
  ['two in one portion', [EMPTY + BODY], [EMPTY, BODY]],
  ['one and a half, then the rest', [EMPTY + BODY.slice(0, 30), BODY.slice(30) + EMPTY], [EMPTY, BODY, EMPTY]],
  ['the empty line split', [EMPTY.slice(0, -3), EMPTY.slice(-3, -1), EMPTY.slice(-1)], [EMPTY]],
  ['RFC 5626 §4.4.1 ping', ['\r\n\r\n'], ['keepalive-ping']],
  ['a pong, then a message', [`\r\n${EMPTY}`], ['keepalive-pong', EMPTY]],
  ['a ping in two portions', ['\r\n', '\r\n'], ['keepalive-pong', 'keepalive-ping']],
  ['a ping byte by byte', ['\r', '\n', '\r', '\n'], ['keepalive-pong', 'keepalive-ping']],
  ['a ping before a message', [`\r\n\r\n${EMPTY}`], ['keepalive-ping', EMPTY]],
  ['Interop: no Content-Length is no body', [`${HEAD}\r\n${EMPTY}`], [`${HEAD}\r\n`, EMPTY]],
  ['a folded length', [`${HEAD}Content-Length:\r\n 5\r\n\r\nhello`], [`${HEAD}Content-Length:\r\n 5\r\n\r\nhello`]],
  ['a blank before the colon', [`${HEAD}Content-Length : 5\r\n\r\nhello`], [`${HEAD}Content-Length : 5\r\n\r\nhello`]],
  ['RFC 4475 §3.1.2.3: the headers for a 400, then the end', [`${HEAD}l: -1\r\n\r\n${EMPTY}`], [`${HEAD}l: -1\r\n\r\n`, 'fault bad-content-length']],
  ['RFC 4475 §3.3.9: two lengths', [`${HEAD}l: 5\r\nContent-Length: 5\r\n\r\nhello`], [`${HEAD}l: 5\r\nContent-Length: 5\r\n\r\n`, 'fault bad-content-length']],
  ['0x5', [`${HEAD}l: 0x5\r\n\r\n`], [`${HEAD}l: 0x5\r\n\r\n`, 'fault bad-content-length']],
  ['a body beyond the limit', [`${HEAD}l: 5000\r\n\r\n`], ['fault message-too-large'], 4096],
  ['headers beyond the limit', ['X'.repeat(4097)], ['fault message-too-large'], 4096],
  ['headers beyond the limit in portions', Array.from({ length: 50 }, () => 'X'.repeat(100)), ['fault message-too-large'], 4096],
  ['a message of exactly the limit', [`${HEAD}l: ${4096 - HEAD.length - 11}\r\n\r\n${'b'.repeat(4096 - HEAD.length - 11)}`],
    [`${HEAD}l: ${4096 - HEAD.length - 11}\r\n\r\n${'b'.repeat(4096 - HEAD.length - 11)}`], 4096],
  ['a TLS hello', ['\x16\x03\x01'], ['fault not-sip']],
  ['nothing after a fault', ['\x16', EMPTY], ['fault not-sip']],
];

t.test('a stream is cut into messages', (t) => {
  for (const [rule, portions, expected, max] of rows) t.same(feed(portions, max), expected, rule);
  t.end();
});

t.test('midMessage tells whether the deadline runs', (t) => {
  const framer = new StreamFramer();
  t.equal(framer.midMessage, false);
  framer.push(Buffer.from(EMPTY.slice(0, 10)));
  t.equal(framer.midMessage, true);
  framer.push(Buffer.from(EMPTY.slice(10)));
  t.equal(framer.midMessage, false);
  t.end();
});

t.test('64 KiB one byte at a time is no quadratic work', (t) => {
  const bytes = Buffer.from(`${HEAD}X: ${'y'.repeat(60_000)}\r\n\r\n`, 'latin1');
  let messages = 0;
  const taken = quickest(500, () => {
    const framer = new StreamFramer();
    messages = 0;
    for (let at = 0; at < bytes.length; at += 1) messages += framer.push(bytes.subarray(at, at + 1)).length;
  });
  t.equal(messages, 1);
  t.ok(taken < 500, `${taken.toFixed(0)} ms`);
  t.end();
});

t.test('a header section above the limit is refused, in whatever portions it comes and whatever it says of its length', (t) => {
  const text = `OPTIONS sip:a@b SIP/2.0\r\nX: ${'x'.repeat(300)}\r\nContent-Length: 0@\r\n\r\n`;
  for (const portion of [1, 100, text.length]) {
    const framer = new StreamFramer(200);
    const events: StreamEvent[] = [];
    for (let at = 0; at < text.length; at += portion) events.push(...framer.push(Buffer.from(text.slice(at, at + portion), 'latin1')));
    t.strictSame(events, [{ kind: 'fault', reason: 'message-too-large' }], `by ${portion}`);
  }
  t.end();
});
