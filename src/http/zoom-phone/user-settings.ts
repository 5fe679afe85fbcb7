import { z } from 'zod';
import type { Device } from '../../domain/device/device.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { setDeskPhone } from '../../usecases/admin/set-desk-phone.js';
import { updatePhoneUser } from '../../usecases/admin/update-phone-user.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest, fromRefusal, noPermission } from '../problem.js';
import { route, type Route } from '../route.js';
import { countryView, line } from '../schemas/fields.js';
import { guestFields, guestView } from '../schemas/hot-desk-fields.js';
import { callerIdFields, callerIdsOf, shownNumber } from '../schemas/number-views.js';
import { given } from '../schemas/views.js';
import { deviceType, statusesOf } from './device-view.js';
import { apiStatus } from './users.js';

const TAG = 'Phone users';
const status = z.enum(['on', 'off', 'unsupported']);

function userDevice(deps: HttpDeps, device: Device, state: string) {
  const guest = deps.directory.guestOf(device.id);
  return {
    id: device.id, display_name: device.displayName, device_type: deviceType(device), mac_address: device.macAddress,
    status: state,
    policy: { hot_desking: { status: device.hotDesking } },
    ...(guest === undefined ? {} : { hot_desk_session: guestView(deps, guest) }),
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
        outbound_caller: z.object({ number: z.string().describe('E.164, hidden, or "" where there is none to show.') }),
        outbound_caller_ids: z.array(callerIdFields),
        area_code: z.string(), country: z.object({ code: z.string(), name: z.string() }), extension_number: z.int(),
        status: z.string(),
        desk_phone: z.object({
          devices: z.array(z.object({
            id: z.string(), display_name: z.string(), device_type: z.string(), mac_address: z.string(),
            status: z.string(),
            policy: z.object({ hot_desking: z.object({ status }) }),
            hot_desk_session: guestFields.optional().describe('Who sits at it as guest now.'),
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
        outbound_caller: { number: shownNumber(deps, view.extension) }, outbound_caller_ids: callerIdsOf(deps, view.extension),
        area_code: view.phone.areaCode, country: countryView(view.site.country),
        extension_number: Number(view.extension.number),
        status: apiStatus(view.phone.status),
        desk_phone: {
          devices: devices.map((device) => userDevice(deps, device, states.get(device.id)?.status ?? 'offline')),
        },
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}/settings', operationId: 'updateUserSettings',
    summary: "Change a phone user's settings", tag: TAG, access: 'phone_user:write',
    body: z.object({
      area_code: z.string().regex(/^\d{0,6}$/, 'An area code has at most 6 digits.').optional(),
      outbound_caller_id: line(64).optional().describe('A number that the user may show, hidden, or "" for the default.'),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(
        await updatePhoneUser(deps, actor, params.userId, given({ areaCode: body.area_code, outboundCallerId: body.outbound_caller_id })), () => NO_CONTENT,
      );
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}/settings/{settingType}', operationId: 'updateUserSetting',
    summary: "Set a user's PIN and switch hot desking on the user's phones (settingType desk_phone)", tag: TAG, access: 'device:write',
    body: z.object({
      desk_phone: z.object({
        devices: z.array(z.object({
          id: z.string().max(64),
          policy: z.object({ hot_desking: z.object({ status: status.optional() }).optional() }).optional(),
        })).max(100).default([]),
        pin_code: z.string().max(100).optional().describe('1 to 6 digits, for signing in at phones. It is kept as a hash and never shown.'),
      }).optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, permissions, params, body }) {
      if (params.settingType !== 'desk_phone') {
        return failed(badRequest('settingType', 'Only desk_phone can be changed here.'));
      }
      const pin = body.desk_phone?.pin_code ?? null;
      if (pin !== null && !permissions.has('phone_user:write')) return failed(noPermission('phone_user:write'));
      const wanted = (body.desk_phone?.devices ?? []).flatMap(({ id, policy }, index) => {
        const hotDesking = policy?.hot_desking?.status;
        return hotDesking === undefined ? [] : [{ deviceId: id, hotDesking, field: `desk_phone.devices[${index}].id` }];
      });
      return answer(await setDeskPhone(deps, actor, params.userId, { devices: wanted, pin }), () => NO_CONTENT);
    },
  }),
];
