import { SignedXml } from 'xml-crypto';
import { makeSelfSigned } from '../../src/security/certificates.js';

export interface AssertionWish {
  readonly email?: string;
  /** Raw XML inside NameID; wins over `email`. */
  readonly nameIdXml?: string;
  readonly audience?: string;
  readonly recipient?: string;
  readonly inResponseTo?: string | null;
  readonly issuer?: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** Epoch ms of the moment it is made. */
  readonly at?: number;
  readonly id?: string;
  /** Milliseconds before and after `at`. */
  readonly from?: number;
  readonly until?: number;
}

export interface ResponseWish extends AssertionWish {
  readonly sign?: 'assertion' | 'response' | 'both' | 'nothing';
  readonly algorithm?: 'sha256' | 'sha1';
  /** Changes the text after it was signed. */
  readonly after?: (xml: string) => string;
}

export interface FakeIdp {
  readonly entityId: string;
  readonly ssoUrl: string;
  /** PEM */
  readonly certificate: string;
  metadata(): string;
  /** base64, as a browser posts it. */
  response(wish: ResponseWish): string;
  /** The same as text, signed. */
  responseXml(wish: ResponseWish): string;
}

const TRANSFORMS = ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'];
const ALGORITHMS = {
  sha256: { signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', digest: 'http://www.w3.org/2001/04/xmlenc#sha256' },
  sha1: { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digest: 'http://www.w3.org/2000/09/xmldsig#sha1' },
} as const;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const iso = (at: number): string => new Date(at).toISOString();

/** An identity provider that signs whatever it is told to. `defaults` are the service's own facts. */
export async function createFakeIdp(defaults: { readonly audience: string; readonly recipient: string }): Promise<FakeIdp> {
  const { cert, key } = await makeSelfSigned(['idp.example'], Date.now());
  const entityId = 'https://idp.example/entity';
  const ssoUrl = 'https://idp.example/sso';
  let made = 0;

  const sign = (xml: string, element: 'Assertion' | 'Response', algorithm: 'sha256' | 'sha1'): string => {
    const path = `//*[local-name(.)='${element}']`;
    const signer = new SignedXml({ privateKey: key, signatureAlgorithm: ALGORITHMS[algorithm].signature, canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#' });
    signer.addReference({ xpath: path, transforms: TRANSFORMS, digestAlgorithm: ALGORITHMS[algorithm].digest });
    signer.computeSignature(xml, { location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' } });
    return signer.getSignedXml();
  };

  const responseXml = (wish: ResponseWish): string => {
    const { at = Date.now(), from = 60_000, until = 300_000, algorithm = 'sha256', sign: what = 'assertion' } = wish;
    made += 1;
    const asked = wish.inResponseTo === undefined || wish.inResponseTo === null ? '' : ` InResponseTo="${wish.inResponseTo}"`;
    const recipient = wish.recipient ?? defaults.recipient;
    const attributes = Object.entries(wish.attributes ?? {}).map(([name, values]) => (
      `<saml:Attribute Name="${escaped(name)}">${values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join('')}</saml:Attribute>`));
    const assertion = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${wish.id ?? `_a${made}-${at}`}" Version="2.0" IssueInstant="${iso(at)}">`
      + `<saml:Issuer>${wish.issuer ?? entityId}</saml:Issuer><saml:Subject>`
      + `<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${wish.nameIdXml ?? escaped(wish.email ?? '')}</saml:NameID>`
      + `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${iso(at + until)}" Recipient="${recipient}"${asked}/></saml:SubjectConfirmation></saml:Subject>`
      + `<saml:Conditions NotBefore="${iso(at - from)}" NotOnOrAfter="${iso(at + until)}"><saml:AudienceRestriction><saml:Audience>${wish.audience ?? defaults.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
      + `<saml:AuthnStatement AuthnInstant="${iso(at)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`
      + `${attributes.length === 0 ? '' : `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`}</saml:Assertion>`;
    const inner = what === 'assertion' || what === 'both' ? sign(assertion, 'Assertion', algorithm) : assertion;
    const whole = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r${made}-${at}" Version="2.0" IssueInstant="${iso(at)}" Destination="${recipient}"${asked}>`
      + `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${entityId}</saml:Issuer>`
      + `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${inner}</samlp:Response>`;
    const signed = what === 'response' || what === 'both' ? sign(whole, 'Response', algorithm) : whole;
    return wish.after?.(signed) ?? signed;
  };

  return {
    entityId, ssoUrl, certificate: cert.trim(), responseXml,
    response: (wish) => Buffer.from(responseXml(wish)).toString('base64'),
    metadata: () => `<?xml version="1.0"?><!-- as made by a provider --><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">`
      + '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
      + `<ds:X509Data><ds:X509Certificate>${cert.replace(/-----[^-]+-----|\s/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
      + `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${ssoUrl}/post"/>`
      + `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${ssoUrl}"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
  };
}
