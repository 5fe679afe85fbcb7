import { z } from 'zod';
import { rebootPhone, syncPhones } from '../../usecases/admin/sync-phones.js';
import { updateDevice } from '../../usecases/admin/update-device.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal, badRequest } from '../problem.js';
import { route, type Route } from '../route.js';
import { line } from '../schemas/fields.js';

const TAG = 'Phone devices';
const SITE_LEVEL = 2;

export const deviceActionRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/devices/sync', operationId: 'syncPhoneDevice', summary: 'Ask all phones to read their configuration again', tag: TAG,
    access: 'device:write',
    body: z.object({
      level: z.int().min(1).max(2).describe('1: of the account; 2: of the site in site_id.'),
      site_id: line(50).optional(),
    }),
    answer: { status: 204, description: 'Asked: by NOTIFY, each phone after its calls, once it is registered.', schema: null },
    async handle({ deps, actor, body }) {
      const siteId = body.site_id ?? '';
      if (body.level === SITE_LEVEL && siteId === '') return failed(badRequest('site_id', 'Level 2 is one site: give its id.'));
      const outcome = await syncPhones(deps, actor, body.level === SITE_LEVEL ? siteId : null);
      return answer(outcome.kind === 'refused' ? { ...outcome, problems: outcome.problems.map((one) => ({ ...one, field: 'site_id' })) } : outcome, () => NO_CONTENT);
    },
  }),
  route({
    method: 'PUT', path: '/v2/phone/devices/{deviceId}/provision_templates', operationId: 'updateProvisionTemplateToDevice',
    summary: 'Give a device a provision template', tag: TAG, access: 'device:write',
    body: z.object({ provision_template_id: line(128).default('').describe('By id or name; "" or missing takes its own template away.') }),
    answer: { status: 204, description: 'Given; the phone is pending until it has read its configuration again.', schema: null },
    handle: async ({ deps, actor, params, body }) => answer(
      await updateDevice(deps, actor, params.deviceId, { provisionTemplateId: body.provision_template_id || null }), () => NO_CONTENT,
    ),
  }),
  route({
    method: 'POST', path: '/v2/phone/devices/{deviceId}/reboot', operationId: 'rebootPhoneDevice', summary: 'Restart a phone', tag: TAG,
    access: 'device:write', bodyOptional: true, body: z.object({}),
    answer: { status: 202, description: 'Asked by NOTIFY, after its calls; GET /v2/cordboard/devices/{deviceId}/resync tells what became of it.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await rebootPhone(deps, actor, params.deviceId), () => ({ kind: 'empty', status: 202 })),
  }),
  route({
    method: 'GET', path: '/v2/phone/smartphones', operationId: 'ListSmartphones', summary: 'List smartphones', tag: TAG, access: 'device:read', subject: 'anyone',
    query: z.object({ site_id: line(64).optional(), keyword: line(100).optional(), ...pageQuery(300) }),
    answer: {
      status: 200, description: 'None: phones that use a SIP application are devices.',
      schema: z.object({ ...pageFields, smartphones: z.array(z.object({ smartphone_id: z.string() })) }),
    },
    handle({ query }) {
      const page = readPage(query);
      return page.kind === 'refused' ? failed(fromRefusal(page)) : json({ ...paging({ next: null, total: 0 }, query), smartphones: [] });
    },
  }),
];
