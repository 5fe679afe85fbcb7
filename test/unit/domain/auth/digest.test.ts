import fc from 'fast-check';
import t from 'tap';
import {
  deviceHa1, digestMatches, digestResponse, digestUriMatches, equalConstantTime, formatChallenge, parseAuthorization,
  type DigestCredentials,
} from '../../../../src/domain/auth/digest.js';
import { nodeHash } from '../../../support/node-digest-hash.js';

function credentialsOf(header: string): DigestCredentials {
  const parsed = parseAuthorization(header);
  if (parsed.kind !== 'digest') throw new Error(parsed.reason);
  return parsed.credentials;
}

/** RFC 7616 §3.9.1, both algorithms; RFC 2617 §3.5; the same without qop as RFC 2069 §2.4 computes it. */
const VECTORS = [
  {
    name: 'RFC 7616 §3.9.1 MD5', password: 'Circle of Life', realm: 'http-auth@example.org', method: 'GET',
    header: 'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, '
      + 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", '
      + 'qop=auth, response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  },
  {
    name: 'RFC 7616 §3.9.1 SHA-256', password: 'Circle of Life', realm: 'http-auth@example.org', method: 'GET',
    header: 'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=SHA-256, '
      + 'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", '
      + 'qop=auth, response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  },
  {
    name: 'RFC 2617 §3.5 MD5 by default', password: 'Circle Of Life', realm: 'testrealm@host.com', method: 'GET',
    header: 'Digest username="Mufasa",realm="testrealm@host.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",uri="/dir/index.html",'
      + 'qop=auth,nc=00000001,cnonce="0a4f113b",response="6629fae49393a05397450978507c4ef1",opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  },
  {
    name: 'RFC 3261 §22.4 point 8: no qop', password: 'Circle Of Life', realm: 'testrealm@host.com', method: 'GET',
    header: 'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", '
      + 'response="670fd8c2df070c60b045671b8b24ff02"',
  },
] as const;

t.test('published vectors', async (t) => {
  for (const { name, header, password, realm, method } of VECTORS) {
    const credentials = credentialsOf(header);
    const ha1 = deviceHa1(nodeHash, 'Mufasa', realm, password);
    t.ok(digestMatches(credentials, { method, ha1, hash: nodeHash }), name);
    t.notOk(digestMatches(credentials, { method: 'POST', ha1, hash: nodeHash }), `${name}: another method`);
    t.notOk(digestMatches({ ...credentials, uri: '/other' }, { method, ha1, hash: nodeHash }), `${name}: another uri`);
    t.notOk(digestMatches({ ...credentials, nonce: 'x' }, { method, ha1, hash: nodeHash }), `${name}: another nonce`);
    t.notOk(digestMatches(credentials, { method, ha1: deviceHa1(nodeHash, 'Mufasa', realm, 'wrong'), hash: nodeHash }), `${name}: another password`);
  }
});

function asAuthInt({ method, uri, nonce, ncText, cnonce }: DigestCredentials & { readonly method: string }, ha1: string): string {
  return nodeHash('md5', `${ha1}:${nonce}:${ncText}:${cnonce}:auth-int:${nodeHash('md5', `${method}:${uri}`)}`);
}

t.test('what never matches', async (t) => {
  const ha1 = deviceHa1(nodeHash, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
  const good = credentialsOf(VECTORS[0].header);
  const rows: readonly (readonly [string, DigestCredentials])[] = [
    ['an unknown algorithm', { ...good, algorithm: null }],
    ['auth-int, which is never offered, even computed as auth is', { ...good, qop: 'auth-int', response: asAuthInt({ ...good, method: 'GET' }, ha1.MD5) }],
    ['an empty response', { ...good, response: '' }],
    ['a response with one digit more', { ...good, response: `${good.response}0` }],
    ['the MD5 response under SHA-256', { ...good, algorithm: 'SHA-256' }],
    ['another count', { ...good, ncText: '00000002' }],
  ];
  for (const [name, credentials] of rows) t.notOk(digestMatches(credentials, { method: 'GET', ha1, hash: nodeHash }), name);
});

const MINIMUM = 'username="u", realm="r", nonce="n", uri="sip:x", response="abc"';
const READ: readonly (readonly [string, string, Partial<DigestCredentials>])[] = [
  ['MD5 where no algorithm is named', `Digest ${MINIMUM}`, { algorithm: 'MD5', qop: null, nc: null, ncText: '' }],
  ['scheme and names in any case', `dIgEsT ${MINIMUM.replace('username', 'UserName')}`, { username: 'u' }],
  ['quoted algorithm and qop', `Digest ${MINIMUM}, algorithm="sha-256", qop="auth", nc="00000010", cnonce="c"`, { algorithm: 'SHA-256', qop: 'auth', nc: 16 }],
  ['unknown algorithm', `Digest ${MINIMUM}, algorithm=MD5-sess`, { algorithm: null }],
  ['nc as hexadecimal', `Digest ${MINIMUM}, qop=auth, nc=0000001f, cnonce="c"`, { nc: 31, ncText: '0000001f' }],
  ['nc at its largest', `Digest ${MINIMUM}, qop=auth, nc=ffffffff, cnonce="c"`, { nc: 4294967295 }],
  ['commas and quotes inside quoted text', `Digest ${MINIMUM.replace('"u"', '"a\\"b, c=d"')}`, { username: 'a"b, c=d' }],
  ['empty list elements and line folding', `Digest  , ${MINIMUM.replaceAll(', ', ' ,\r\n\t ,')} ,, `, { uri: 'sip:x', response: 'abc' }],
  ['response in lower case', `Digest ${MINIMUM.replace('"abc"', '"ABC"')}`, { response: 'abc' }],
  ['unknown parameters', `Digest ${MINIMUM}, auts="", x-vendor=1`, { realm: 'r' }],
  ['names of Object.prototype', `Digest ${MINIMUM}, __proto__=x, constructor=y`, { username: 'u' }],
];

t.test('reads', async (t) => {
  for (const [name, header, expected] of READ) t.match(parseAuthorization(header), { kind: 'digest', credentials: expected }, name);
});

const MALFORMED: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /scheme/],
  ['another scheme', 'Basic dTpw', /Basic is not Digest/],
  ['no parameters', 'Digest ', /username is missing/],
  ['no username', `Digest ${MINIMUM.replace('username="u", ', '')}`, /username is missing/],
  ['an empty nonce', `Digest ${MINIMUM.replace('"n"', '""')}`, /nonce is missing/],
  ['a name given twice', `Digest ${MINIMUM}, username="v"`, /username is given twice/],
  ['an open quote', `Digest ${MINIMUM}, opaque="x`, /no parameter at character/],
  ['qop without nc', `Digest ${MINIMUM}, qop=auth, cnonce="c"`, /nc is missing/],
  ['qop without cnonce', `Digest ${MINIMUM}, qop=auth, nc=00000001`, /cnonce is missing/],
  ['nc that is no count', `Digest ${MINIMUM}, qop=auth, nc=-1, cnonce="c"`, /nc is not/],
  ['nc of nine digits', `Digest ${MINIMUM}, qop=auth, nc=000000001, cnonce="c"`, /nc is not/],
  ['an unknown qop', `Digest ${MINIMUM}, qop=token, nc=00000001, cnonce="c"`, /qop/],
];

t.test('names what is wrong with', async (t) => {
  for (const [name, header, reason] of MALFORMED) t.match(parseAuthorization(header), { kind: 'malformed', reason }, name);
});

t.test('any text is read or refused, in time that grows with its length only', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => ['digest', 'malformed'].includes(parseAuthorization(`Digest ${text}`).kind)));
  for (const nasty of [' '.repeat(60_000), ','.repeat(60_000), 'a='.repeat(30_000), `a="${'\\'.repeat(60_000)}`, `${MINIMUM}${' '.repeat(60_000)}x`]) {
    parseAuthorization(`Digest ${nasty}`);
  }
});

