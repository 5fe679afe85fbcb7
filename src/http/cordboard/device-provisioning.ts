import { z } from 'zod';
import { PROVISIONING_STATES } from '../../domain/device/configuration-generation.js';
import { currentSteady, FETCH_OUTCOMES } from '../../domain/provisioning/provisioning-access.js';
import { PROVISIONING_REASONS } from '../../domain/provisioning/provisioning-reasons.js';
import { REDIRECT_REASONS, REDIRECT_STATES, REDIRECT_VENDORS, redirectText } from '../../domain/provisioning/redirect-machine.js';
import { readProvisioningStatus, type ProvisioningStatus } from '../../usecases/provisioning/provisioning-status.js';
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
  access: z.object({
    enrol_until: z.string().describe('"" = no window is open.'), enrol_claimed_by: z.string().describe('Address that fetched the configuration in it.'),
    steady_since: z.string().describe('Of the address in the configuration; "" = there is none.'), steady_used_at: z.string().describe('First use.'),
    old_valid_until: z.string().describe('Of the address before; "" = there is none.'),
  }),
  redirect_service: z.object({
    state: z.enum(['none', ...REDIRECT_STATES]).describe('none: the account has no access to its maker\'s service, or no window was opened since; wanted: it is to be told; listed: it sends the phone to the last window; leaving: it is to forget it.'),
    vendor: z.enum(['', ...REDIRECT_VENDORS]), reason: z.enum(['', ...REDIRECT_REASONS]), text: z.string().describe('What happened and what can be done.'), updated_at: z.string(),
  }).describe("Of the phone's maker, which sends phones in factory state here."),
  last_contact: z.object({
    at: z.string(), address: z.string(), file: z.string(), outcome: z.enum(FETCH_OUTCOMES), status: z.int(), user_agent: z.string(),
    model: z.string().describe('As the phone names itself.'), firmware: z.string(), model_matches: z.boolean().nullable().describe('null = it does not name itself.'),
  }).nullable().describe('Of the phone with our server of files; null = it never came.'),
  registration: z.object({ registered: z.boolean(), contacts: z.int(), address: z.string(), user_agent: z.string(), registered_at: z.string() }),
  reasons: z.array(z.object({ code: z.enum(PROVISIONING_REASONS), text: z.string() })).describe('What is in the way and what to do, the first thing first.'),
});

function view(status: ProvisioningStatus): z.output<typeof provisioning> {
  const { device, state, configuration, template, firmwareRule, phone, bindings, listing, reasons } = status;
  const [newest] = bindings;
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
    access: access(status),
    redirect_service: {
      state: listing?.state ?? 'none', vendor: listing?.vendor ?? '', reason: listing?.reason ?? '', text: listing === null ? '' : redirectText(listing),
      updated_at: apiTime(listing?.updatedAt ?? null),
    },
    last_contact: lastContact(status),
    registration: {
      registered: newest !== undefined, contacts: bindings.length, address: newest?.flow.address ?? '', user_agent: newest?.userAgent ?? '',
      registered_at: apiTime(newest?.registeredAt ?? null),
    },
    reasons: [...reasons],
  };
}

function access({ tokens }: ProvisioningStatus): z.output<typeof provisioning>['access'] {
  const enrol = tokens.find(({ kind }) => kind === 'enrol');
  const steady = currentSteady(tokens);
  const old = tokens.filter(({ kind, expiresAt }) => kind === 'steady' && expiresAt !== null).map(({ expiresAt }) => expiresAt ?? 0);
  return {
    enrol_until: apiTime(enrol?.expiresAt ?? null), enrol_claimed_by: enrol?.claimedBy ?? '', steady_since: apiTime(steady?.createdAt ?? null),
    steady_used_at: apiTime(steady?.firstUsedAt ?? null), old_valid_until: apiTime(old.length === 0 ? null : Math.max(...old)),
  };
}

function lastContact({ last, sameModel }: ProvisioningStatus): z.output<typeof provisioning>['last_contact'] {
  if (last === null) return null;
  const { at, address, fileName, outcome, status, userAgent, model, firmware } = last;
  return { at: apiTime(at), address, file: fileName, outcome, status, user_agent: userAgent, model, firmware, model_matches: sameModel };
}

export const deviceProvisioningRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/provisioning', operationId: 'getDeviceProvisioning',
    summary: 'How far a phone is with its configuration', tag: TAG, access: 'device:read',
    answer: { status: 200, description: 'What it should have, was told of, and has.', schema: provisioning },
    handle: async ({ deps, actor, params }) => answer(await readProvisioningStatus(deps, actor, params.deviceId), (found) => json(view(found))),
  }),
];
