import { z } from 'zod';
import { ENROL_WINDOW, FETCH_OUTCOMES, ROTATION_GRACE, type ProvisioningFetch } from '../../domain/provisioning/provisioning-access.js';
import { openEnrolWindow, rotateAccess } from '../../usecases/provisioning/provisioning-access.js';
import { listProvisioningFetches } from '../../usecases/provisioning/provisioning-status.js';
import { answer, failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'Phone devices';

const fetchView = z.object({
  id: z.string(), at: z.string(), address: z.string(), method: z.string(), file: z.string().describe('Last part of the path; the token is never kept.'),
  token: z.enum(['enrol', 'steady']), outcome: z.enum(FETCH_OUTCOMES), status: z.int().describe('Of HTTP.'), bytes: z.int(),
  whole: z.boolean().describe('Whether the answer went out to its end.'), user_agent: z.string(), model: z.string(), firmware: z.string(),
});

function view(found: ProvisioningFetch): z.output<typeof fetchView> {
  const { accountId: _account, deviceId: _device, fileName: file, userAgent, at, ...rest } = found;
  return { ...rest, file, at: apiTime(at), user_agent: userAgent };
}

export const provisioningAccessRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/cordboard/devices/{deviceId}/provisioning/enrol', operationId: 'openDeviceEnrolment',
    summary: 'Open a window in which one phone may fetch its first configuration', tag: TAG, access: 'device:write', bodyOptional: true,
    body: z.strictObject({
      window_minutes: z.int().min(ENROL_WINDOW.shortest).max(ENROL_WINDOW.longest).default(ENROL_WINDOW.usual).describe('How long it stays open; an earlier window closes.'),
    }),
    answer: {
      status: 200, description: 'The URL to point the phone at; told only now. The first address that fetches the configuration there has it alone.',
      schema: z.object({ url: z.string(), expires_at: z.string() }),
    },
    handle: async ({ deps, actor, params, body }) => answer(
      await openEnrolWindow(deps, actor, params.deviceId, body.window_minutes), ({ url, expiresAt }) => json({ url, expires_at: apiTime(expiresAt) }),
    ),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/devices/{deviceId}/provisioning/rotate', operationId: 'rotateDeviceProvisioning',
    summary: "Give a phone a new address for its files", tag: TAG, access: 'device:write', bodyOptional: true,
    body: z.strictObject({
      grace_minutes: z.int().min(ROTATION_GRACE.shortest).max(ROTATION_GRACE.longest).default(ROTATION_GRACE.usual)
        .describe('How long the old address works beside the new one; phones look daily. 0 = the phone must enrol again.'),
    }),
    answer: { status: 200, description: 'Until when the old address works.', schema: z.object({ old_valid_until: z.string() }) },
    handle: async ({ deps, actor, params, body }) => answer(
      await rotateAccess(deps, actor, params.deviceId, body.grace_minutes), ({ oldUntil }) => json({ old_valid_until: apiTime(oldUntil) }),
    ),
  }),
  route({
    method: 'GET', path: '/v2/cordboard/devices/{deviceId}/provisioning/fetches', operationId: 'listDeviceProvisioningFetches',
    summary: 'What a phone asked for, newest first', tag: TAG, access: 'device:read', query: z.object(pageQuery(300)),
    answer: { status: 200, description: 'Requests of the last 90 days under a token of the device.', schema: z.object({ ...pageFields, fetches: z.array(fetchView) }) },
    handle: async ({ deps, actor, params, query }) => {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      return answer(await listProvisioningFetches(deps, actor, params.deviceId, page.page), (found) => json({
        ...paging(found.page, query), fetches: found.page.items.map(view),
      }));
    },
  }),
];
