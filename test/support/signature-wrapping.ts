/**
 * The eight ways of wrapping a signed SAML message that are known as XSW 1 to 8: what was signed stays in the document, somewhere else, and
 * a forged copy stands where a careless reader looks. The first two are about a signed Response, the others about a signed Assertion.
 */
export const WRAPPINGS: readonly { readonly name: string; readonly signed: 'response' | 'assertion'; readonly wrap: (xml: string, forge: (text: string) => string) => string }[] = [
  {
    name: 'XSW1: the signed Response stands inside the signature of a forged one', signed: 'response',
    wrap: (xml, forge) => insideSignature(forged(xml, forge), withoutSignature(xml)),
  },
  {
    name: 'XSW2: the signed Response stands before the signature of a forged one', signed: 'response',
    wrap: (xml, forge) => forged(xml, forge).replace(SIGNATURE, (signature) => `${withoutSignature(xml)}${signature}`),
  },
  {
    name: 'XSW3: a forged Assertion before the signed one', signed: 'assertion',
    wrap: (xml, forge) => xml.replace(ASSERTION, (assertion) => `${evil(assertion, forge)}${assertion}`),
  },
  {
    name: 'XSW4: a forged Assertion around the signed one', signed: 'assertion',
    wrap: (xml, forge) => xml.replace(ASSERTION, (assertion) => evil(assertion, forge).replace(/<\/saml:Assertion>$/, `${assertion}</saml:Assertion>`)),
  },
  {
    name: 'XSW5: a forged Assertion with the signature, the signed one at the end', signed: 'assertion',
    wrap: (xml, forge) => xml.replace(ASSERTION, (assertion) => `${forged(assertion, forge)}${withoutSignature(assertion)}`),
  },
  {
    name: 'XSW6: the signed Assertion inside the signature of a forged one', signed: 'assertion',
    wrap: (xml, forge) => xml.replace(ASSERTION, (assertion) => insideSignature(forged(assertion, forge), withoutSignature(assertion))),
  },
  {
    name: 'XSW7: a forged Assertion in Extensions', signed: 'assertion',
    wrap: (xml, forge) => xml.replace(ASSERTION, (assertion) => `<samlp:Extensions>${evil(assertion, forge)}</samlp:Extensions>${assertion}`),
  },
  {
    name: 'XSW8: the signed Assertion in an Object of the signature of a forged one', signed: 'assertion',
    wrap: (xml, forge) => xml.replace(ASSERTION, (assertion) => insideSignature(forged(assertion, forge), `<Object>${withoutSignature(assertion)}</Object>`)),
  },
];

const ASSERTION = /<saml:Assertion[\s\S]*<\/saml:Assertion>/;
const SIGNATURE = /<Signature[\s\S]*?<\/Signature>/;

const withoutSignature = (xml: string): string => xml.replace(SIGNATURE, '');
/** Another ID and other claims, the signature kept. */
const forged = (xml: string, forge: (text: string) => string): string => forge(xml.replace(/ ID="[^"]*"/, ' ID="_forged"'));
const evil = (xml: string, forge: (text: string) => string): string => withoutSignature(forged(xml, forge));
const insideSignature = (xml: string, signed: string): string => xml.replace('</Signature>', `${signed}</Signature>`);
