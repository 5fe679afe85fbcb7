import { z } from 'zod';
import { REDIRECT_VENDORS } from '../../domain/provisioning/redirect-machine.js';
import type { KeptRedirectService } from '../../ports/redirect-stores.js';
import { checkRedirectService, removeRedirectService, setRedirectService } from '../../usecases/redirect/redirect-services.js';
import { normaliseMac } from '../../usecases/admin/add-device.js';
import { answer, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { macAddress, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiTime } from '../times.js';

const TAG = 'Redirect services';
const service = z.object({
  vendor: z.enum(REDIRECT_VENDORS), access_key_id: z.string(), active: z.boolean().describe('Whether the service is told of phones.'), updated_at: z.string(),
});

function view({ vendor, accessKeyId, active, updatedAt }: KeptRedirectService): z.output<typeof service> {
  return { vendor, access_key_id: accessKeyId, active, updated_at: apiTime(updatedAt) };
}

export const redirectServiceRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/redirect_services', operationId: 'listRedirectServices', summary: "List the makers' redirect services that the account uses", tag: TAG,
    access: 'redirect_service:read',
    answer: { status: 200, description: 'Without their secrets.', schema: z.object({ total_records: z.int(), redirect_services: z.array(service) }) },
    async handle({ deps, actor }) {
      const found = await deps.stores.redirectServices.all(actor.accountId);
      return json({ total_records: found.length, redirect_services: found.map(view) });
    },
  }),
  route({
    method: 'PUT', path: '/v2/cordboard/redirect_services/{vendor}', operationId: 'setRedirectService', summary: "Give access to a maker's redirect service", tag: TAG,
    access: 'redirect_service:write',
    body: z.strictObject({
      access_key_id: requiredLine(200), access_key_secret: requiredLine(500).optional().describe('Kept sealed and never shown; missing = the one that is kept.'),
      active: z.boolean().default(true),
    }),
    answer: { status: 200, description: 'From now on the service is told of each window for enrolling that opens for a phone of the maker.', schema: service },
    async handle({ deps, actor, params, body }) {
      const wanted = { accessKeyId: body.access_key_id, active: body.active, ...given({ accessKeySecret: body.access_key_secret }) };
      return answer(await setRedirectService(deps, actor, params.vendor, wanted), (kept) => json(view(kept)));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/redirect_services/{vendor}', operationId: 'removeRedirectService', summary: "Take away the access to a maker's redirect service",
    tag: TAG, access: 'redirect_service:write',
    answer: { status: 204, description: 'Phones that the service knows stay with it until somebody removes them there.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removeRedirectService(deps, actor, params.vendor), () => NO_CONTENT),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/redirect_services/{vendor}/check', operationId: 'checkRedirectService', summary: "Ask a maker's redirect service about a phone now",
    tag: TAG, access: 'redirect_service:write', body: z.strictObject({ mac_address: macAddress }),
    answer: {
      status: 200, description: 'Whether the access key is taken, and whether the service knows the phone. Where it sends it is a secret and not told.',
      schema: z.object({ state: z.enum(['listed', 'absent', 'refused', 'unanswered']), detail: z.string().describe('What the service said.') }),
    },
    async handle({ deps, actor, params, body }) {
      const outcome = await checkRedirectService(deps, actor, params.vendor, normaliseMac(body.mac_address) ?? body.mac_address);
      return answer(outcome, (status) => json({ state: status.kind, detail: 'detail' in status ? status.detail : '' }));
    },
  }),
];
