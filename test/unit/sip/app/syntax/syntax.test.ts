import t from 'tap';
import type { SipMessage } from 'drachtio-srf';
import { aorOf, hasToTag } from '../../../../../sip/app/syntax/aor.js';
import { headerOf, numberOf, tokensOf, viaTransport } from '../../../../../sip/app/syntax/header.js';
import { parseNameAddr, quoteDisplay, splitList } from '../../../../../sip/app/syntax/name-addr.js';

const message = (headers: Record<string, string>): SipMessage => ({ headers, body: '' });

t.test('name-addr and addr-spec (RFC 3261 §20)', (t) => {
  t.same(parseNameAddr('"Ann \\"A\\" <x>" <sip:a@b;lr>;tag=1;Q'), { display: 'Ann "A" <x>', uri: 'sip:a@b;lr', params: [['tag', '1'], ['q', null]] });
  t.same(parseNameAddr('Ann B <sip:a@b>'), { display: 'Ann B', uri: 'sip:a@b', params: [] });
  t.same(parseNameAddr('sip:a@b;tag=1'), { display: '', uri: 'sip:a@b', params: [['tag', '1']] }, 'without brackets parameters are the header\'s');
  for (const broken of ['', '"open <sip:a@b>', '<sip:a@b', '<>', 'sip:a b', '<sip:a@b>x', '<sip:a "b@c>']) t.equal(parseNameAddr(broken), null, broken);
  t.end();
});

t.test('lists are cut outside quotes and brackets', (t) => {
  t.same(splitList('"a, b" <sip:a@b?x=1,2>;p="c,d", <sip:c@d>,, '), ['"a, b" <sip:a@b?x=1,2>;p="c,d"', '<sip:c@d>']);
  t.end();
});

t.test('long input takes no long time', (t) => {
  const began = performance.now();
  const long = '"'.repeat(1) + '\\"'.repeat(20_000);
  parseNameAddr(long);
  splitList(','.repeat(60_000));
  parseNameAddr('a '.repeat(30_000));
  t.ok(performance.now() - began < 200);
  t.end();
});

t.test('headers', (t) => {
  const wire = message({ from: '"A" <sip:%61nn@Office.Example>;tag=x', to: '<sip:b@c>', x: '90', require: 'a,B ,', 'max-forwards': '+7', via: 'SIP/2.0/WSS h;branch=1,SIP/2.0/UDP x', subject: 'a\r\n b\u0000c' });
  t.same(aorOf(wire, 'from'), { user: 'ann', host: 'office.example', tag: 'x' });
  t.notOk(hasToTag(wire));
  t.ok(hasToTag(message({ to: '<sip:b@c>;tag=1' })));
  t.equal(aorOf(message({ to: '<tel:+1>' }), 'to'), null);
  t.equal(headerOf(wire, 'session-expires'), '90', 'compact form');
  t.equal(headerOf(wire, 'subject'), 'a  b c', 'one line, no control characters');
  t.same(tokensOf(wire, 'require'), ['a', 'b']);
  t.ok(Number.isNaN(numberOf(wire, 'max-forwards')));
  t.equal(numberOf(wire, 'min-se'), null);
  t.equal(viaTransport(wire), 'wss');
  t.equal(headerOf(message({}), 'constructor'), undefined);
  t.end();
});

t.test('a display name cannot break out of its quotes', (t) => {
  t.equal(quoteDisplay('A "B" \\ C\r\nX: y'), '"A \\"B\\" \\\\ C X: y" ');
  t.equal(quoteDisplay('  '), '');
  t.end();
});
