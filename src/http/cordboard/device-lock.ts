import { z } from 'zod';
import { asId, type DeviceId } from '../../domain/ids.js';
import { deviceNotFound } from '../../usecases/admin/not-found.js';
import { findDevice } from '../../usecases/admin/resolve.js';
import { answer, failed, json } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';

const TAG = 'Phone devices';
const lockState = z.object({ device_id: z.string(), locked: z.boolean() });

/** Locking by its own user's wish, or an administrator's; hot desking has no part in it. */
function setLock(verb: 'lock' | 'unlock'): Route {
  const locked = verb === 'lock';
  return route({
    method: 'POST', path: `/v2/cordboard/devices/{deviceId}/${verb}`, operationId: `${verb}Device`,
    summary: locked ? 'Lock a phone: nobody acts on it' : 'Unlock a phone', tag: TAG, access: 'device:write', self: true,
    bodyOptional: true, body: z.strictObject({}),
    answer: {
      status: 200, schema: lockState,
      description: locked ? 'Locked: emergency calls and unlocking are left. Registration, assignment and sessions stay.' : 'Open to its own user again.',
    },
    async handle({ deps, actor, params }) {
      const outcome = await deps.hotDesk.deviceLock.byApi(actor, asId<DeviceId>(params.deviceId), locked);
      return answer(outcome, (device) => json({ device_id: device.id, locked: device.locked }));
    },
  });
}

export const deviceLockRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/lock', operationId: 'getDeviceLock', summary: 'Whether a phone is locked',
    tag: TAG, access: 'device:read', self: true,
    answer: { status: 200, description: 'The device lock, which is not hot desking.', schema: lockState },
    async handle({ deps, actor, params }) {
      const device = await findDevice(deps.stores, actor.accountId, params.deviceId);
      if (device === null) return failed(fromRefusal(deviceNotFound(params.deviceId)));
      return json({ device_id: device.id, locked: device.locked });
    },
  }),
  setLock('lock'),
  setLock('unlock'),
];
