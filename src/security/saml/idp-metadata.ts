import { Parser, processors } from 'xml2js';
import { z } from 'zod';
import type { IdpMetadata } from '../../ports/saml.js';

const LONGEST = 512 * 1024;
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';

const text = z.union([z.string(), z.looseObject({ _: z.string() }).transform(({ _ }) => _)]);
const keyDescriptor = z.looseObject({
  $: z.looseObject({ use: z.string().optional() }).optional(),
  KeyInfo: z.array(z.looseObject({ X509Data: z.array(z.looseObject({ X509Certificate: z.array(text).default([]) })).default([]) })).default([]),
});
const shape = z.object({
  EntityDescriptor: z.looseObject({
    $: z.looseObject({ entityID: z.string().min(1).max(1024) }),
    IDPSSODescriptor: z.array(z.looseObject({
      KeyDescriptor: z.array(keyDescriptor).default([]),
      SingleSignOnService: z.array(z.looseObject({ $: z.looseObject({ Binding: z.string(), Location: z.string() }) })).default([]),
    })).min(1),
  }),
});

/** SAML 2.0 metadata §2.4.3: name, redirect address and signing keys of an identity provider. Its signature is not asked for: an administrator brought it. */
export function readIdpMetadata(xml: string, certificate: (text: string) => string | null): IdpMetadata | null {
  if (xml.length > LONGEST || /<!DOCTYPE|<!ENTITY/i.test(xml)) return null;
  let parsed: unknown = null;
  // Without waiting: `async: false` calls back before it returns.
  new Parser({ async: false, tagNameProcessors: [processors.stripPrefix] }).parseString(xml, (error: Error | null, result: unknown) => {
    if (error === null) parsed = result;
  });
  const read = shape.safeParse(parsed);
  if (!read.success) return null;
  const { $: { entityID }, IDPSSODescriptor: [idp] } = read.data.EntityDescriptor;
  const ssoUrl = idp?.SingleSignOnService.find(({ $ }) => $.Binding === REDIRECT)?.$.Location ?? '';
  const certificates = (idp?.KeyDescriptor ?? []).filter(({ $ }) => $?.use !== 'encryption')
    .flatMap(({ KeyInfo }) => KeyInfo.flatMap(({ X509Data }) => X509Data.flatMap(({ X509Certificate }) => X509Certificate))).map(certificate);
  const readable = [...new Set(certificates.filter((one) => one !== null))];
  return idp === undefined || ssoUrl === '' || readable.length === 0 ? null : { entityId: entityID, ssoUrl, certificates: readable };
}
