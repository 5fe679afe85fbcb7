import t from 'tap';
import { inflateRawSync } from 'node:zlib';
import { asId, type AccountId } from '../../../../src/domain/ids.js';
import { samlAddresses, type SamlSettings } from '../../../../src/domain/saml/saml-settings.js';
import { createSamlMessages } from '../../../../src/security/saml/saml-messages.js';
import { createFakeIdp, type ResponseWish } from '../../../support/fake-idp.js';
import { WRAPPINGS } from '../../../support/signature-wrapping.js';

const accountId = asId<AccountId>('acc');
const baseUrl = 'https://pbx.example';
const { entityId, acsUrl } = samlAddresses({ baseUrl, accountId });
const [idp, other] = await Promise.all([createFakeIdp({ audience: entityId, recipient: acsUrl }), createFakeIdp({ audience: entityId, recipient: acsUrl })]);
const messages = createSamlMessages();
const settings: SamlSettings = {
  accountId, active: true, baseUrl, idpEntityId: idp.entityId, ssoUrl: idp.ssoUrl, certificates: [idp.certificate], signed: 'assertion', clockSkewSeconds: 60,
  emailAttribute: '', provisioning: false, idpInitiated: false, redirectUris: [], rules: [], updatedAt: 0,
};
const email = 'ada@example.com';
const forge = (xml: string): string => xml.replaceAll(email, 'eve@example.com');
const outcome = async (wish: ResponseWish, changed: Partial<SamlSettings> = {}): Promise<string> => {
  const reading = await messages.read({ ...settings, ...changed }, idp.response({ email, inResponseTo: '_q', ...wish }));
  return reading.kind === 'read' ? reading.assertion.nameId : reading.why;
};

t.test('what is signed is read', async (t) => {
  const reading = await messages.read(settings, idp.response({
    email, inResponseTo: '_q', id: '_one', at: 1_700_000_000_000, attributes: { groups: ['Staff', 'R & D <"x">'], ext: ['0'] },
  }));
  t.same(reading, {
    kind: 'read', assertion: {
      id: '_one', issuer: idp.entityId, nameId: email, notBefore: 1_699_999_940_000, notOnOrAfter: 1_700_000_300_000, audiences: [[entityId]],
      confirmations: [{ recipient: acsUrl, inResponseTo: '_q', notBefore: null, notOnOrAfter: 1_700_000_300_000 }],
      attributes: new Map([['groups', ['Staff', 'R & D <"x">']], ['ext', ['0']]]),
    },
  });
});

t.test('signatures', async (t) => {
  const rows: readonly (readonly [string, ResponseWish, Partial<SamlSettings>, string])[] = [
    ['the assertion, as asked', {}, {}, email],
    ['both, where the assertion is asked for', { sign: 'both' }, {}, email],
    ['the response alone, where the assertion is asked for', { sign: 'response' }, {}, 'signature'],
    ['the response, as asked', { sign: 'response' }, { signed: 'response' }, email],
    ['the assertion alone, where the response is asked for', {}, { signed: 'response' }, 'signature'],
    ['both, as asked', { sign: 'both' }, { signed: 'both' }, email],
    ['one, where both are asked for', {}, { signed: 'both' }, 'signature'],
    ['nothing', { sign: 'nothing' }, {}, 'signature'],
    ['by a key that is not known', {}, { certificates: [other.certificate] }, 'signature'],
    ['by the second of two known keys', {}, { certificates: [other.certificate, idp.certificate] }, email],
    ['by SHA-1', { algorithm: 'sha1' }, {}, 'weak-algorithm'],
    ['a claim changed afterwards', { after: forge }, {}, 'signature'],
    ['the signature cut out', { after: (xml) => xml.replace(/<Signature[\s\S]*<\/Signature>/, '') }, {}, 'signature'],
    ['an algorithm written with character references', { after: (xml) => xml.replaceAll('xmldsig-more#rsa-sha256', 'xmldsig-more#rsa-sha&#50;56') }, {}, 'weak-algorithm'],
  ];
  for (const [name, wish, changed, expected] of rows) t.equal(await outcome(wish, changed), expected, name);
});

