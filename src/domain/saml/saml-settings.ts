import type { AccountId } from '../ids.js';
import type { AttributeRule } from './map-attributes.js';

/** Which of the two must carry a signature by the identity provider. */
export const SIGNED_PARTS = ['assertion', 'response', 'both'] as const;
export type SignedParts = (typeof SIGNED_PARTS)[number];

/** How an account's people sign in by their identity provider (SAML 2.0, Web Browser SSO profile). */
export interface SamlSettings {
  readonly accountId: AccountId;
  readonly active: boolean;
  /** Origin by which browsers reach this server, e.g. `https://pbx.example.com`; our entity id and addresses are made of it. */
  readonly baseUrl: string;
  /** The identity provider's entity id, its Issuer. */
  readonly idpEntityId: string;
  /** Where browsers are sent (HTTP-Redirect binding). */
  readonly ssoUrl: string;
  /** Certificates that may sign, PEM; more than one while the provider changes its key. */
  readonly certificates: readonly string[];
  readonly signed: SignedParts;
  readonly clockSkewSeconds: number;
  /** Name of the attribute that has the e-mail address; '' = the NameID is it. */
  readonly emailAttribute: string;
  /** Whether somebody who is not known yet is made a user. */
  readonly provisioning: boolean;
  /** Whether a response counts that nobody here asked for. */
  readonly idpInitiated: boolean;
  /** Where a browser may be sent with its code, compared whole. */
  readonly redirectUris: readonly string[];
  readonly rules: readonly AttributeRule[];
  readonly updatedAt: number;
}

/** Our own addresses, as the identity provider is told them. */
export interface SamlAddresses {
  /** Also the address of our metadata. */
  readonly entityId: string;
  /** Assertion consumer service, HTTP-POST binding. */
  readonly acsUrl: string;
  readonly loginUrl: string;
}

export function samlAddresses({ baseUrl, accountId }: Pick<SamlSettings, 'baseUrl' | 'accountId'>): SamlAddresses {
  const base = `${baseUrl}/saml/${accountId}`;
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs`, loginUrl: `${base}/login` };
}

const ORIGIN = /^(https?):\/\/((?:[a-z0-9-]+\.)*[a-z0-9-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An https origin; http for the machine itself alone. */
export function isGoodBaseUrl(text: string): boolean {
  const [, scheme, host = ''] = ORIGIN.exec(text) ?? [];
  return scheme === 'https' || (scheme === 'http' && LOOPBACK.has(host));
}

/** An https address without fragment, or one of a program on the person's own machine (RFC 8252 §7.3). */
export function isGoodRedirect(text: string): boolean {
  const [, origin = '', rest = ''] = /^([a-z]+:\/\/[^/?#\s]+)([/?][^#\s]*)?$/.exec(text) ?? [];
  return isGoodBaseUrl(origin) && !/["'<>\\\p{Cc}]/u.test(rest);
}
