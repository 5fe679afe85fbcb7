import { z } from 'zod';
import { GRANTS, type AttributeRule } from '../../domain/saml/map-attributes.js';
import { SAML_REFUSALS } from '../../domain/saml/judge-assertion.js';
import { samlAddresses, SIGNED_PARTS, type SamlSettings } from '../../domain/saml/saml-settings.js';
import { LONGEST_SAML_RESPONSE } from '../../ports/saml.js';
import { MOST_CERTIFICATES, removeSamlSettings, samlNotSetUp, setSamlSettings } from '../../usecases/saml/saml-settings.js';
import { trySamlResponse } from '../../usecases/saml/sign-in.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'Single sign-on';
const MOST_RULES = 200;
const text = (most: number) => z.string().max(most);

const rule = z.strictObject({
  attribute: requiredLine(255).describe('Name of the attribute, exactly as the identity provider sends it.'),
  value: line(1024).nullable().default(null).describe('Counts without regard to case; null = whatever the value is.'),
  grants: z.enum(GRANTS),
  assign: line(255).nullable().default(null).describe("What is given; null = the attribute's own value. An extension_number of 0 is the site's next free one."),
});

const shared = {
  active: z.boolean().default(true),
  base_url: text(255).describe('Origin that browsers reach this server by, e.g. https://pbx.example.com. Entity id and addresses below are made of it.'),
  signed: z.enum(SIGNED_PARTS).default('assertion').describe('What must carry a signature of the identity provider.'),
  clock_skew_seconds: z.int().min(0).max(300).default(60),
  email_attribute: line(255).default('').describe('Attribute that has the e-mail address; "" = the NameID is it.'),
  provisioning: z.boolean().default(false).describe('Whether a person who is not known yet is made a user.'),
  idp_initiated: z.boolean().default(false).describe('Whether a response counts that nobody here asked for.'),
  redirect_uris: z.array(text(1024)).max(20).default([]).describe('Where a browser may be sent with its code, compared whole.'),
  rules: z.array(rule).max(MOST_RULES).default([]).describe('Response mapping: of several rules for one thing the first that fits decides; numbers and plans add up.'),
};
const wanted = z.strictObject({
  ...shared,
  idp_metadata: text(524_288).optional().describe("The identity provider's metadata, instead of the three fields below."),
  idp_entity_id: requiredLine(1024).optional(), idp_sso_url: text(2048).optional(),
  idp_certificates: z.array(text(16_384)).min(1).max(MOST_CERTIFICATES).optional().describe('PEM, or the base64 of DER; two while the identity provider changes its key.'),
});
const shown = z.object({
  ...shared, idp_entity_id: z.string(), idp_sso_url: z.string(), idp_certificates: z.array(z.string()),
  entity_id: z.string().describe('Ours, and where our metadata is.'), acs_url: z.string().describe('Where responses are posted to.'),
  login_url: z.string().describe('Where people begin.'), updated_at: z.string(),
});

function view(settings: SamlSettings): z.output<typeof shown> {
  const { entityId, acsUrl, loginUrl } = samlAddresses(settings);
  return {
    active: settings.active, base_url: settings.baseUrl, signed: settings.signed, clock_skew_seconds: settings.clockSkewSeconds, email_attribute: settings.emailAttribute,
    provisioning: settings.provisioning, idp_initiated: settings.idpInitiated, redirect_uris: [...settings.redirectUris], rules: settings.rules.map((one) => ({ ...one })),
    idp_entity_id: settings.idpEntityId, idp_sso_url: settings.ssoUrl, idp_certificates: [...settings.certificates],
    entity_id: entityId, acs_url: acsUrl, login_url: loginUrl, updated_at: apiTime(settings.updatedAt),
  };
}

function providerOf(body: z.output<typeof wanted>) {
  if (body.idp_metadata !== undefined) return { metadata: body.idp_metadata };
  const { idp_entity_id: entityId, idp_sso_url: ssoUrl, idp_certificates: certificates } = body;
  return entityId === undefined || ssoUrl === undefined || certificates === undefined ? null : { entityId, ssoUrl, certificates };
}

export const samlSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/saml', operationId: 'getSaml', summary: 'How people sign in by their identity provider', tag: TAG, access: 'single_sign_on:read',
    answer: { status: 200, description: 'With our own addresses, as the identity provider must be told them.', schema: shown },
    async handle({ deps, actor }) {
      const settings = await deps.stores.samlSettings.get(actor.accountId);
      return settings === null ? failed(fromRefusal(samlNotSetUp())) : json(view(settings));
    },
  }),
  route({
    method: 'PUT', path: '/v2/cordboard/saml', operationId: 'setSaml', summary: 'Set how people sign in by their identity provider (SAML 2.0)', tag: TAG,
    access: 'single_sign_on:write', body: wanted,
    answer: { status: 200, description: 'Counts from the next sign-in on.', schema: shown },
    async handle({ deps, actor, body }) {
      const idp = providerOf(body);
      if (idp === null && body.active) {
        return failed(badRequest('idp_metadata', 'Give idp_metadata, or idp_entity_id with idp_sso_url and idp_certificates; or active: false, to have our addresses first.'));
      }
      return answer(await setSamlSettings(deps, actor, {
        idp, active: body.active, baseUrl: body.base_url.replace(/\/$/, ''), signed: body.signed, clockSkewSeconds: body.clock_skew_seconds, emailAttribute: body.email_attribute,
        provisioning: body.provisioning, idpInitiated: body.idp_initiated, redirectUris: body.redirect_uris, rules: body.rules satisfies readonly AttributeRule[],
      }), (kept) => json(view(kept)));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/saml', operationId: 'removeSaml', summary: 'Sign-in by an identity provider ends', tag: TAG, access: 'single_sign_on:write',
    answer: { status: 204, description: 'Sessions that were begun by it go on until they end.', schema: null },
    handle: async ({ deps, actor }) => answer(await removeSamlSettings(deps, actor), () => NO_CONTENT),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/saml/test', operationId: 'testSaml', summary: 'See what a response would lead to', tag: TAG, access: 'single_sign_on:write',
    body: z.strictObject({ saml_response: z.string().min(1).max(LONGEST_SAML_RESPONSE).describe('SAMLResponse as the browser posts it (base64).') }),
    answer: {
      status: 200, description: 'Checked as in a sign-in, but nobody is signed in and nothing is used up; works while sign-in is switched off, too.',
      schema: z.object({
        accepted: z.boolean(), reason: z.string().describe('"" = accepted.'), text: z.string(), detail: z.string(), email: z.string(),
        known: z.boolean().describe('Whether a user has the address.'),
        attributes: z.array(z.object({ name: z.string(), values: z.array(z.string()) })), mapped: z.array(z.object({ grants: z.enum(GRANTS), values: z.array(z.string()) })),
      }),
    },
    async handle({ deps, actor, body }) {
      const trial = await trySamlResponse(deps, actor.accountId, body.saml_response);
      if (trial === null) return failed(fromRefusal(samlNotSetUp()));
      if (trial.kind === 'refused') {
        return json({ accepted: false, reason: trial.why, text: SAML_REFUSALS[trial.why], detail: trial.detail, email: '', known: false, attributes: [], mapped: [] });
      }
      return json({
        accepted: true, reason: '', text: '', detail: '', email: trial.email, known: trial.known,
        attributes: [...trial.assertion.attributes].map(([name, values]) => ({ name, values: [...values] })),
        mapped: [...trial.mapped].map(([grants, values]) => ({ grants, values: [...values] })),
      });
    },
  }),
];