for (const { name, signed, wrap } of WRAPPINGS) {
  t.test(name, async (t) => {
    const xml = idp.responseXml({ email, inResponseTo: '_q', sign: signed });
    const wrapped = wrap(xml, forge);
    t.match(wrapped, /eve@example\.com[\s\S]*ada@example\.com|ada@example\.com[\s\S]*eve@example\.com/, 'both are in it');
    const reading = await messages.read({ ...settings, signed }, Buffer.from(wrapped).toString('base64'));
    t.same(reading.kind === 'refused' && reading.why, 'several-assertions');
  });
}

t.test('XML that nobody needs', async (t) => {
  const rows: readonly (readonly [string, ResponseWish, string])[] = [
    ['a comment in NameID', { nameIdXml: 'ada@example.com<!-- -->.evil.example' }, 'forbidden-xml'],
    ['a comment put there after signing', { after: (xml) => xml.replace(email, 'ada@example<!-- -->.com') }, 'forbidden-xml'],
    ['a processing instruction', { after: (xml) => xml.replace(email, 'ada@example<?x?>.com') }, 'forbidden-xml'],
    ['CDATA', { after: (xml) => xml.replace(email, `<![CDATA[${email}]]>`) }, 'forbidden-xml'],
    ['a document type with an entity', { after: (xml) => `<!DOCTYPE r [<!ENTITY e "eve">]>${xml}` }, 'forbidden-xml'],
    ['an XML declaration', { after: (xml) => `<?xml version="1.0" encoding="UTF-8"?>${xml}` }, email],
    ['an element inside NameID', { nameIdXml: 'ada@example.com<b>x</b>' }, 'malformed'],
    ['an encrypted assertion', { after: (xml) => xml.replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, '<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/>') }, 'encrypted'],
    ['a refusal of the provider', { after: (xml) => xml.replace('status:Success', 'status:Responder') }, 'refused-by-provider'],
    ['no assertion', { after: (xml) => xml.replace(/<saml:Assertion[\s\S]*<\/saml:Assertion>/, '') }, 'several-assertions'],
    ['not closed', { after: (xml) => xml.slice(0, -9) }, 'malformed'],
    ['too long', { after: (xml) => `${xml}${' '.repeat(300_000)}` }, 'malformed'],
  ];
  for (const [name, wish, expected] of rows) t.equal(await outcome(wish), expected, name);
  for (const text of ['', '%%%', 'AAAA', Buffer.from('<a/>').toString('base64'), Buffer.from([255, 254, 0, 60]).toString('base64')]) {
    t.equal((await messages.read(settings, text)).kind, 'refused', text);
  }
});

t.test('an AuthnRequest', async (t) => {
  const url = new URL(await messages.loginUrl(settings, '_request-1'));
  t.equal(`${url.origin}${url.pathname}`, idp.ssoUrl);
  const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  t.match(xml, /ID="_request-1"/);
  t.match(xml, new RegExp(`AssertionConsumerServiceURL="${acsUrl}"`));
  t.match(xml, new RegExp(`<saml:Issuer[^>]*>${entityId}</saml:Issuer>`));
});

t.test('metadata', async (t) => {
  t.same(messages.readIdpMetadata(idp.metadata()), { entityId: idp.entityId, ssoUrl: idp.ssoUrl, certificates: [idp.certificate] });
  const rows = ['', '<a/>', `<!DOCTYPE x>${idp.metadata()}`, idp.metadata().replace('HTTP-Redirect', 'SOAP'), idp.metadata().replace(/X509Certificate>[^<]*</, 'X509Certificate>AAAA<')];
  for (const xml of rows) t.equal(messages.readIdpMetadata(xml), null, xml.slice(0, 60));
  const ours = messages.metadata(settings);
  t.match(ours, new RegExp(`entityID="${entityId}"`));
  t.match(ours, new RegExp(`Location="${acsUrl}"`));
});

t.test('certificates are taken as PEM or bare base64', async (t) => {
  const bare = idp.certificate.replace(/-----[^-]+-----/g, '');
  t.equal(messages.certificate(bare), idp.certificate);
  t.equal(messages.certificate(` ${idp.certificate}\n`), idp.certificate);
  t.equal(messages.certificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'), null);
  t.equal(messages.certificate(''), null);
});
