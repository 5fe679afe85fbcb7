import { z } from 'zod';
import { requestSignInCode, signInWithCode } from '../../usecases/access/sign-in-codes.js';
import { endSessionsOfUser, USER_TOKEN_SECONDS, type SessionTokens } from '../../usecases/access/user-sessions.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';

const TAG = 'Signing in';
const email = requiredLine(254);

const tokens = z.object({
  access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int(),
  refresh_token: z.string().describe('For POST /oauth/token, grant_type=refresh_token; counts once.'),
});

export function tokensView({ accessToken, expiresInSeconds, refreshToken }: SessionTokens) {
  return { access_token: accessToken, token_type: 'bearer' as const, expires_in: expiresInSeconds, refresh_token: refreshToken };
}

/** People sign in by a code that is mailed to them. */
export const signInRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/sign-in/code', operationId: 'requestSignInCode', summary: 'Have a code mailed to sign in with', tag: TAG,
    access: 'public', body: z.strictObject({ email }),
    answer: { status: 202, description: 'If somebody active has the address, a code is on its way that counts once, for ten minutes.', schema: null },
    async handle({ deps, actor, body }) {
      await requestSignInCode(deps, body.email, actor);
      return { kind: 'empty', status: 202 };
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/sign-in', operationId: 'signIn', summary: 'Sign in with a code', tag: TAG, access: 'public',
    body: z.strictObject({ email, code: requiredLine(16) }),
    answer: { status: 200, description: `A token of this person for ${USER_TOKEN_SECONDS} s, and one to get others with.`, schema: tokens },
    async handle({ deps, actor, body }) {
      return answer(await signInWithCode(deps, body.email, body.code, actor), (signedIn) => json(tokensView(signedIn)));
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/users/{userId}/sign_out_everywhere', operationId: 'signOutUserEverywhere',
    summary: 'End every sign-in of a person', tag: TAG, access: 'user:write', self: true, bodyOptional: true, body: z.strictObject({}),
    answer: { status: 204, description: 'Ended; tokens count no longer.', schema: null },
    async handle({ deps, actor, params }) {
      const user = await findUser(deps.stores, actor.accountId, params.userId);
      if (user === null) return failed(fromRefusal(userNotFound(params.userId)));
      return answer(await endSessionsOfUser(deps, actor, user.id), () => NO_CONTENT);
    },
  }),
];
