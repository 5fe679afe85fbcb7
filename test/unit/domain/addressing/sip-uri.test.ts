import fc from 'fast-check';
import t from 'tap';
import { sameHost } from '../../../../src/domain/addressing/host.js';
import { parseSipUri, unescapeUri, uriParam } from '../../../../src/domain/addressing/sip-uri.js';

const READ = [
  ['host alone', 'sip:example.org', { scheme: 'sip', user: null, host: 'example.org', port: null }],
  ['everything', 'SIPS:a:b@H.Example:5061;Transport=TCP;lr?x=1', { scheme: 'sips', user: 'a', password: 'b', host: 'h.example', port: 5061, headers: 'x=1' }],
  ['IPv6 with port', 'sip:a@[2001:DB8::1]:5070', { host: '[2001:db8::1]', port: 5070 }],
  ['semicolon and question mark in the user', 'sip:a;b?c@h', { user: 'a;b?c', host: 'h' }],
  ['escaped at sign in the user', 'sip:a%40b@h', { user: 'a%40b', host: 'h' }],
] as const;

t.test('reads (RFC 3261 §19.1.1)', async (t) => {
  for (const [name, text, expected] of READ) t.match(parseSipUri(text), expected, name);
  const uri = parseSipUri('sip:h;Transport=TCP;lr');
  t.ok(uri);
  if (uri !== null) t.same([uriParam(uri, 'transport'), uriParam(uri, 'lr'), uriParam(uri, 'ttl')], ['tcp', '', null], 'parameters');
});

t.test('refuses', async (t) => {
  for (const text of ['', 'sip', 'sip:', 'sip:@h', 'tel:1', 'sip:a@b@c', 'sip:a@h:', 'sip:a@h:65536', 'sip:a@h:+1', 'sip:a@h h', 'sip:a@[::1', 'sip:a@h\0']) {
    t.equal(parseSipUri(text), null, JSON.stringify(text));
  }
});

const ESCAPES = [['%23', '#'], ['%2a91', '*91'], ['%', '%'], ['%4', '%4'], ['%zz', '%zz'], ['%C3%BC', 'ü'], ['%ff', '\uFFFD'], ['%C3x%41', '\uFFFDxA'], ['a+b', 'a+b']] as const;

t.test('unescaping never throws', async (t) => {
  for (const [text, plain] of ESCAPES) t.equal(unescapeUri(text), plain, text);
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('%', '4', '1', 'C', '3', 'f', 'x') }), (text) => typeof unescapeUri(text) === 'string'));
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => unescapeUri(encodeURIComponent(text)) === text));
});

const HOSTS = [
  ['same text', 'h', 'h', true], ['letter case', 'H', 'h', true], ['brackets', '[::1]', '::1', true], ['zero compression', '2001:db8:0:0:0:0:0:1', '2001:db8::1', true],
  ['IPv4-mapped', '::ffff:192.0.2.1', '192.0.2.1', true], ['scope', 'fe80::1%eth0', 'fe80::1', true], ['other IPv6', '2001:db8::1', '2001:db8::10', false],
  ['other IPv4', '192.0.2.1', '192.0.2.10', false], ['gap elsewhere', '1::2:0', '1:2::0', false],
] as const;

t.test('hosts', async (t) => {
  for (const [name, a, b, same] of HOSTS) t.equal(sameHost(a, b), same, name);
});
