import { z } from 'zod';
import { asId, type CommonAreaId } from '../../domain/ids.js';
import type { Device } from '../../domain/device/device.js';
import { addDeviceExtensions, removeDeviceExtension } from '../../usecases/admin/assign-device.js';
import { commonAreaNotFound } from '../../usecases/admin/not-found.js';
import { setHotDesking } from '../../usecases/admin/set-hot-desking.js';
import { setPin } from '../../usecases/hotdesk/set-pin.js';
import { answer, created, failed, json, NO_CONTENT, type Answer } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { guestFields, guestView } from '../schemas/hot-desk-fields.js';
import { deviceType, statusesOf } from './device-view.js';

const TAG = 'Common areas';

const status = z.enum(['on', 'off', 'unsupported']);

/** Of the setting types of the published shape, phones are the one that exists here. */
function otherType(settingType: string): Answer | null {
  if (settingType === 'desk_phone') return null;
  return failed(badRequest('settingType', 'Only desk_phone can be changed here.'));
}

function guestOf(deps: HttpDeps, device: Device) {
  const guest = deps.directory.guestOf(device.id);
  return guest === undefined ? {} : { hot_desk_session: guestView(deps, guest) };
}

export const commonAreaSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/common_areas/{commonAreaId}/settings', operationId: 'getCommonAreaSettings',
    summary: "Get a common area's phones", tag: TAG, access: 'common_area:read',
    answer: {
      status: 200, description: 'Its phones.',
      schema: z.object({
        desk_phones: z.array(z.object({
          id: z.string(), display_name: z.string(), device_type: z.string(), status: z.string(),
          mac_address: z.string(),
          hot_desking: z.object({ status }), hot_desk_session: guestFields.optional(), private_ip: z.string(), public_ip: z.string(),
        })),
      }),
    },
    async handle({ deps, actor, params }) {
      const view = await deps.stores.commonAreas.get(actor.accountId, asId<CommonAreaId>(params.commonAreaId));
      if (!view) return failed(fromRefusal(commonAreaNotFound(params.commonAreaId)));
      const devices = deps.directory.devicesOf(view.extension.id);
      const states = await statusesOf(deps, devices);
      return json({
        desk_phones: devices.map((device) => ({
          ...guestOf(deps, device),
          id: device.id, display_name: device.displayName, device_type: deviceType(device),
          status: states.get(device.id)?.status ?? 'offline', mac_address: device.macAddress,
          hot_desking: { status: device.hotDesking }, private_ip: states.get(device.id)?.privateIp ?? '',
          public_ip: states.get(device.id)?.publicIp ?? '',
        })),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/common_areas/{commonAreaId}/settings/{settingType}',
    operationId: 'AddCommonAreaSetting', summary: 'Assign a phone to a common area (settingType desk_phone)', tag: TAG,
    access: 'device:write',
    body: z.object({ device_id: requiredLine(64) }),
    answer: {
      status: 201, description: 'The phone.',
      schema: z.object({ desk_phones: z.array(z.object({ id: z.string(), display_name: z.string() })) }),
    },
    async handle({ deps, actor, params, body }) {
      const other = otherType(params.settingType);
      if (other) return other;
      const area = await deps.stores.commonAreas.get(actor.accountId, asId<CommonAreaId>(params.commonAreaId));
      if (!area) return failed(fromRefusal(commonAreaNotFound(params.commonAreaId)));
      const outcome = await addDeviceExtensions(deps, actor, body.device_id, [area.extension.id]);
      return answer(outcome, (device) => created({
        desk_phones: [{ id: device.id, display_name: device.displayName }],
      }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/common_areas/{commonAreaId}/settings/{settingType}',
    operationId: 'deleteCommonAreaSetting', summary: 'Unassign a phone from a common area (settingType desk_phone)',
    tag: TAG, access: 'device:write',
    query: z.object({ device_id: requiredLine(64) }),
    answer: { status: 204, description: 'Unassigned.', schema: null },
    async handle({ deps, actor, params, query }) {
      const other = otherType(params.settingType);
      if (other) return other;
      return answer(await removeDeviceExtension(deps, actor, query.device_id, params.commonAreaId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/common_areas/{commonAreaId}/settings/{settingType}',
    operationId: 'UpdateCommonAreaSetting',
    summary: "Switch hot desking on a common area's phones (settingType desk_phone)",
    tag: TAG, access: 'device:write',
    body: z.object({
      desk_phones: z.array(z.object({
        id: requiredLine(64), hot_desking: z.object({ status: status.optional() }).optional(),
      })).max(100).default([]),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const other = otherType(params.settingType);
      if (other) return other;
      const wanted = body.desk_phones.flatMap(({ id, hot_desking: policy }, index) => {
        const hotDesking = policy?.status;
        return hotDesking === undefined ? [] : [{ deviceId: id, hotDesking, field: `desk_phones[${index}].id` }];
      });
      const holder = { kind: 'common_area' as const, id: params.commonAreaId };
      return answer(await setHotDesking(deps, actor, holder, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/common_areas/{commonAreaId}/pin_code', operationId: 'UpdateCommonAreaPinCode',
    summary: "Set a common area's PIN", tag: TAG, access: 'common_area:write',
    body: z.object({ pin_code: z.string().max(100).describe('1 to 6 digits: they unlock its phones. Kept as a hash and never shown.') }),
    answer: { status: 204, description: 'Set.', schema: null },
    async handle({ deps, actor, params, body }) {
      const holder = { kind: 'common_area' as const, id: asId<CommonAreaId>(params.commonAreaId) };
      return answer(await setPin(deps, actor, holder, body.pin_code), () => NO_CONTENT);
    },
  }),
];