t.test('the challenge', async (t) => {
  t.equal(
    formatChallenge({ realm: 'example.org', nonce: 'n.1', algorithm: 'SHA-256', stale: false }),
    'Digest realm="example.org", nonce="n.1", algorithm=SHA-256, qop="auth"', 'RFC 7616 §3.3: algorithm unquoted, the others quoted',
  );
  t.match(formatChallenge({ realm: 'r', nonce: 'n', algorithm: 'MD5', stale: true }), /, stale=true$/, 'stale');
  t.match(formatChallenge({ realm: 'a"b\\c', nonce: 'n', algorithm: 'MD5', stale: false }), /realm="a\\"b\\\\c"/, 'quotes in the realm are escaped');
});

t.test('what a client computes is accepted', async () => {
  const text = fc.stringMatching(/^[A-Za-z0-9 !#$%&'()*+,./:;<=>?@[\]^_`{|}~-]{1,20}$/);
  fc.assert(fc.property(text, text, text, fc.constantFrom('MD5' as const, 'SHA-256' as const), (user, password, cnonce, algorithm) => {
    const ha1 = deviceHa1(nodeHash, user, 'realm', password);
    const input = { algorithm, ha1: ha1[algorithm], method: 'REGISTER', uri: 'sip:example.org', nonce: 'n', qop: 'auth' as const, ncText: '00000001', cnonce };
    const header = `Digest username="${user}", realm="realm", nonce="n", uri="sip:example.org", algorithm=${algorithm}, qop=auth, nc=00000001, `
      + `cnonce="${cnonce}", response="${digestResponse(input, nodeHash)}"`;
    return digestMatches(credentialsOf(header), { method: 'REGISTER', ha1, hash: nodeHash });
  }));
});

t.test('equalConstantTime says what === says', async () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => equalConstantTime(a, b) === (a === b) && equalConstantTime(a, a)));
  fc.assert(fc.property(fc.string(), (a) => !equalConstantTime(a, `${a}\0`)));
});

