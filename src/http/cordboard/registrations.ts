import { z } from 'zod';
import type { Binding } from '../../domain/registration/binding.js';
import { deviceNotFound } from '../../usecases/admin/not-found.js';
import { dropRegistrations } from '../../usecases/admin/drop-registrations.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';
import { assigneeView } from '../zoom-phone/device-view.js';
import { findDevice } from '../../usecases/admin/resolve.js';

const TAG = 'Registrations';

const registration = z.object({
  device_id: z.string(), device_name: z.string(), extension_number: z.string(), assignee_name: z.string(),
  contact_id: z.string().describe('For DELETE …/contacts/{contactId}.'), contact: z.string(), transport: z.string(),
  address: z.string(), port: z.int(), behind_nat: z.boolean(), user_agent: z.string(), registered_at: z.string(),
  expires_at: z.string(), expires_in: z.int(),
});

function view(deps: HttpDeps, binding: Binding) {
  const device = deps.directory.device(binding.deviceId);
  const [owner] = device?.assignees ?? [];
  const assignee = owner === undefined ? null : assigneeView(deps, owner);
  return {
    device_id: binding.deviceId,
    device_name: device?.displayName ?? '',
    extension_number: assignee === null ? '' : String(assignee.extension_number),
    assignee_name: assignee?.name ?? '',
    contact_id: contactId(binding.contactUri),
    contact: binding.contactUri,
    transport: binding.flow.transport,
    address: binding.flow.address,
    port: binding.flow.port,
    behind_nat: binding.behindNat,
    user_agent: binding.userAgent,
    registered_at: apiTime(binding.registeredAt),
    expires_at: apiTime(binding.expiresAt),
    expires_in: Math.max(0, Math.round((binding.expiresAt - deps.clock.now()) / 1000)),
  };
}

/** A contact URI in a form that fits one path segment. */
function contactId(uri: string): string {
  return Buffer.from(uri).toString('base64url');
}

export const registrationRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/registrations', operationId: 'listRegistrations',
    summary: 'List live registrations', tag: TAG,
    access: 'registration:read',
    query: z.object({ device_id: z.string().max(64).optional(), ...pageQuery(300) }),
    answer: {
      status: 200, description: 'One item for each contact.',
      schema: z.object({ ...pageFields, registrations: z.array(registration) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      if (query.device_id !== undefined) {
        const device = await findDevice(deps.stores, actor.accountId, query.device_id);
        if (!device) return failed(fromRefusal({ ...deviceNotFound(query.device_id), why: 'invalid' }));
        const bindings = (await deps.locations.bindings([device.id])).get(device.id) ?? [];
        return json({
          ...paging({ next: null, total: bindings.length }, query),
          registrations: bindings.map((binding) => view(deps, binding)),
        });
      }
      const found = await deps.locations.list(actor.accountId, page.page.after, page.page.size);
      const total = await deps.locations.count(actor.accountId);
      return json({
        ...paging({ next: found.next, total }, query), registrations: found.items.map((binding) => view(deps, binding)),
      });
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/registrations/{deviceId}', operationId: 'dropRegistrations',
    summary: 'Drop every registration of a device', tag: TAG, access: 'registration:write',
    answer: { status: 204, description: 'Dropped; the phone may register again.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await dropRegistrations(deps, actor, params.deviceId, null), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/registrations/{deviceId}/contacts/{contactId}',
    operationId: 'dropRegistration', summary: 'Drop one registration of a device', tag: TAG,
    access: 'registration:write',
    answer: { status: 204, description: 'Dropped; the phone may register again.', schema: null },
    async handle({ deps, actor, params }) {
      const uri = Buffer.from(params.contactId, 'base64url').toString('utf8');
      return answer(await dropRegistrations(deps, actor, params.deviceId, uri), () => NO_CONTENT);
    },
  }),
];
