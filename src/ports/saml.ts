import type { SamlAssertion, SamlRefusal } from '../domain/saml/judge-assertion.js';
import type { SamlSettings } from '../domain/saml/saml-settings.js';

/** Characters of base64; real responses have some thousands. */
export const LONGEST_SAML_RESPONSE = 350_000;

export type SamlReading =
  | { readonly kind: 'read'; readonly assertion: SamlAssertion }
  /** `detail` is for the log and administrators, never of the assertion's text. */
  | { readonly kind: 'refused'; readonly why: SamlRefusal; readonly detail: string };

/** What an identity provider says of itself. */
export interface IdpMetadata {
  readonly entityId: string;
  readonly ssoUrl: string;
  /** PEM */
  readonly certificates: readonly string[];
}

/** The XML of SAML: made, read and its signatures checked. */
export interface SamlMessages {
  /** The address of the identity provider with an AuthnRequest of this id (HTTP-Redirect binding). */
  loginUrl(settings: SamlSettings, requestId: string): Promise<string>;
  /** What the identity provider is told of us. */
  metadata(settings: SamlSettings): string;
  /** Reads a response that was posted. @param response base64 as it came */
  read(settings: SamlSettings, response: string): Promise<SamlReading>;
  /** Null for a text that is no metadata of an identity provider with the HTTP-Redirect binding and a certificate. */
  readIdpMetadata(xml: string): IdpMetadata | null;
  /** The certificate as one PEM text, from PEM or bare base64; null = it is none. */
  certificate(text: string): string | null;
}
