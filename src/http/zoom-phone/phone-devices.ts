import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import { PROVISIONING_STATES } from '../../domain/device/configuration-generation.js';
import type { Device } from '../../domain/device/device.js';
import type { DeviceFilter } from '../../ports/phone-stores.js';
import { addDevice } from '../../usecases/admin/add-device.js';
import { addDeviceExtensions, removeDeviceExtension } from '../../usecases/admin/assign-device.js';
import { provisioningStates } from '../../usecases/admin/device-provisioning.js';
import { deviceNotFound } from '../../usecases/admin/not-found.js';
import { deskEmergencyNow } from '../../usecases/desk-emergency.js';
import { removeDevice } from '../../usecases/admin/remove-device.js';
import { findDevice } from '../../usecases/admin/resolve.js';
import { chainOf } from '../../usecases/admin/setting-places.js';
import { readSettings } from '../../usecases/admin/settings.js';
import { macWarnings } from '../../usecases/admin/set-up-device.js';
import { updateDevice } from '../../usecases/admin/update-device.js';
import { enrolmentOf } from '../../usecases/provisioning/enrol-windows.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, macAddress, requiredLine, siteRef } from '../schemas/fields.js';
import { deskAddressFields, deskAddressView } from '../schemas/emergency-fields.js';
import { guestFields } from '../schemas/hot-desk-fields.js';
import { given } from '../schemas/views.js';
import { warning, warningsView } from '../schemas/warnings.js';
import { apiTime } from '../times.js';
import { deviceView, statusesOf } from './device-view.js';

const TAG = 'Phone devices';

const assignee = z.object({
  id: z.string(), name: z.string(), extension_number: z.int(), extension_type: z.enum(['user', 'commonArea']),
  extension_id: z.string(),
});
const deviceItem = z.object({
  id: z.string(), display_name: z.string(), device_type: z.string(),
  mac_address: z.string().describe('Twelve lower-case hex digits.'), site: siteRef,
  status: z.enum(['online', 'offline']).describe('Whether it is registered now.'),
  provision_template_id: z.string().describe("Of its own; '' = its site's or the account's, if any."),
  provisioning_status: z.enum(PROVISIONING_STATES).describe('How far it is with its configuration; manual = it is set up by hand.'),
  assignee: assignee.optional().describe('Who has the phone now: its guest while one is signed in, else the first of assignees.'),
  assignees: z.array(assignee).describe('Whose the phone is, whoever has it now.'),
  hot_desk_session: guestFields.optional().describe('Missing while no guest is signed in.'),
});
const deviceDetail = deviceItem.extend({
  provision: z.object({
    type: z.string(), url: z.string(),
    sip_accounts: z.array(z.object({
      sip_domain: z.string(), outbound_proxy: z.string(), secondary_outbound_proxy: z.string(), user_name: z.string(),
      authorization_id: z.string(),
      password: z.string().optional().describe('Only for roles that may see SIP passwords.'),
    })),
  }),
  private_ip: z.string(), public_ip: z.string(),
  emergency_address: deskAddressFields.describe('Where help is sent when it calls for it now, whoever sits there.'),
  policy: z.object({
    call_control: z.object({ status: z.enum(['on', 'off', 'unsupported']).describe('Kept; phones are not remote-controlled yet.') }),
    hot_desking: z.object({ status: z.enum(['on', 'off', 'unsupported']) }),
  }),
});

const ASSIGNEE_KIND = { user: 'user', commonArea: 'common_area' } as const;

const assignees = z.array(requiredLine(128)).max(20).describe(
  'Extension ids; one at most, none leaves the device unassigned.',
);

async function sipAccount(deps: HttpDeps, device: Device, showPassword: boolean) {
  const reach = deps.sipReach();
  const account = {
    sip_domain: reach.domain, outbound_proxy: reach.outboundProxy, secondary_outbound_proxy: '',
    user_name: device.userName,
    authorization_id: device.userName,
  };
  const sealed = showPassword ? await deps.stores.devices.sealedPassword(device.id) : null;
  return sealed === null ? account : { ...account, password: deps.secretBox.open(sealed, device.id) };
}

