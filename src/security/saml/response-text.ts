import type { SamlRefusal } from '../../domain/saml/judge-assertion.js';

/** XML-DSig algorithms that are taken; SHA-1, MD5 and HMAC are not (RFC 9231 §2, §4 name them). */
const SIGNATURE_METHODS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
]);
const DIGEST_METHODS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmldsig-more#sha384', 'http://www.w3.org/2001/04/xmlenc#sha512',
]);
const TRANSFORMS: ReadonlySet<string> = new Set([
  'http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
]);

/**
 * What the text of a response may not have, whoever signed it; null = nothing of that. Looked for in the text itself, before any parser: in
 * well-formed XML `<` begins markup wherever it stands, once comments and CDATA are refused.
 */
export function textProblem(xml: string): SamlRefusal | null {
  if (xml.includes('\0')) return 'malformed';
  const body = xml.replace(/^\uFEFF?\s*<\?xml\s[^<>?]*\?>/, '');
  // Comments cut a NameID in two for some readers; documents types and entities are nobody's business here.
  if (/<[!?]/.test(body)) return 'forbidden-xml';
  if (/<(?:[\w.-]+:)?EncryptedAssertion[\s/>]/.test(body)) return 'encrypted';
  const weak = tags(body, 'SignatureMethod').some((tag) => !SIGNATURE_METHODS.has(algorithm(tag)))
    || tags(body, 'DigestMethod').some((tag) => !DIGEST_METHODS.has(algorithm(tag)))
    || [...tags(body, 'Transform'), ...tags(body, 'CanonicalizationMethod')].some((tag) => !TRANSFORMS.has(algorithm(tag)));
  if (weak) return 'weak-algorithm';
  const refused = tags(body, 'StatusCode').some((tag) => !/\sValue\s*=\s*(["'])urn:oasis:names:tc:SAML:2\.0:status:Success\1/.test(tag));
  if (refused) return 'refused-by-provider';
  return tags(body, 'Assertion').length === 1 ? null : 'several-assertions';
}

/** Opening tags of an element, whatever its prefix. */
function tags(xml: string, name: string): readonly string[] {
  return xml.match(new RegExp(`<(?:[\\w.-]+:)?${name}(?=[\\s/>])[^<>]*>`, 'g')) ?? [];
}

/** As it stands: an address written with character references is none that is taken. */
function algorithm(tag: string): string {
  return /\sAlgorithm\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag)?.slice(1).find((one) => one !== undefined) ?? '';
}
