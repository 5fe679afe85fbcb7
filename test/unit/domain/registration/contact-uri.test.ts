import fc from 'fast-check';
import t from 'tap';
import { behindNat, contactKey, sameContact } from '../../../../src/domain/registration/contact-uri.js';

/** The examples of RFC 3261 §19.1.4, in its order. */
const RFC_SAME = [
  ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtlanTa.CoM;Transport=tcp'],
  ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
  ['sip:carol@chicago.com', 'sip:carol@chicago.com;security=on'],
  ['sip:carol@chicago.com;newparam=5', 'sip:carol@chicago.com;security=on'],
  ['sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com', 'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com'],
  ['sip:alice@atlanta.com?subject=project%20x&priority=urgent', 'sip:alice@atlanta.com?priority=urgent&subject=project%20x'],
] as const;
const RFC_DIFFERENT = [
  ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
  ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
  ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
  ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
  ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
  ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
] as const;
const OURS_DIFFERENT = [
  ['sip:a@h', 'sips:a@h'],
  ['sip:a@h', 'sip:h'],
  ['sip:a:p@h', 'sip:a@h'],
  ['sip:a@h;user=phone', 'sip:a@h'],
  ['sip:a@h;maddr=192.0.2.1', 'sip:a@h'],
  ['sip:a@h;ttl=1', 'sip:a@h;ttl=2'],
  ['sip:a%2Bb@h', 'sip:a+b@h'],
] as const;

t.test('RFC 3261 §19.1.4', async (t) => {
  for (const [a, b] of RFC_SAME) {
    t.ok(sameContact(a, b) && sameContact(b, a), `${a} is ${b}`);
    t.equal(contactKey(a), contactKey(b), `one key: ${a}`);
  }
  for (const [a, b] of [...RFC_DIFFERENT, ...OURS_DIFFERENT]) {
    t.notOk(sameContact(a, b) || sameContact(b, a), `${a} is not ${b}`);
    t.not(contactKey(a), contactKey(b), `two keys: ${a}`);
  }
});

t.test('another parameter counts only where both have it', async (t) => {
  t.notOk(sameContact('sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'));
  t.equal(contactKey('sip:a@h;rinstance=1'), contactKey('sip:a@h;rinstance=2'), 'a phone that restarted replaces its contact');
});

t.test('what is no SIP URI is its own key', async (t) => {
  for (const text of ['', 'tel:+1', 'sip:', 'sip:@h', 'sip:a@', 'sip:a@h:99999', 'sip:a@h:x', 'sip:a@[::1', 'sip:a b']) {
    t.equal(contactKey(text), text);
    t.ok(sameContact(text, text));
    t.notOk(sameContact(text, 'sip:a@h'));
  }
});

const piece = fc.constantFrom('a', 'A', '%41', '%2b', '+', 'b', '1', '%zz');
const uri = fc.record({
  scheme: fc.constantFrom('sip', 'SIPS'), user: fc.array(piece, { minLength: 1, maxLength: 3 }), host: fc.constantFrom('h', 'H', '[::1]', '192.0.2.1'),
  port: fc.constantFrom('', ':5060', ':5061'),
  params: fc.array(fc.constantFrom(';transport=tcp', ';Transport=TCP', ';user=phone', ';x=1', ';x=2', ';lr', ';ttl=1'), { maxLength: 3 }),
  headers: fc.constantFrom('', '?a=1&b=2', '?b=2&a=1'),
}).map(({ scheme, user, host, port, params, headers }) => `${scheme}:${user.join('')}@${host}${port}${params.join('')}${headers}`);

t.test('the same contact has the same key; comparing is reflexive and symmetric', async () => {
  fc.assert(fc.property(uri, uri, (a, b) => {
    const same = sameContact(a, b);
    return (!same || contactKey(a) === contactKey(b)) && same === sameContact(b, a) && sameContact(a, a);
  }), { numRuns: 3000 });
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof contactKey(`sip:${text}`) === 'string' && sameContact(text, text)));
});

const udp = { transport: 'udp', address: '192.0.2.7', port: 5060 };
const NAT = [
  ['own address and port', 'sip:d@192.0.2.7:5060', udp, false],
  ['port 5060 when none is written', 'sip:d@192.0.2.7', udp, false],
  ['private address behind a public one', 'sip:d@10.0.0.5:5060', udp, true],
  ['mapped port', 'sip:d@192.0.2.7:5060', { ...udp, port: 40001 }, true],
  ['a host name', 'sip:d@df7jal23ls0d.invalid;transport=ws', { transport: 'ws', address: '192.0.2.7', port: 50000 }, true],
  ['IPv6 in another spelling', 'sip:d@[2001:DB8:0::1]:5060', { transport: 'udp', address: '2001:db8::1', port: 5060 }, false],
  ['IPv4 mapped into IPv6', 'sip:d@192.0.2.7:5060', { ...udp, address: '::ffff:192.0.2.7' }, false],
  ['TLS has port 5061 when none is written', 'sip:d@192.0.2.7;transport=tls', { transport: 'tls', address: '192.0.2.7', port: 5061 }, false],
  ['no SIP URI', 'tel:1', udp, true],
] as const;

t.test('behind a NAT', async (t) => {
  for (const [name, contact, flow, natted] of NAT) t.equal(behindNat(contact, flow), natted, name);
});
