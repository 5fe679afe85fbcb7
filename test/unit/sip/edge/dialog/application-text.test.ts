import t from 'tap';
import { quickest } from '../../../../support/quickest.js';
import { bracketed, hasOption, wireHeaders, withOwnAddress } from '../../../../../sip/edge/dialog/app-headers.js';
import { appHeader, cseqMethod, readAppSip, readRequestLine, readStatusLine, tagIn } from '../../../../../sip/edge/dialog/app-text.js';

t.test('readAppSip', (t) => {
  const sip = readAppSip('SIP/2.0 200 OK\r\ni: 1@a\r\nContact: <sip:a@localhost>\r\nsubject: \r\nno colon\r\nbad name: x\r\nX-a: one\ntwo\r\n\r\nv=0\r\n\r\nmore');
  t.equal(sip.startLine, 'SIP/2.0 200 OK');
  t.strictSame(sip.headers.map(({ name, value }) => [name, value]), [['call-id', '1@a'], ['contact', '<sip:a@localhost>'], ['subject', '']],
    'lines that are no header, and values that would break a line, are left out');
  t.equal(sip.body, 'v=0\r\n\r\nmore', 'everything behind the first empty line');
  t.equal(appHeader(sip, 'call-id'), '1@a');
  t.strictSame(readAppSip('BYE sip:a SIP/2.0'), { startLine: 'BYE sip:a SIP/2.0', headers: [], body: '' });
  t.strictSame(readAppSip(''), { startLine: '', headers: [], body: '' });
  t.end();
});

t.test('start lines', (t) => {
  t.strictSame(readStatusLine('SIP/2.0 180 Ringing Now'), { status: 180, reason: 'Ringing Now' });
  for (const line of ['SIP/2.0 99 No', 'SIP/2.0 700 No', 'SIP/2.0 abc', 'HTTP/1.1 200 OK']) t.equal(readStatusLine(line), undefined, line);
  t.strictSame(readRequestLine('INVITE sip:a@b SIP/2.0'), { method: 'INVITE', uri: 'sip:a@b' });
  for (const line of ['INVITE sip:a', 'INVITE  SIP/2.0', 'IN VITE sip:a SIP/2.0', 'INVITE sip:a SIP/1.0']) t.equal(readRequestLine(line), undefined, line);
  t.equal(cseqMethod('12 update'), 'UPDATE');
  t.equal(cseqMethod(undefined), '');
  t.end();
});

t.test('tagIn', (t) => {
  const rows: readonly [string, string | undefined][] = [
    ['<sip:a@b>;tag=x1', 'x1'], ['tag=123@10.0.0.1', '123@10.0.0.1'], ['<sip:a@b>', undefined], ['<sip:a@b;tag=uri>', undefined],
    ['"A" <sip:a@b>;p=1;TAG=x;q=2', 'x'],
  ];
  for (const [value, tag] of rows) t.equal(tagIn(value), tag, value);
  t.end();
});

t.test('wireHeaders (drachtio wire protocol §6)', (t) => {
  const { headers } = readAppSip([
    'X', 'via: SIP/2.0/UDP x', 'route: <sip:r>', 'record-route: <sip:r>', 'rseq: 1', 'content-length: 5', 'from: <sip:1@localhost>;tag=a',
    'contact: sip:1@localhost', 'p-asserted-identity: <sip:1@localhost>', 'subject: call me @localhost', 'my-custom: 1', 'X-foo-bar: 2', 'cseq: 1 A',
  ].join('\r\n'));
  t.strictSame(wireHeaders(headers, new Set(['cseq']), '192.0.2.1:5060'), [
    ['From', '<sip:1@192.0.2.1:5060>;tag=a'], ['Contact', '<sip:1@192.0.2.1:5060>'], ['P-Asserted-Identity', '<sip:1@192.0.2.1:5060>'],
    ['Subject', 'call me @localhost'], ['My-Custom', '1'], ['X-foo-bar', '2'],
  ]);
  t.end();
});

t.test('@localhost, brackets and option tags', (t) => {
  t.equal(withOwnAddress('sip:1@localhost:5080;x=y', '192.0.2.1:5060'), 'sip:1@192.0.2.1:5060;x=y');
  t.equal(withOwnAddress('sip:1@localhost.example.com', '192.0.2.1:5060'), 'sip:1@localhost.example.com', 'only that host');
  t.equal(bracketed('sip:a@b;expires=60'), '<sip:a@b>;expires=60', 'parameters of the bare form are the header\'s (RFC 3261 §20.10)');
  t.equal(bracketed('*'), '*');
  t.equal(bracketed('"A" <sip:a@b>'), '"A" <sip:a@b>');
  t.ok(hasOption('timer, 100REL', '100rel'));
  t.notOk(hasOption('x100rel', '100rel'));
  t.notOk(hasOption(undefined, '100rel'));
  t.end();
});

t.test('a frame full of lines without colon is no quadratic work', (t) => {
  const text = `SIP/2.0 200 OK\r\n${'1>\r\n'.repeat(24_000)}X: y\r\n\r\n`;
  let headers = 0;
  const taken = quickest(20, () => {
    headers = readAppSip(text).headers.length;
  });
  t.equal(headers, 1);
  t.ok(taken < 20, `${taken.toFixed(1)} ms`);
  t.end();
});

t.test('start lines that would break the line, or whose status is no three digits, are none', (t) => {
  for (const line of ['SIP/2.0 200 a\nb', 'SIP/2.0 200 a\rb', 'SIP/2.0 200 \0', 'SIP/2.0 2e2 OK', 'SIP/2.0 1.5 OK', 'SIP/2.0  20 OK', 'SIP/2.0 2000 OK', 'SIP/2.0 200OK']) {
    t.equal(readStatusLine(line), undefined, JSON.stringify(line));
  }
  t.strictSame(readStatusLine('SIP/2.0 200'), { status: 200, reason: '' });
  t.strictSame(readStatusLine('SIP/2.0 486 Busy Here'), { status: 486, reason: 'Busy Here' });
  for (const line of ['INFO sip:a\nX:b SIP/2.0', 'INFO sip:a\r SIP/2.0', 'INFO sip:a\0 SIP/2.0']) t.equal(readRequestLine(line), undefined, JSON.stringify(line));
  t.end();
});
