import { z } from 'zod';
import { failed, type Answer } from '../answers.js';
import {
  issueToken, revokeToken, TOKEN_LIFETIME_SECONDS, type ClientCredentials, type TokenRefusal,
} from '../../usecases/issue-token.js';
import { endSessionOfToken, refreshUserSession, type SessionTokens } from '../../usecases/access/user-sessions.js';
import { tokensView } from '../cordboard/sign-in.js';
import { problem } from '../problem.js';
import { route, type Route } from '../route.js';

const grantType = z.string().max(64).optional();
const accountId = z.string().max(64).optional();

interface RefusalRow {
  readonly status: number;
  readonly code: number;
  readonly error: string;
  readonly text: string;
}

/** What a refused token request is answered with: RFC 6749 §5.2 names it, Zoom's shape carries it. */
const REFUSALS: Readonly<Record<TokenRefusal, RefusalRow>> = {
  'invalid-client': { status: 401, code: 124, error: 'invalid_client', text: 'Invalid client_id or client_secret' },
  'unsupported-grant': {
    status: 400, code: 300, error: 'unsupported_grant_type',
    text: 'grant_type must be account_credentials or client_credentials',
  },
  'wrong-account': {
    status: 400, code: 300, error: 'invalid_request',
    text: 'account_id is missing or is not the account of this client',
  },
  'busy': {
    status: 429, code: 429, error: 'temporarily_unavailable',
    text: 'Too many token requests at once. Try again shortly.',
  },
};

function refusal(kind: TokenRefusal): Answer {
  const { status, code, error, text } = REFUSALS[kind];
  if (status === 429) return failed(problem(status, code, text, { headers: { 'retry-after': '1' } }));
  const headers: Readonly<Record<string, string>> = status === 401 ? {
    'www-authenticate': 'Basic realm="cordboard", charset="UTF-8"',
  } : {};
  return { kind: 'json', status, body: { code, message: text, reason: text, error, error_description: text }, headers };
}

/** HTTP Basic (RFC 7617), else `client_id` and `client_secret` of the form (RFC 6749 §2.3.1). */
function credentials(
  header: string | string[] | undefined,
  form: { readonly client_id?: string | undefined; readonly client_secret?: string | undefined },
): ClientCredentials | null {
  const basic = typeof header === 'string' ? /^Basic +([A-Za-z0-9+/_-]+=*)$/i.exec(header.trim())?.[1] : undefined;
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon < 1 || text.includes('\0') ? null : {
      clientId: text.slice(0, colon), clientSecret: text.slice(colon + 1),
    };
  }
  return form.client_id && form.client_secret ? { clientId: form.client_id, clientSecret: form.client_secret } : null;
}

const token = z.object({
  access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int(), scope: z.string(),
  api_url: z.string(), refresh_token: z.string().optional().describe('Only to people: for the next time.'),
});

/** RFC 6749 §6: who holds a refresh token needs no other credentials. */
function refreshed(tokens: SessionTokens | null, origin: string): Answer {
  if (tokens === null) return failed(problem(400, 300, 'This refresh token does not count. Sign in again.'));
  const body = { ...tokensView(tokens), scope: '', api_url: origin };
  return { kind: 'json', status: 200, body, headers: { 'cache-control': 'no-store' } };
}

export const oauthRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/oauth/token', operationId: 'issueToken', summary: 'Get an access token', tag: 'OAuth',
    access: 'public',
    query: z.object({ grant_type: grantType, account_id: accountId }),
    body: z.object({
      grant_type: grantType.describe('account_credentials (with account_id), client_credentials, or refresh_token.'),
      account_id: accountId,
      client_id: z.string().max(128).optional(),
      client_secret: z.string().max(256).optional(),
      refresh_token: z.string().max(256).optional().describe('Of a person who signed in, with grant_type refresh_token.'),
    }),
    bodyType: 'form', bodyOptional: true,
    answer: {
      status: 200,
      description: `A bearer token for ${TOKEN_LIFETIME_SECONDS} s. Client id and secret come by HTTP Basic.`,
      schema: token,
    },
    async handle({ deps, query, body, headers, origin }) {
      if (body.grant_type === 'refresh_token') return refreshed(await refreshUserSession(deps, body.refresh_token ?? ''), origin);
      const given = credentials(headers.authorization, body);
      const result = given === null
        ? { kind: 'refused' as const, reason: 'invalid-client' as const }
        : await issueToken(deps, given, {
          grantType: body.grant_type ?? query.grant_type ?? '', accountId: body.account_id ?? query.account_id ?? null,
        });
      if (result.kind === 'refused') return refusal(result.reason);
      return {
        kind: 'json', status: 200,
        body: {
          access_token: result.token, token_type: 'bearer', expires_in: TOKEN_LIFETIME_SECONDS, scope: result.scope,
          api_url: origin,
        },
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'POST', path: '/oauth/revoke', operationId: 'revokeToken', summary: 'Take an access token back', tag: 'OAuth',
    access: 'public',
    body: z.object({
      token: z.string().min(1).max(4096), token_type_hint: z.string().max(64).optional(),
      client_id: z.string().max(128).optional(), client_secret: z.string().max(256).optional(),
    }),
    bodyType: 'form',
    answer: { status: 200, description: 'The token counts no longer, whether it did or not. Client id and secret come by HTTP Basic; a person shows the token alone, and their sign-in ends.', schema: null },
    async handle({ deps, body, headers }) {
      const given = credentials(headers.authorization, body);
      // RFC 7009 §2.1: people have no credentials of a client; their token itself is what they show.
      if (given === null && headers.authorization === undefined) {
        await endSessionOfToken(deps, body.token);
        return { kind: 'empty', status: 200 };
      }
      const result = given === null ? 'invalid-client' : await revokeToken(deps, given, body.token);
      return result === 'done' ? { kind: 'empty', status: 200 } : refusal(result);
    },
  }),
];
