import { z } from 'zod';
import type { AllowedHost } from '../../domain/provisioning/device-authority.js';
import { allowHost, disallowHost } from '../../usecases/provisioning/allowed-hosts.js';
import { answer, created, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { line, requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'Phone files';
const PATH = '/v2/cordboard/provisioning/allowed_hosts';
const allowedHost = z.object({ host: z.string(), note: z.string(), created_at: z.string() });

function view({ host, note, createdAt }: AllowedHost): z.output<typeof allowedHost> {
  return { host, note, created_at: apiTime(createdAt) };
}

export const allowedHostRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'listAllowedHosts', summary: 'List the hosts that phones may be sent to', tag: TAG, access: 'provisioning_trust:read',
    answer: { status: 200, description: 'By name. Firmware rules and provision templates may name https URLs of these hosts and of no others.', schema: z.object({ hosts: z.array(allowedHost) }) },
    handle: async ({ deps, actor }) => json({ hosts: (await deps.stores.allowedHosts.all(actor.accountId)).map(view) }),
  }),
  route({
    method: 'POST', path: PATH, operationId: 'allowHost', summary: 'Let phones be sent to a host', tag: TAG, access: 'provisioning_trust:write',
    body: z.strictObject({
      host: requiredLine(253).describe('Name or IPv4 address, without scheme, port and path; names below it are others.'),
      note: line(200).default('').describe('What it is for.'),
    }),
    answer: { status: 201, description: 'Allowed; its note is changed where it was before.', schema: allowedHost },
    handle: async ({ deps, actor, body }) => answer(await allowHost(deps, actor, body), (found) => created(view(found))),
  }),
  route({
    method: 'DELETE', path: `${PATH}/{host}`, operationId: 'disallowHost', summary: 'Send phones to a host no longer', tag: TAG, access: 'provisioning_trust:write',
    answer: { status: 204, description: 'Rules and templates that name it tell phones nothing from now on.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await disallowHost(deps, actor, params.host), () => NO_CONTENT),
  }),
];