const ALIASES = ['example.org', '192.0.2.1', 'sip.example.org'];
const SAME_URI: readonly (readonly [string, string, string, boolean])[] = [
  ['as sent', 'sip:example.org', 'sip:example.org', true],
  ['port left out', 'sip:example.org', 'sip:example.org:5060', true],
  ['parameters left out', 'sip:1001@example.org', 'sip:1001@example.org:5060;transport=tcp', true],
  ['another of our hosts', 'sip:1001@192.0.2.1', 'sip:1001@Example.ORG', true],
  ['escaped user', 'sip:*91@example.org', 'sip:%2A91@example.org', true],
  ['sips for sip', 'sip:1001@example.org', 'sips:1001@example.org', true],
  ['another user', 'sip:1002@example.org', 'sip:1001@example.org', false],
  ['a foreign host', 'sip:1001@evil.example', 'sip:1001@example.org', false],
  ['no user, as sipp writes it', 'sip:example.org:5060', 'sip:1001@example.org', true],
  ['no user and another host', 'sip:example.net', 'sip:1001@example.org', false],
  ['user where none was asked', 'sip:1001@example.org', 'sip:example.org', false],
  ['tel with parameters', 'tel:+14155550100', 'tel:+14155550100;phone-context=x', true],
  ['another tel', 'tel:+14155550101', 'tel:+14155550100', false],
  ['tel for sip', 'tel:1001', 'sip:1001@example.org', false],
];

t.test('the digest uri means the Request-URI', async (t) => {
  for (const [name, digest, request, same] of SAME_URI) t.equal(digestUriMatches(digest, request, ALIASES), same, name);
});
