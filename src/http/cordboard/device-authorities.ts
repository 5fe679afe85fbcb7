import { z } from 'zod';
import type { DeviceAuthority } from '../../domain/provisioning/device-authority.js';
import { distrustAuthority, trustAuthorities } from '../../usecases/provisioning/device-authorities.js';
import { answer, created, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { requiredLine } from '../schemas/fields.js';
import { apiTime } from '../times.js';

const TAG = 'Phone files';
const PATH = '/v2/cordboard/provisioning/device_authorities';
const authority = z.object({ id: z.string(), vendor: z.string(), name: z.string(), fingerprint: z.string().describe('SHA-256.'), expires_at: z.string(), created_at: z.string() });
const list = z.object({ authorities: z.array(authority) });

function view({ id, vendor, name, fingerprint, expiresAt, createdAt }: DeviceAuthority): z.output<typeof authority> {
  return { id, vendor, name, fingerprint, expires_at: apiTime(expiresAt), created_at: apiTime(createdAt) };
}

export const deviceAuthorityRoutes: readonly Route[] = [
  route({
    method: 'GET', path: PATH, operationId: 'listDeviceAuthorities', summary: "List who signs the certificates of phones", tag: TAG, access: 'provisioning_trust:read',
    answer: { status: 200, description: 'Authorities that are trusted, each for the phones of one maker.', schema: list },
    handle: async ({ deps, actor }) => json({ authorities: (await deps.stores.deviceAuthorities.all(actor.accountId)).map(view) }),
  }),
  route({
    method: 'POST', path: PATH, operationId: 'trustDeviceAuthorities', summary: "Trust a maker's authorities for its phones", tag: TAG, access: 'provisioning_trust:write',
    body: z.strictObject({ vendor: requiredLine(50), pem: z.string().min(1).max(200_000).describe('Certificates one after the other, roots and what stands below them.') }),
    answer: { status: 201, description: "All authorities of the maker. They count where phones are asked for certificates (client_certificate of desk phone settings).", schema: list },
    handle: async ({ deps, actor, body }) => answer(await trustAuthorities(deps, actor, body), (found) => created({ authorities: found.map(view) })),
  }),
  route({
    method: 'DELETE', path: `${PATH}/{authorityId}`, operationId: 'distrustDeviceAuthority', summary: 'Trust an authority no longer', tag: TAG, access: 'provisioning_trust:write',
    answer: { status: 204, description: 'Certificates that it signed count no more.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await distrustAuthority(deps, actor, params.authorityId), () => NO_CONTENT),
  }),
];
