import { z } from 'zod';
import { PROVISIONING_STATES } from '../../domain/device/configuration-generation.js';
import { readDeviceProvisioning, type DeviceProvisioning } from '../../usecases/admin/device-provisioning.js';
import { answer, json } from '../answers.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'Phone devices';

const provisioning = z.object({
  device_id: z.string(), provisioning_status: z.enum(PROVISIONING_STATES)
    .describe('pending: something it should know has changed; requested: it took a NOTIFY since; current: it has fetched it; manual: it is set up by hand.'),
  generation: z.int().describe('Grows with each change that concerns the phone.'), changed_at: z.string(),
  requested_generation: z.int(), requested_at: z.string(),
  delivered_generation: z.int(), delivered_at: z.string(),
  family: z.string(), model: z.string(), firmware: z.string().describe('As the phone names it while it is registered.'),
  firmware_wanted: z.string().describe('By the update rule that holds; "" = none.'), firmware_rule_id: z.string(),
  provision_template: z.object({
    id: z.string(), name: z.string(), version: z.int(), origin: z.enum(['account', 'site', 'extension', 'device', 'default']),
  }).nullable().describe('The one that holds, and where it is chosen; null = none.'),
});

function view({ device, state, configuration, template, firmwareRule, phone }: DeviceProvisioning): z.output<typeof provisioning> {
  return {
    device_id: device.id, provisioning_status: state,
    generation: configuration.generation, changed_at: apiTime(configuration.changedAt),
    requested_generation: configuration.requestedGeneration, requested_at: apiTime(configuration.requestedAt),
    delivered_generation: configuration.deliveredGeneration, delivered_at: apiTime(configuration.deliveredAt),
    family: phone.family, model: phone.model, firmware: phone.firmware ?? '',
    firmware_wanted: firmwareRule?.version ?? '', firmware_rule_id: firmwareRule?.id ?? '',
    provision_template: template === null ? null : {
      id: template.template.id, name: template.template.name, version: template.template.version, origin: template.origin,
    },
  };
}

export const deviceProvisioningRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/provisioning', operationId: 'getDeviceProvisioning',
    summary: 'How far a phone is with its configuration', tag: TAG, access: 'device:read',
    answer: { status: 200, description: 'What it should have, was told of, and has.', schema: provisioning },
    handle: async ({ deps, actor, params }) => answer(await readDeviceProvisioning(deps, actor, params.deviceId), (found) => json(view(found))),
  }),
];
