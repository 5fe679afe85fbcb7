import type { SamlAttributes } from './map-attributes.js';

/** Why nobody is signed in by a response; each has its text in `SAML_REFUSALS`. */
export type SamlRefusal =
  | 'not-set-up' | 'malformed' | 'forbidden-xml' | 'several-assertions' | 'encrypted' | 'weak-algorithm' | 'signature' | 'refused-by-provider'
  | 'wrong-issuer' | 'wrong-audience' | 'wrong-recipient' | 'not-yet' | 'expired' | 'no-address' | 'not-asked-for' | 'used-before' | 'unknown-person' | 'no-sign-in';

/** What a person reads, and an administrator finds in the log: what is wrong, and what helps. */
export const SAML_REFUSALS: Readonly<Record<SamlRefusal, string>> = {
  'not-set-up': 'Sign-in by an identity provider is not set up or switched off.',
  'malformed': 'The response is no SAML 2.0 response.',
  'forbidden-xml': 'The response has a document type, an entity, a processing instruction or a comment in it; none of these is taken.',
  'several-assertions': 'The response has not exactly one assertion.',
  'encrypted': 'The assertion is encrypted, which is not supported: switch assertion encryption off at the identity provider.',
  'weak-algorithm': 'The response is signed with an algorithm that is not taken: use RSA with SHA-256 or stronger.',
  'signature': 'The signature is missing, or is not by a certificate that is set up here.',
  'refused-by-provider': 'The identity provider did not sign the person in.',
  'wrong-issuer': 'The response is from another identity provider than the one that is set up.',
  'wrong-audience': 'The assertion is meant for another service: the audience at the identity provider must be our entity id.',
  'wrong-recipient': 'The assertion was sent to another address: the ACS URL at the identity provider must be ours.',
  'not-yet': 'The assertion is of the future: compare the clocks.',
  'expired': 'The assertion has expired: sign in again, and compare the clocks if it comes back.',
  'no-address': 'The response has no e-mail address where one is expected.',
  'not-asked-for': 'Nobody here asked for this response, or too long ago: begin the sign-in here.',
  'used-before': 'The response was used before: sign in again.',
  'unknown-person': 'There is no user with this e-mail address, and sign-in does not make one.',
  'no-sign-in': 'This user may not sign in.',
};

/** One `SubjectConfirmation` of the method bearer; times in epoch ms. */
export interface BearerConfirmation {
  readonly recipient: string | null;
  readonly inResponseTo: string | null;
  readonly notBefore: number | null;
  readonly notOnOrAfter: number | null;
}

/** What stands in the signed part of a response, and nothing else. */
export interface SamlAssertion {
  readonly id: string;
  readonly issuer: string;
  readonly nameId: string;
  /** Of each AudienceRestriction its audiences: the service must be in every one. */
  readonly audiences: readonly (readonly string[])[];
  readonly notBefore: number | null;
  readonly notOnOrAfter: number | null;
  readonly confirmations: readonly BearerConfirmation[];
  readonly attributes: SamlAttributes;
}

export interface AssertionExpectations {
  readonly issuer: string;
  readonly entityId: string;
  readonly acsUrl: string;
  /** Epoch ms. */
  readonly now: number;
  readonly skewMs: number;
  /** '' = the NameID is the e-mail address. */
  readonly emailAttribute: string;
  readonly idpInitiated: boolean;
}

export type AssertionJudgement =
  | {
    readonly kind: 'good';
    readonly email: string;
    /** The AuthnRequest that it answers; null = nobody here asked. */
    readonly requestId: string | null;
    /** Epoch ms until which its id must be remembered. */
    readonly until: number;
  }
  | { readonly kind: 'refused'; readonly why: SamlRefusal };

const EMAIL = /^[^\s@<>"',;:]{1,64}@[^\s@<>"',;:]{1,253}$/;

/** The rules of the Web Browser SSO profile for a response that came by POST (SAML 2.0 profiles §4.1.4.2, §4.1.4.3; core §2.5). */
export function judgeAssertion(assertion: SamlAssertion, expected: AssertionExpectations): AssertionJudgement {
  const no = (why: SamlRefusal): AssertionJudgement => ({ kind: 'refused', why });
  const { now, skewMs } = expected;
  if (assertion.issuer !== expected.issuer) return no('wrong-issuer');
  if (assertion.audiences.length === 0 || !assertion.audiences.every((one) => one.includes(expected.entityId))) return no('wrong-audience');
  const ours = assertion.confirmations.filter(({ recipient }) => recipient === expected.acsUrl);
  if (ours.length === 0) return no('wrong-recipient');
  const early = (at: number | null): boolean => at !== null && now + skewMs < at;
  const late = (at: number | null): boolean => at !== null && now - skewMs >= at;
  if (early(assertion.notBefore)) return no('not-yet');
  if (late(assertion.notOnOrAfter)) return no('expired');
  // §4.1.4.2: a bearer confirmation has an end; one without would be good for ever.
  const timely = ours.filter(({ notBefore, notOnOrAfter }) => notOnOrAfter !== null && !late(notOnOrAfter) && !early(notBefore));
  const [first] = timely;
  if (first === undefined) return no(ours.some(({ notBefore }) => early(notBefore)) ? 'not-yet' : 'expired');
  if (first.inResponseTo === null && !expected.idpInitiated) return no('not-asked-for');
  const email = (expected.emailAttribute === '' ? assertion.nameId : assertion.attributes.get(expected.emailAttribute)?.[0] ?? '').trim();
  if (!EMAIL.test(email)) return no('no-address');
  const ends = [assertion.notOnOrAfter, ...timely.map(({ notOnOrAfter }) => notOnOrAfter)].filter((at) => at !== null);
  return { kind: 'good', email: email.toLowerCase(), requestId: first.inResponseTo, until: Math.max(...ends) + skewMs };
}