export const deviceRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/devices', operationId: 'listPhoneDevices', summary: 'List devices', tag: TAG,
    access: 'device:read', subject: 'list',
    query: z.object({
      type: z.enum(['assigned', 'unassigned', 'all']).default('all'),
      assignee_type: z.enum(['user', 'commonArea']).optional(),
      device_source: z.enum(['hotDesking']).optional().describe('Only phones at which a guest is signed in.'),
      site_id: z.string().max(64).optional(),
      device_type: line(100).optional().describe('Maker, model, or both with a blank between, e.g. Yealink T54W.'),
      provisioning_status: z.enum(PROVISIONING_STATES).optional().describe('Only phones that are so far with their configuration.'),
      keyword: line(100).optional().describe('Part of the display name, MAC address or type.'),
      ...pageQuery(300),
    }),
    answer: {
      status: 200, description: 'Devices, oldest first.',
      schema: z.object({ ...pageFields, devices: z.array(deviceItem) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const filter: DeviceFilter = given({
        within: sites ?? undefined,
        assigned: query.type === 'all' ? undefined : query.type === 'assigned',
        assigneeKind: query.assignee_type && ASSIGNEE_KIND[query.assignee_type],
        siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id),
        keyword: query.keyword,
        guestSignedIn: query.device_source === undefined ? undefined : true,
        type: query.device_type, provisioning: query.provisioning_status,
      });
      const found = await deps.stores.devices.page(actor.accountId, filter, page.page);
      const states = await statusesOf(deps, found.items);
      const provisioning = await provisioningStates(deps.stores, found.items);
      return json({
        ...paging(found, query), devices: found.items.map((device) => deviceView(deps, device, states.get(device.id), provisioning.get(device.id))),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/devices', operationId: 'addPhoneDevice', summary: 'Add a device', tag: TAG,
    access: 'device:write', subject: 'noted',
    body: z.object({
      display_name: requiredLine(255),
      mac_address: macAddress,
      type: requiredLine(50).describe('Maker, e.g. Yealink; Other or Softphone for anything that is set up by hand.'),
      model: line(50).default('').describe('E.g. T54W; other for one of the maker that is not listed.'),
      assignee_extension_ids: assignees.default([]),
      assigned_to: requiredLine(128).optional().describe(
        'A user by id or e-mail address, or a common area by id: another way to name the one assignee.',
      ),
      provision_template_id: line(128).optional().describe('By id or name; "" = none of its own.'),
    }),
    answer: {
      status: 201, description: 'The new device; GET it for its SIP account.',
      schema: z.object({
        id: z.string(), display_name: z.string(), warnings: z.array(warning).describe('What is odd about it, e.g. a MAC address of another maker; it was added all the same.'),
        x_set_up: z.object({ path: z.string(), enrol_until: z.string() }).describe('Where the phone\'s address and steps are read, and until when it may enrol; "" = no window was opened.'),
      }),
    },
    async handle({ deps, actor, body }) {
      const { assigned_to: owner, assignee_extension_ids: ids } = body;
      const named = owner === undefined || ids.length > 0 ? ids : [owner];
      const outcome = await addDevice(deps, actor, {
        displayName: body.display_name, macAddress: body.mac_address, type: body.type, model: body.model,
        assignees: named,
        provisionTemplateId: body.provision_template_id || null,
      });
      if (outcome.kind === 'refused') return failed(fromRefusal(outcome));
      const device = outcome.value;
      const { until } = enrolmentOf(deps, await deps.stores.provisioningTokens.of(device.id), deps.clock.now());
      return created({
        id: device.id, display_name: device.displayName, warnings: warningsView(macWarnings(deps.setUpGuides, device)),
        x_set_up: { path: `/v2/cordboard/devices/${device.id}/setup`, enrol_until: apiTime(until) },
      });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/devices/{deviceId}', operationId: 'getADevice', etag: { ignoring: ['status', 'public_ip', 'last_registered'] },
    summary: 'Get a device with its SIP account', tag: TAG,
    access: 'device:read', self: true,
    answer: { status: 200, description: 'The device.', schema: deviceDetail },
    async handle({ deps, actor, permissions, params }) {
      const device = await findDevice(deps.stores, actor.accountId, params.deviceId);
      if (!device) return failed(fromRefusal(deviceNotFound(params.deviceId)));
      const state = (await statusesOf(deps, [device])).get(device.id);
      const provisioning = (await provisioningStates(deps.stores, [device])).get(device.id);
      const account = await sipAccount(deps, device, permissions.has('device_secret:read'));
      const control = await readSettings(deps.stores, actor.accountId, chainOf(actor.accountId, { deviceId: device.id }), ['device-call-control']);
      return json({
        ...deviceView(deps, device, state, provisioning), provision: { type: 'manual', url: '', sip_accounts: [account] },
        emergency_address: deskAddressView(await deskEmergencyNow(deps, device)),
        private_ip: state?.privateIp ?? '', public_ip: state?.publicIp ?? '',
        policy: { call_control: { status: control.get('device-call-control').value }, hot_desking: { status: device.hotDesking } },
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/devices/{deviceId}', operationId: 'updateADevice', summary: 'Change a device',
    tag: TAG, access: 'device:write',
    body: z.object({
      display_name: requiredLine(255).optional(),
      mac_address: macAddress.optional(),
      assigned_to: line(128).optional().describe(
        'A user by id or e-mail address, or a common area by id; "" leaves it unassigned.',
      ),
      provision_template_id: line(128).optional().describe('By id or name; "" = none of its own.'),
    }),
    answer: { status: 204, description: 'Changed; SIP credentials stay.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        displayName: body.display_name, macAddress: body.mac_address, assignedTo: body.assigned_to,
        provisionTemplateId: body.provision_template_id === undefined ? undefined : body.provision_template_id || null,
      });
      return answer(await updateDevice(deps, actor, params.deviceId, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/devices/{deviceId}', operationId: 'deleteADevice', summary: 'Remove a device',
    tag: TAG, access: 'device:write',
    answer: { status: 204, description: 'Removed, with its credentials and registrations.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeDevice(deps, actor, params.deviceId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/devices/{deviceId}/extensions', operationId: 'addExtensionsToADevice',
    summary: 'Assign a device', tag: TAG,
    access: 'device:write',
    body: z.object({ assignee_extension_ids: assignees.min(1) }),
    answer: { status: 201, description: 'The device with its assignees.', schema: deviceItem },
    async handle({ deps, actor, params, body }) {
      const outcome = await addDeviceExtensions(deps, actor, params.deviceId, body.assignee_extension_ids);
      if (outcome.kind === 'refused') return failed(fromRefusal(outcome));
      const states = await statusesOf(deps, [outcome.value]);
      const provisioning = await provisioningStates(deps.stores, [outcome.value]);
      return created(deviceView(deps, outcome.value, states.get(outcome.value.id), provisioning.get(outcome.value.id)));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/devices/{deviceId}/extensions/{extensionId}',
    operationId: 'deleteExtensionFromADevice', summary: 'Unassign a device', tag: TAG, access: 'device:write',
    answer: { status: 204, description: 'Unassigned: it registers, and dials emergency numbers only.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeDeviceExtension(deps, actor, params.deviceId, params.extensionId), () => NO_CONTENT);
    },
  }),
];
