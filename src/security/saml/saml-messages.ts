import { X509Certificate } from 'node:crypto';
import { SAML, ValidateInResponseTo, generateServiceProviderMetadata, type CacheProvider } from '@node-saml/node-saml';
import { samlAddresses, type SamlSettings } from '../../domain/saml/saml-settings.js';
import { LONGEST_SAML_RESPONSE, type SamlMessages, type SamlReading } from '../../ports/saml.js';
import { readAssertion } from './read-assertion.js';
import { readIdpMetadata } from './idp-metadata.js';
import { textProblem } from './response-text.js';

const EMAIL_FORMAT = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';

/** The library's own memory of requests is not used: ours holds on every node. */
const NO_MEMORY: CacheProvider = {
  saveAsync: async (_key, value) => ({ value, createdAt: 0 }), getAsync: async () => null, removeAsync: async () => null,
};

/**
 * SAML 2.0 by node-saml. It checks signatures and gives back what was signed; whom the assertion is for, when and in answer to what is
 * judged by `judgeAssertion`, which knows our clock and our requests.
 */
export function createSamlMessages(): SamlMessages {
  return {
    loginUrl: (settings, requestId) => provider(settings, requestId).getAuthorizeUrlAsync('', undefined, {}),
    metadata(settings) {
      const { entityId, acsUrl } = samlAddresses(settings);
      return generateServiceProviderMetadata({
        issuer: entityId, callbackUrl: acsUrl, identifierFormat: settings.emailAttribute === '' ? EMAIL_FORMAT : null,
        wantAssertionsSigned: settings.signed !== 'response', generateUniqueId: () => `_${settings.accountId}`,
      });
    },
    read,
    readIdpMetadata: (xml) => readIdpMetadata(xml, certificateOf),
    certificate: certificateOf,
  };
}

async function read(settings: SamlSettings, response: string): Promise<SamlReading> {
  if (response.length > LONGEST_SAML_RESPONSE || !/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(response)) return { kind: 'refused', why: 'malformed', detail: 'no base64' };
  const problem = textProblem(Buffer.from(response, 'base64').toString('utf8'));
  if (problem !== null) return { kind: 'refused', why: problem, detail: 'text' };
  try {
    const { profile } = await provider(settings, '').validatePostResponseAsync({ SAMLResponse: response });
    const assertion = readAssertion(profile?.getAssertion?.());
    return assertion === null ? { kind: 'refused', why: 'malformed', detail: 'assertion' } : { kind: 'read', assertion };
  } catch (error) {
    // The library's texts quote no more than addresses and times; they are for the log alone.
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'unreadable';
    return { kind: 'refused', why: /signature|key|cert/i.test(detail) ? 'signature' : 'malformed', detail };
  }
}

function provider(settings: SamlSettings, requestId: string): SAML {
  const { entityId, acsUrl } = samlAddresses(settings);
  return new SAML({
    issuer: entityId, callbackUrl: acsUrl, entryPoint: settings.ssoUrl, idpCert: [...settings.certificates],
    wantAssertionsSigned: settings.signed !== 'response', wantAuthnResponseSigned: settings.signed !== 'assertion',
    identifierFormat: settings.emailAttribute === '' ? EMAIL_FORMAT : null, disableRequestedAuthnContext: true,
    // Judged by us: audience, times, and what it answers.
    audience: false, acceptedClockSkewMs: -1, validateInResponseTo: ValidateInResponseTo.never, cacheProvider: NO_MEMORY,
    generateUniqueId: () => requestId,
  });
}

function certificateOf(text: string): string | null {
  const bare = text.trim();
  try {
    return new X509Certificate(bare.startsWith('-----') ? bare : Buffer.from(bare.replace(/\s/g, ''), 'base64')).toString().trim();
  } catch {
    return null;
  }
}
