import t from 'tap';
import { parameter, parseParameters, splitComma } from '../../../../../sip/edge/syntax/lists.js';
import { parseContacts, parseNameAddr } from '../../../../../sip/edge/syntax/name-addr.js';
import { copied, oneLine } from '../../../../../sip/edge/syntax/text.js';
import { parseUri, unescaped } from '../../../../../sip/edge/syntax/uri.js';

t.test('sip URIs', (t) => {
  t.match(parseUri('sip:alice:secretword@[2001:db8::1]:5061;transport=TCP;lr?to=x&y=z'), {
    kind: 'sip',
    uri: {
      scheme: 'sip', user: 'alice', password: 'secretword', host: '[2001:db8::1]', port: 5061, headers: 'to=x&y=z',
      parameters: [{ name: 'transport', value: 'TCP' }, { name: 'lr', value: undefined }],
    },
  });
  t.match(parseUri('SIPS:example.com'), { kind: 'sip', uri: { scheme: 'sips', user: undefined, host: 'example.com', port: undefined, parameters: [] } });
  t.match(parseUri('sip:user;par=u%40example.net@example.com'), { kind: 'sip', uri: { user: 'user;par=u%40example.net', parameters: [] } },
    'RFC 4475 §3.1.1.9');
  t.match(parseUri('tel:+49-30-123;phone-context=x'), { kind: 'other', uri: { scheme: 'tel', rest: '+49-30-123;phone-context=x' } });
  for (const bad of ['', 'sip:', 'alice', 'sip:@host', 'sip:a@', 'sip:a b@c', 'sip:a@b:0x1', 'sip:a@b:', 'sip:a@b;', 'sip:a@b;;x', 'sip:a@[::g]',
    'sip:a@[::1', 'sip:%4@b', '<sip:a@b>', 'sip:a@b;x=', 'sip:2001:db8::10']) {
    t.equal(parseUri(bad), undefined, JSON.stringify(bad));
  }
  t.end();
});

t.test('RFC 4475 §3.1.1.3: unescaped once, never thrown at', (t) => {
  t.equal(unescaped('v%61lue%25%34%31'), 'value%41');
  t.equal(unescaped('%00'), '\0');
  t.equal(unescaped('%'), '%');
  t.equal(unescaped('%zz%41%4'), '%zzA%4');
  t.equal(unescaped('%ff'), '\xff');
  t.end();
});

t.test('name-addr', (t) => {
  t.same(parseNameAddr('"A \\"B\\", C" <sip:a@b;lr>;tag=1;X="q;\\"r"'), {
    displayName: 'A "B", C', uri: 'sip:a@b;lr', parameters: [{ name: 'tag', value: '1' }, { name: 'x', value: 'q;"r' }],
  });
  t.same(parseNameAddr('sip:a@b;tag=1'), { displayName: undefined, uri: 'sip:a@b', parameters: [{ name: 'tag', value: '1' }] }, '§20: parameters belong to the header');
  t.same(parseNameAddr('Ann Lee<sip:a@b>'), { displayName: 'Ann Lee', uri: 'sip:a@b', parameters: [] }, 'RFC 4475 §3.1.1.6');
  t.same(parseNameAddr('A\r\n B <sip:a@b>\r\n ;q=0.1'), { displayName: 'A B', uri: 'sip:a@b', parameters: [{ name: 'q', value: '0.1' }] });
  for (const bad of ['', '<>', '<sip:a@b', '< sip:a@b>', 'Bell, A <sip:a@b>', '"x <sip:a@b>', 'sip:a@b?x', '<sip:a@b>;', '<sip:a@b> x', '<sip:a@b>;x=']) {
    t.equal(parseNameAddr(bad), undefined, JSON.stringify(bad));
  }
  t.end();
});

t.test('lists', (t) => {
  t.same(splitComma('"a,b" <sip:x,y@z>;q=1 , <sip:c@d> ,, e'), ['"a,b" <sip:x,y@z>;q=1', '<sip:c@d>', 'e']);
  t.same(splitComma('"open, <sip:c@d>'), ['"open, <sip:c@d>']);
  t.same(splitComma(''), []);
  t.same(parseContacts(['*']), { kind: 'all' });
  t.equal(parseContacts(['*', '<sip:a@b>']), undefined, '§10.3 step 6');
  t.match(parseContacts(['<sip:a@b>;expires=1, sip:c@d', '<sip:e@f>']), { kind: 'list', contacts: [{ uri: 'sip:a@b' }, { uri: 'sip:c@d' }, { uri: 'sip:e@f' }] });
  const parameters = parseParameters(';a;B=2;a=3') ?? [];
  t.equal(parameter(parameters, 'a'), true);
  t.equal(parameter(parameters, 'b'), '2');
  t.equal(parameter(parameters, 'c'), undefined);
  t.equal(parameter(parameters, '__proto__'), undefined);
  t.end();
});

t.test('text', (t) => {
  t.equal(copied('z9hG4bK-some-longer-text\xff'), 'z9hG4bK-some-longer-text\xff');
  t.equal(oneLine('a\r\nb\0c'), 'a  b c');
  t.end();
});
