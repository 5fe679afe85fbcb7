import { z } from 'zod';
import { deskAddress } from '../../domain/emergency/desk-address.js';
import { phoneUserNotFound, deviceNotFound } from '../../usecases/admin/not-found.js';
import { findDevice, findPhoneUser } from '../../usecases/admin/resolve.js';
import { deskEmergencyNow } from '../../usecases/desk-emergency.js';
import { mayManageAddress, setDeviceAddress, setOwnAddress } from '../../usecases/emergency/holder-addresses.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { addressLines, deskAddressFields, deskAddressView, toPostal } from '../schemas/emergency-fields.js';
import { line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Emergency addresses';

export const deskAddressRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/emergency_address', operationId: 'getDeviceEmergencyAddress',
    summary: 'Say where help is sent when this phone calls for it now', tag: TAG, access: 'emergency_address:read',
    answer: { status: 200, description: 'The address of the desk, whoever sits there.', schema: deskAddressFields },
    async handle({ deps, actor, params }) {
      const device = await findDevice(deps.stores, actor.accountId, params.deviceId);
      if (device === null) return failed(fromRefusal(deviceNotFound(params.deviceId)));
      return json(deskAddressView(await deskEmergencyNow(deps, device)));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/devices/{deviceId}/emergency_address', operationId: 'setDeviceEmergencyAddress',
    summary: "Set a phone's own emergency address", tag: TAG, access: 'emergency_address:write',
    body: z.strictObject({
      emergency_address_id: line(64).describe("An address of the phone's site; \"\" takes it off, and that of its user, common area or site counts."),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await setDeviceAddress(deps, actor, params.deviceId, body.emergency_address_id), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/users/{userId}/emergency_address', operationId: 'getUserEmergencyAddress',
    summary: "Get a person's emergency address, and whether the person may change it", tag: TAG, access: 'emergency_address:read',
    answer: {
      status: 200, description: 'What counts at desks of the site, away from any phone.',
      schema: deskAddressFields.omit({ location: true, elin: true }).extend({ may_manage: z.boolean() }),
    },
    async handle({ deps, actor, params }) {
      const view = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (view === null) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const { safety } = deps.directory;
      const own = safety.addressOf({ kind: 'user', id: view.phone.id });
      const { location: _location, elin: _elin, ...shown } = deskAddressView(deskAddress({
        siteId: view.site.id, location: null, device: undefined, owner: own === undefined ? null : { kind: 'user', address: own },
        siteDefault: safety.siteDefault(view.site.id),
      }));
      return json({ ...shown, may_manage: await mayManageAddress(deps.stores, actor.accountId, view.site.id, view.extension.id) });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/users/{userId}/emergency_address', operationId: 'setUserEmergencyAddress',
    summary: "Set a person's emergency address", tag: TAG, access: 'emergency_address:write',
    body: z.strictObject({
      emergency_address_id: line(64).optional().describe("An address of the person's site or own; \"\" = the site's default."),
      address: z.strictObject(addressLines).optional().describe('A new one of the own, instead.'),
      acting_user_id: requiredLine(128).optional().describe(
        'The person, when a portal acts for them: allowed where emergency_address_management is on. Left out, an administrator changes it.',
      ),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wish = {
        ...given({ addressId: body.emergency_address_id, address: body.address === undefined ? undefined : toPostal(body.address) }),
        actingUser: body.acting_user_id ?? null,
      };
      return answer(await setOwnAddress(deps, actor, params.userId, wish), () => NO_CONTENT);
    },
  }),
];
