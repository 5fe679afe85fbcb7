import { z } from 'zod';
import type { FeatureCodes } from '../../domain/identity/account.js';
import { accountNotFound } from '../../usecases/admin/not-found.js';
import { setAccountPolicy } from '../../usecases/admin/set-account-policy.js';
import { answer, failed, json } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { given } from '../schemas/views.js';

const TAG = 'Settings';
const code = z.string().trim().max(10);
const codes = z.strictObject({
  hot_desk_sign_in: code.describe('The extension may be dialled right behind it.'),
  hot_desk_sign_out: code,
  device_lock: code.describe('Locks and unlocks a phone for its own user; "" = no code.'),
  phone_activation: code.describe('Makes a phone that is nobody\'s a common area\'s or user\'s by an activation code; "" = no code.'),
});

function view({ hotDeskSignIn, hotDeskSignOut, deviceLock, phoneActivation }: FeatureCodes): z.output<typeof codes> {
  return { hot_desk_sign_in: hotDeskSignIn, hot_desk_sign_out: hotDeskSignOut, device_lock: deviceLock, phone_activation: phoneActivation };
}

export const featureCodeRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/account/feature_codes', operationId: 'getFeatureCodes', summary: 'Get the * and # codes', tag: TAG, access: 'setting:read', subject: 'anyone',
    answer: { status: 200, description: 'What phones dial.', schema: codes },
    async handle({ deps, actor }) {
      const account = await deps.stores.accounts.get(actor.accountId);
      return account === null ? failed(fromRefusal(accountNotFound(actor.accountId))) : json(view(account.policy.featureCodes));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/account/feature_codes', operationId: 'setFeatureCodes', summary: 'Change the * and # codes', tag: TAG, access: 'setting:write',
    body: codes.partial(),
    answer: {
      status: 200, description: 'What holds from the next call on, checked against extensions and emergency numbers; phones are pending until they know it.', schema: codes,
    },
    async handle({ deps, actor, body }) {
      const featureCodes = given({
        hotDeskSignIn: body.hot_desk_sign_in, hotDeskSignOut: body.hot_desk_sign_out, deviceLock: body.device_lock, phoneActivation: body.phone_activation,
      });
      const outcome = await setAccountPolicy(deps, actor, { featureCodes });
      if (outcome.kind === 'done') return json(view(outcome.value.featureCodes));
      const problems = outcome.problems.map((problem) => ({ ...problem, field: problem.field.replace('feature_codes.', '') }));
      return answer({ ...outcome, problems }, () => json({}));
    },
  }),
];
