import { z } from 'zod';
import { asId, type DeviceId } from '../../domain/ids.js';
import { askResync, showResync, type DeviceResyncView } from '../../usecases/hotdesk/resync-requests.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'Phone devices';

const resync = z.object({
  device_id: z.string(),
  family: z.string().describe('Maker as recognised by type, model and User-Agent; other = unknown.'),
  model: z.string(), firmware: z.string(),
  label_refresh: z.enum(['live', 'none']).describe('Whether signing in changes the label on the display without a restart.'),
  event: z.string().describe('Event of the NOTIFY that makes it read its configuration again; "" = none is known.'),
  contacts: z.int().describe('Registrations it would go to now.'),
  state: z.enum(['', 'pending', 'sent', 'confirmed', 'failed', 'not-needed']).describe('Of the newest one; "" = it was never asked.'),
  waits_for: z.enum(['', 'registration', 'call-end', 'retry']),
  attempts: z.int(),
  next_attempt_at: z.string(),
  last_status: z.int().nullable().describe('SIP status of the last answer; 408 = none came.'),
  updated_at: z.string(),
});

function view({ resync: kept, ...phone }: DeviceResyncView): z.output<typeof resync> {
  return {
    device_id: phone.deviceId, family: phone.family, model: phone.model, firmware: phone.firmware ?? '', label_refresh: phone.labelRefresh,
    event: phone.event ?? '', contacts: phone.contacts, state: kept?.state ?? '', waits_for: kept?.waitsFor ?? '', attempts: kept?.attempts ?? 0,
    next_attempt_at: apiTime(kept?.nextAt ?? null), last_status: kept?.lastStatus ?? null, updated_at: apiTime(kept?.at ?? null),
  };
}

export const deviceResyncRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/resync', operationId: 'getDeviceResync',
    summary: 'What became of asking a phone to read its configuration again', tag: TAG, access: 'device:read',
    answer: { status: 200, description: 'The newest request, and what is known of the phone.', schema: resync },
    handle: async ({ deps, actor, params }) => answer(
      await showResync(deps, actor.accountId, asId<DeviceId>(params.deviceId)), (found) => json(view(found)),
    ),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/devices/{deviceId}/resync', operationId: 'resyncDevice',
    summary: 'Ask a phone to read its configuration again', tag: TAG, access: 'device:write', bodyOptional: true, body: z.strictObject({}),
    answer: { status: 200, description: 'Asked: by NOTIFY, to this phone alone, after its calls, once it is registered.', schema: resync },
    handle: async ({ deps, actor, params }) => answer(await askResync(deps, actor, asId<DeviceId>(params.deviceId)), (found) => json(view(found))),
  }),
];
