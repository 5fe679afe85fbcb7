import t from 'tap';
import { deviceHa1, digestResponse } from '../../../../src/domain/auth/digest.js';
import { credentialsMatch, type PhoneAuthorization } from '../../../../src/domain/provisioning/http-credentials.js';
import { isCertificateOf, type PhoneCertificate } from '../../../../src/domain/provisioning/phone-certificate.js';
import { readPhoneAuthorization } from '../../../../src/http/provisioning/phone-authorization.js';
import { nodeHash } from '../../../support/node-digest-hash.js';

const MAC = '001565a1b2c3';
const certificate = (subject: Readonly<Record<string, string>>, altNames = ''): PhoneCertificate => ({ subject, altNames, fingerprints: ['AA'] });

t.test('whose certificate it is, by what its maker writes', async (t) => {
  for (const [name, vendor, shown, own] of [
    ['common name', 'Yealink', certificate({ CN: MAC }), true],
    ['capitals', 'Poly', certificate({ CN: '001565A1B2C3', O: 'Polycom Inc.' }), true],
    ['with colons', 'Snom', certificate({ CN: '00:15:65:A1:B2:C3' }), true],
    ['with dashes', 'Grandstream', certificate({ CN: '00-15-65-a1-b2-c3' }), true],
    ['mixed signs', 'Snom', certificate({ CN: '00:15-65:A1:B2:C3' }), false],
    ['behind a word', 'Cisco', certificate({ CN: 'CP-8841-3PCC, MAC: 001565A1B2C3 Serial: FCH1234' }), true],
    ['in the state', 'Cisco', certificate({ CN: 'CP-8841-3PCC', ST: MAC }), true],
    ['in the state, of a maker who writes it elsewhere', 'Yealink', certificate({ CN: 'T54W', ST: MAC }), false],
    ['in the serial number', 'Fanvil', certificate({ CN: 'X5U', serialNumber: MAC }), true],
    ['in an alternative name', 'AudioCodes', certificate({ CN: 'IP Phone' }, `DNS:phone.example.com, URI:MAC:${MAC}`), true],
    ['of another phone', 'Yealink', certificate({ CN: '001565a1b2c4' }), false],
    ['part of a longer number', 'Yealink', certificate({ CN: `${MAC}00` }), false],
    ['behind letters', 'Yealink', certificate({ CN: `x${MAC}` }), false],
    ['one of two', 'Poly', certificate({ CN: `Polycom\n${MAC}` }), true],
    ['nothing', 'Yealink', certificate({}), false],
    ['a name of the language', 'Yealink', certificate({ constructor: MAC }), false],
  ] as const) t.equal(isCertificateOf(shown, vendor, MAC), own, name);
});

t.test('names and passwords', async (t) => {
  const expected = { userName: 'phone-001565a1b2c3', password: 'right' };
  const target = '/p/token/001565a1b2c3.cfg';
  const digest = (change: Readonly<Record<string, string>> = {}, algorithm: 'MD5' | 'SHA-256' = 'SHA-256'): PhoneAuthorization => {
    const said = { user: expected.userName, realm: 'phones', password: expected.password, uri: target, method: 'GET', qop: 'auth', ...change };
    const ha1 = deviceHa1(nodeHash, said.user, said.realm, said.password)[algorithm];
    const response = digestResponse({ algorithm, ha1, method: said.method, uri: said.uri, nonce: 'n', qop: said.qop === 'auth' ? 'auth' : null, ncText: '00000001', cnonce: 'c' }, nodeHash);
    const tail = said.qop === 'auth' ? ', qop=auth, nc=00000001, cnonce="c"' : '';
    return readPhoneAuthorization(`Digest username="${said.user}", realm="${said.realm}", nonce="n", uri="${said.uri}", response="${response}", algorithm=${algorithm}${tail}`);
  };
  const basic = (text: string): PhoneAuthorization => readPhoneAuthorization(`Basic ${Buffer.from(text).toString('base64')}`);
  for (const [name, sent, knows, freshNonce] of [
    ['SHA-256', digest(), true, true], ['MD5', digest({}, 'MD5'), true, true], ['the whole URL', digest({ uri: `https://pbx.example.com:8443${target}` }), true, true],
    ['an old nonce', digest(), false, false], ['another password', digest({ password: 'wrong' }), false, true], ['another name', digest({ user: 'phone-001565a1b2c4' }), false, true],
    ['another realm', digest({ realm: 'pbx' }), false, true], ['another file', digest({ uri: '/p/token/other.cfg' }), false, true], ['another method', digest({ method: 'PUT' }), false, true],
    ['without qop', digest({ qop: '' }), false, true], ['Basic', basic('phone-001565a1b2c3:right'), true, false], ['Basic, wrong', basic('phone-001565a1b2c3:wrong'), false, true],
    ['Basic, a colon more', basic('phone-001565a1b2c3:right:'), false, true], ['Basic without a colon', basic('phone-001565a1b2c3'), false, true],
    ['nothing', readPhoneAuthorization(undefined), false, true], ['another scheme', readPhoneAuthorization('Bearer abc'), false, true],
    ['no header at all', readPhoneAuthorization('Digest'), false, true], ['endless', readPhoneAuthorization(`Basic ${'a'.repeat(5000)}`), false, true],
  ] as const) t.equal(credentialsMatch(sent, { expected, method: 'GET', target, freshNonce, hash: nodeHash }), knows, name);
});
