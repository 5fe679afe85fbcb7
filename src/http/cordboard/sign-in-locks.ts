import { z } from 'zod';
import { asId, type DeviceId, type ExtensionId } from '../../domain/ids.js';
import type { SignInLock } from '../../domain/hotdesk/sign-in-lock.js';
import { unlockSignIn } from '../../usecases/hotdesk/unlock-sign-in.js';
import { answer, failed, json } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'Hot desking';

function view({ directory }: HttpDeps, lock: SignInLock) {
  const extension = lock.extensionKey === null ? undefined : directory.extension(asId<ExtensionId>(lock.extensionKey));
  return {
    scope: lock.scope, device_id: lock.deviceId, device_name: directory.device(lock.deviceId)?.displayName ?? '',
    // Digits that are nobody's extension may be a PIN typed too early: they were never kept.
    extension_id: extension?.id ?? '', extension_number: extension?.number ?? '',
    locked_at: apiTime(lock.at), until: apiTime(lock.until), level: lock.level,
  };
}

export const signInLockRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/sign_in_locks', operationId: 'listSignInLocks',
    summary: 'List where wrong PINs have locked signing in', tag: TAG, access: 'hot_desk:read', subject: 'list',
    answer: {
      status: 200, description: 'Locks that hold now. They block the sign-in code alone, never calls or sessions.',
      schema: z.object({
        total_records: z.int(),
        locks: z.array(z.object({
          scope: z.enum(['pair', 'device']).describe('pair: one extension at one phone.'), device_id: z.string(), device_name: z.string(),
          extension_id: z.string().describe('"" with scope device, and where nobody has the digits that were typed.'), extension_number: z.string(),
          locked_at: z.string(), until: z.string(), level: z.int().describe('Each lock within a day lasts twice as long as the one before.'),
        })),
      }),
    },
    async handle({ deps, actor, sites }) {
      const locks = (await deps.stores.signInLocks.holding(actor.accountId, deps.clock.now()))
        .filter(({ deviceId }) => sites === null || sites.some((id) => deps.directory.device(deviceId)?.siteId === id)).map((lock) => view(deps, lock));
      return json({ total_records: locks.length, locks });
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/sign_in_locks', operationId: 'unlockSignIn',
    summary: 'Lift locks of a phone, of an extension everywhere, or of one extension at one phone', tag: TAG, access: 'hot_desk:write', subject: 'noted',
    query: z.object({
      device_id: requiredLine(64).optional(),
      extension_id: requiredLine(64).optional(),
    }),
    answer: {
      status: 200, description: 'Lifted; the wrong attempts behind them are forgotten.', schema: z.object({ unlocked: z.int() }),
    },
    async handle({ deps, actor, query }) {
      const extension = query.extension_id === undefined ? {} : { extensionId: asId<ExtensionId>(query.extension_id) };
      if (query.device_id !== undefined) {
        const outcome = await unlockSignIn(deps, actor, { deviceId: asId<DeviceId>(query.device_id), ...extension });
        return answer(outcome, (unlocked) => json({ unlocked }));
      }
      if (extension.extensionId === undefined) return failed(badRequest('device_id', 'Give device_id, extension_id, or both.'));
      return answer(await unlockSignIn(deps, actor, { extensionId: extension.extensionId }), (unlocked) => json({ unlocked }));
    },
  }),
];
