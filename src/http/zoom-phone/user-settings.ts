import { z } from 'zod';
import type { Device } from '../../domain/device/device.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { setHotDesking } from '../../usecases/admin/set-hot-desking.js';
import { updatePhoneUser } from '../../usecases/admin/update-phone-user.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { countryView } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { deviceType, statusesOf } from './device-view.js';
import { apiStatus } from './users.js';

const TAG = 'Phone users';
const status = z.enum(['on', 'off', 'unsupported']);

function userDevice(device: Device, state: string) {
  return {
    id: device.id, display_name: device.displayName, device_type: deviceType(device), mac_address: device.macAddress,
    status: state,
    policy: { hot_desking: { status: device.hotDesking } },
  };
}

export const userSettingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/settings', operationId: 'phoneUserSettings',
    summary: "Get a phone user's settings", tag: TAG,
    access: 'phone_user:read',
    answer: {
      status: 200, description: 'Settings that exist.',
      schema: z.object({
        area_code: z.string(), country: z.object({ code: z.string(), name: z.string() }), extension_number: z.int(),
        status: z.string(),
        desk_phone: z.object({
          devices: z.array(z.object({
            id: z.string(), display_name: z.string(), device_type: z.string(), mac_address: z.string(),
            status: z.string(),
            policy: z.object({ hot_desking: z.object({ status }) }),
          })),
        }),
      }),
    },
    async handle({ deps, actor, params }) {
      const view = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (!view) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const devices = deps.directory.devicesOf(view.extension.id);
      const states = await statusesOf(deps, devices);
      return json({
        area_code: view.phone.areaCode, country: countryView(view.site.country),
        extension_number: Number(view.extension.number),
        status: apiStatus(view.phone.status),
        desk_phone: {
          devices: devices.map((device) => userDevice(device, states.get(device.id)?.status ?? 'offline')),
        },
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}/settings', operationId: 'updateUserSettings',
    summary: "Change a phone user's settings", tag: TAG, access: 'phone_user:write',
    body: z.object({ area_code: z.string().regex(/^\d{0,6}$/, 'An area code has at most 6 digits.').optional() }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(
        await updatePhoneUser(deps, actor, params.userId, given({ areaCode: body.area_code })), () => NO_CONTENT,
      );
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}/settings/{settingType}', operationId: 'updateUserSetting',
    summary: "Switch hot desking on a user's phones (settingType desk_phone)", tag: TAG, access: 'device:write',
    body: z.object({
      desk_phone: z.object({
        devices: z.array(z.object({
          id: z.string().max(64),
          policy: z.object({ hot_desking: z.object({ status: status.optional() }).optional() }).optional(),
        })).max(100).default([]),
      }).optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      if (params.settingType !== 'desk_phone') {
        return failed(badRequest('settingType', 'Only desk_phone can be changed here.'));
      }
      const wanted = (body.desk_phone?.devices ?? []).flatMap(({ id, policy }, index) => {
        const hotDesking = policy?.hot_desking?.status;
        return hotDesking === undefined ? [] : [{ deviceId: id, hotDesking, field: `desk_phone.devices[${index}].id` }];
      });
      const holder = { kind: 'user' as const, id: params.userId };
      return answer(await setHotDesking(deps, actor, holder, wanted), () => NO_CONTENT);
    },
  }),
];
