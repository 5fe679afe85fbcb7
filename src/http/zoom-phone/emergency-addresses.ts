import { z } from 'zod';
import { asId, type EmergencyAddressId, type SiteId, type UserId } from '../../domain/ids.js';
import type { EmergencyAddress } from '../../domain/emergency/emergency-address.js';
import { nameOf } from '../../domain/identity/user.js';
import {
  addEmergencyAddress, emergencyAddressNotFound, removeEmergencyAddress, updateEmergencyAddress,
} from '../../usecases/emergency/emergency-addresses.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { addressLines, linesView, shownLines, toPostal, UNVERIFIED } from '../schemas/emergency-fields.js';
import { country, line, requiredLine, siteRef } from '../schemas/fields.js';
import { given } from '../schemas/views.js';

const TAG = 'Emergency addresses';

/** Of the published levels: 0 of the company, here of a site; 1 of a person. */
const LEVEL = { company: 0, personal: 1 } as const;

const view = z.object({
  ...shownLines,
  is_default: z.boolean().describe("Of a site's: the one of its desks without another. Of a person's: the one that the person has."),
  level: z.int().describe('0: of a site. 1: of a person.'),
  owner: z.object({ extension_number: z.int(), id: z.string(), name: z.string() }).optional().describe('Whose own it is; missing at level 0.'),
  site: siteRef,
  status: z.int().describe('2: unverified, since no carrier is asked.'),
});
/** The answer to an addition writes the extension as text. */
const addedView = view.extend({ owner: z.object({ extension_number: z.string(), id: z.string(), name: z.string() }).optional() });

type Deps = Pick<HttpDeps, 'directory'>;

function common({ directory }: Deps, address: EmergencyAddress) {
  return {
    ...linesView(address), is_default: address.isDefault, level: address.userId === null ? LEVEL.company : LEVEL.personal,
    site: { id: address.siteId, name: directory.site(address.siteId)?.name ?? '' }, status: UNVERIFIED,
  };
}

function ownerOf({ directory }: Deps, userId: UserId) {
  const user = directory.user(userId);
  const phone = directory.phoneUser(userId);
  const extension = phone === undefined ? undefined : directory.extension(phone.extensionId);
  return { extension_number: extension?.number ?? '', id: userId, name: user === undefined ? '' : nameOf(user) };
}

function addressView(deps: Deps, address: EmergencyAddress) {
  if (address.userId === null) return common(deps, address);
  const owner = ownerOf(deps, address.userId);
  return { ...common(deps, address), owner: { ...owner, extension_number: Number(owner.extension_number) } };
}

function added(deps: Deps, address: EmergencyAddress) {
  return address.userId === null ? common(deps, address) : { ...common(deps, address), owner: ownerOf(deps, address.userId) };
}

export const emergencyAddressRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/emergency_addresses', operationId: 'listEmergencyAddresses', summary: 'List emergency addresses', tag: TAG,
    access: 'emergency_address:read', subject: 'list',
    query: z.object({
      site_id: z.string().max(64).optional(),
      user_id: z.string().max(128).optional().describe('Addresses of this person\'s own; id or e-mail address.'),
      level: z.int().min(0).max(2).optional().describe('0: of sites. 1: of people.'),
      status: z.int().min(1).max(6).optional().describe('Every address is unverified: 2.'),
      address_keyword: line(100).optional().describe('Part of a line, the city, the state or the zip code.'),
      ...pageQuery(300),
    }),
    answer: {
      status: 200, description: 'Emergency addresses, oldest first.', schema: z.object({ ...pageFields, emergency_addresses: z.array(view) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const user = query.user_id === undefined ? null : await findUser(deps.stores, actor.accountId, query.user_id);
      const none = (query.user_id !== undefined && user === null) || (query.status !== undefined && query.status !== UNVERIFIED) || query.level === 2;
      if (none) return json({ ...paging({ next: null, total: 0 }, query), emergency_addresses: [] });
      const filter = given({
        within: sites ?? undefined,
        siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), userId: user?.id, keyword: query.address_keyword,
        personal: query.level === undefined ? undefined : query.level === LEVEL.personal,
      });
      const found = await deps.stores.emergencyAddresses.page(actor.accountId, filter, page.page);
      return json({ ...paging(found, query), emergency_addresses: found.items.map((address) => addressView(deps, address)) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/emergency_addresses', operationId: 'addEmergencyAddress', summary: 'Add an emergency address', tag: TAG,
    access: 'emergency_address:write', subject: 'noted',
    body: z.object({
      ...addressLines,
      is_default: z.boolean().default(false).describe('The first address of a site or person counts whatever is given.'),
      site_id: requiredLine(64).optional().describe('Of an address of a site; missing without user_id: the main site.'),
      user_id: requiredLine(128).optional().describe('Of an address of a person: id or e-mail address.'),
    }),
    answer: { status: 201, description: 'The new address.', schema: addedView },
    async handle({ deps, actor, body }) {
      const outcome = await addEmergencyAddress(deps, actor, {
        address: toPostal(body), isDefault: body.is_default, ...given({ siteId: body.site_id, userId: body.user_id }),
      });
      return answer(outcome, (address) => created(added(deps, address)));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/emergency_addresses/{emergencyAddressId}', operationId: 'getEmergencyAddress', summary: 'Get an emergency address',
    tag: TAG, access: 'emergency_address:read',
    answer: { status: 200, description: 'The address.', schema: view },
    async handle({ deps, actor, params }) {
      const address = await deps.stores.emergencyAddresses.get(actor.accountId, asId<EmergencyAddressId>(params.emergencyAddressId));
      return address === null ? failed(fromRefusal(emergencyAddressNotFound(params.emergencyAddressId))) : json(addressView(deps, address));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/emergency_addresses/{emergencyAddressId}', operationId: 'updateEmergencyAddress',
    summary: 'Change an emergency address', tag: TAG, access: 'emergency_address:write',
    body: z.object({
      address_line1: requiredLine(255).optional(), address_line2: line(255).optional(), city: requiredLine(100).optional(), country: country.optional(),
      state_code: line(50).optional(), zip: line(20).optional(), is_default: z.boolean().optional(),
    }),
    answer: { status: 200, description: 'The address as it is now.', schema: view },
    async handle({ deps, actor, params, body }) {
      const outcome = await updateEmergencyAddress(deps, actor, params.emergencyAddressId, given({
        addressLine1: body.address_line1, addressLine2: body.address_line2, city: body.city, country: body.country?.toUpperCase(),
        stateCode: body.state_code, zip: body.zip, isDefault: body.is_default,
      }));
      return answer(outcome, (address) => json(addressView(deps, address)));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/emergency_addresses/{emergencyAddressId}', operationId: 'deleteEmergencyAddress',
    summary: 'Remove an emergency address', tag: TAG, access: 'emergency_address:write',
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeEmergencyAddress(deps, actor, params.emergencyAddressId), () => NO_CONTENT);
    },
  }),
];
