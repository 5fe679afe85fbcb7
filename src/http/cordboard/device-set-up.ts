import { z } from 'zod';
import { ENROLMENT_STATES } from '../../domain/provisioning/provisioning-access.js';
import { issueSetUpTicket, readSetUp, SET_UP_TICKET, type SetUp } from '../../usecases/admin/set-up-device.js';
import { answer, created, json } from '../answers.js';
import { route, type Route } from '../route.js';
import { warning, warningsView } from '../schemas/warnings.js';
import { apiTime } from '../times.js';
import { deviceType } from '../zoom-phone/device-view.js';

const TAG = 'Phone devices';
/** As a window for enrolling tells it. */
const FOLDER = /^https:\/\/[^\s/?#@]{1,255}\/p\/[A-Za-z0-9_-]{16,128}\/$/;

const setUp = z.object({
  device_id: z.string(), display_name: z.string(), device_type: z.string(), mac_address: z.string(),
  address: z.string().nullable().describe('What is typed into the phone; {folder} stands for the address of an open window, which only roles that may see SIP passwords are told. Null = set up by hand.'),
  enrolment: z.object({
    state: z.enum(ENROLMENT_STATES).describe('open: a phone may enrol; claimed: one fetched the configuration and has not come back yet; enrolled: it has; closed: none came in time.'),
    until: z.string().describe('When the window closes or closed; "" = none was opened.'), claimed_by: z.string().describe('Address that fetched the configuration in it.'),
    url: z.string().describe('Of the open window, only for roles that may see SIP passwords; else "".'),
  }).describe('Adding a device opens a window; POST …/provisioning/enrol opens another.'),
  steps: z.array(z.object({
    kind: z.enum(['beware', 'factory-reset', 'address', 'dhcp', 'at-phone', 'in-browser', 'by-hand', 'check'])
      .describe('Of dhcp, at-phone and in-browser one is enough.'),
    title: z.string(), lines: z.array(z.string()),
  })).describe('In order.'),
  warnings: z.array(warning),
});

function view({ device, address, enrolment, steps, warnings }: SetUp): z.output<typeof setUp> {
  return {
    device_id: device.id, display_name: device.displayName, device_type: deviceType(device), mac_address: device.macAddress, address,
    enrolment: { state: enrolment.state, until: apiTime(enrolment.until), claimed_by: enrolment.claimedBy, url: enrolment.window?.url ?? '' },
    steps: steps.map(({ kind, title, lines }) => ({ kind, title, lines: [...lines] })), warnings: warningsView(warnings),
  };
}

export const deviceSetUpRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/setup', operationId: 'getDeviceSetUp', summary: 'How a phone is set up, step by step', tag: TAG,
    access: 'device:read',
    answer: { status: 200, description: 'Steps by maker. The address is as good as a SIP password while the window is open, and told to the same roles.', schema: setUp },
    handle: async ({ deps, actor, permissions, params }) => answer(
      await readSetUp(deps, actor, params.deviceId, permissions.has('device_secret:read')), (found) => json(view(found)),
    ),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/devices/{deviceId}/setup', operationId: 'issueDeviceSetUpPage',
    summary: 'A page that shows somebody how to set a phone up', tag: TAG, access: 'device:write', bodyOptional: true,
    body: z.strictObject({
      minutes: z.int().min(SET_UP_TICKET.shortest).max(SET_UP_TICKET.longest).default(SET_UP_TICKET.usual).describe('How long the page may be looked at.'),
      folder: z.string().regex(FOLDER, 'Give the address that the window for enrolling told: https://…/p/…/.').optional()
        .describe('Address of the device\'s files, where the page cannot know that of an open window itself.'),
    }),
    answer: {
      status: 201, description: 'The address of the page, told once; whoever has it sees the page.', schema: z.object({ url: z.string(), expires_at: z.string() }),
    },
    async handle({ deps, actor, params, body, origin }) {
      const outcome = await issueSetUpTicket(deps, actor, params.deviceId, { minutes: body.minutes, folder: body.folder ?? null });
      return answer(outcome, ({ ticket, expiresAt }) => created({ url: `${origin}/setup/${ticket}`, expires_at: apiTime(expiresAt) }));
    },
  }),
];
