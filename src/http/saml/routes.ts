import { z } from 'zod';
import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { asId, type AccountId } from '../../domain/ids.js';
import type { SamlRefusal } from '../../domain/saml/judge-assertion.js';
import { LONGEST_SAML_RESPONSE } from '../../ports/saml.js';
import { beginSamlSignIn, endSamlSignIn } from '../../usecases/saml/sign-in.js';
import { failed, type Answer } from '../answers.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';
import { refusedPage, signedInPage, wrongReturnPage } from './page.js';

const TAG = 'Single sign-on';
const HTML = 'text/html; charset=utf-8';
const PAGE = { description: 'A web page.', schema: null, contentType: 'text/html' } as const;

/** What stands here is of one person's sign-in: nobody may keep it, or tell the next page where it came from. */
function page(status: number, html: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { kind: 'text', status, contentType: HTML, text: html, headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex', ...headers } };
}

const refusalStatus = (why: SamlRefusal): number => (why === 'not-set-up' ? 404 : 403);

export const samlRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/saml/{accountId}/metadata', operationId: 'samlMetadata', summary: 'Our SAML 2.0 metadata, for the identity provider', tag: TAG, access: 'public',
    answer: { status: 200, description: 'XML; 404 while sign-in is not set up.', schema: null, contentType: 'application/samlmetadata+xml' },
    async handle({ deps, params }) {
      const settings = await deps.stores.samlSettings.get(asId<AccountId>(params.accountId));
      if (settings === null) return failed(badRequest('accountId', 'Sign-in by an identity provider is not set up.', 404));
      return { kind: 'text', status: 200, contentType: 'application/samlmetadata+xml', text: deps.samlMessages.metadata(settings) };
    },
  }),
  route({
    method: 'GET', path: '/saml/{accountId}/login', operationId: 'samlLogin', summary: 'Sign in at the identity provider', tag: TAG, access: 'public', load: 'heavy',
    query: z.object({
      redirect_uri: z.string().min(1).max(1024).optional().describe('Where the browser comes back to with a code; one of those that are set up. Missing = a page with the code.'),
      state: z.string().max(512).default('').describe('Given back as it is.'),
      code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'Give the base64url SHA-256 of the verifier (RFC 7636).').optional().describe('Asked for with redirect_uri.'),
      code_challenge_method: z.literal('S256').default('S256'),
    }),
    answer: { status: 303, ...PAGE, description: 'To the identity provider; 404 while sign-in is not set up.' },
    async handle({ deps, params, query }) {
      const { redirect_uri: redirectUri, state, code_challenge: codeChallenge } = query;
      if (redirectUri !== undefined && codeChallenge === undefined) return failed(badRequest('code_challenge', 'A program that wants its browser back gives a code_challenge (RFC 7636).'));
      const back = redirectUri === undefined || codeChallenge === undefined ? null : { redirectUri, state, codeChallenge };
      const begun = await beginSamlSignIn(deps, asId<AccountId>(params.accountId), back);
      if (begun.kind === 'go') return page(303, '', { location: begun.url });
      return begun.why === 'wrong-return' ? page(400, wrongReturnPage()) : page(404, refusedPage(begun.why, null));
    },
  }),
  route({
    method: 'POST', path: '/saml/{accountId}/acs', operationId: 'samlResponse', summary: 'Where the identity provider sends people back to', tag: TAG, access: 'public', load: 'heavy',
    body: z.object({ SAMLResponse: z.string().min(1).max(LONGEST_SAML_RESPONSE), RelayState: z.string().max(1024).optional() }), bodyType: 'form',
    answer: { status: 200, ...PAGE, description: 'A page with a code; 303 to the program that began, with the code; 403 with the reason.' },
    async handle({ deps, actor, params, body }) {
      const accountId = asId<AccountId>(params.accountId);
      const ending = await endSamlSignIn(deps, { ...actor, accountId, name: 'saml', reach: WHOLE_ACCOUNT }, body.SAMLResponse);
      if (ending.kind === 'refused') {
        return page(refusalStatus(ending.why), refusedPage(ending.why, ending.why === 'not-set-up' ? null : `/saml/${encodeURIComponent(params.accountId)}/login`));
      }
      if (ending.back === null) return page(200, signedInPage(ending.user, ending.code));
      const back = new URL(ending.back.redirectUri);
      back.searchParams.set('code', ending.code);
      if (ending.back.state !== '') back.searchParams.set('state', ending.back.state);
      return page(303, '', { location: back.href });
    },
  }),
];
