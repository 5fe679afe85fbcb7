import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import type { PostalAddress, Site } from '../../domain/identity/site.js';
import { siteNotFound } from '../../usecases/admin/not-found.js';
import { removeSite } from '../../usecases/admin/remove-site.js';
import { createSite, updateSite } from '../../usecases/admin/sites.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { countryView, postalAddress, requiredLine } from '../schemas/fields.js';
import { addressView, given } from '../schemas/views.js';

const TAG = 'Sites';

const siteItem = z.object({
  id: z.string(), name: z.string(), country: z.object({ code: z.string(), name: z.string() }),
  main_auto_receptionist: z.object({ name: z.string() }),
  site_code: z.int().optional().describe('Missing while the site has none.'),
  level: z.enum(['main', 'other']),
});
const siteDetail = siteItem.extend({
  short_extension: z.object({ length: z.int() }),
  default_emergency_address: z.object({
    address_line1: z.string(), address_line2: z.string(), city: z.string(), country: z.string(), state_code: z.string(),
    zip: z.string(),
  }),
});

function item(site: Site) {
  return {
    id: site.id, name: site.name, country: countryView(site.country),
    main_auto_receptionist: { name: site.autoReceptionistName },
    ...(site.siteCode === null ? {} : { site_code: Number(site.siteCode) }),
    level: site.isMain ? 'main' : 'other',
  };
}

function toAddress(address: z.output<typeof postalAddress>): PostalAddress {
  return {
    addressLine1: address.address_line1, addressLine2: address.address_line2, city: address.city,
    stateCode: address.state_code, zip: address.zip, country: address.country.toUpperCase(),
  };
}

export const siteRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/sites', operationId: 'listPhoneSites', summary: 'List sites', tag: TAG,
    access: 'site:read',
    query: z.object(pageQuery(300)),
    answer: {
      status: 200, description: 'Sites, oldest first.', schema: z.object({ ...pageFields, sites: z.array(siteItem) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.sites.page(actor.accountId, page.page);
      return json({ ...paging(found, query), sites: found.items.map(item) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/sites', operationId: 'createPhoneSite', summary: 'Add a site', tag: TAG,
    access: 'site:write',
    body: z.object({
      name: requiredLine(255),
      auto_receptionist_name: requiredLine(255),
      default_emergency_address: postalAddress.describe(
        "Its country is the site's: it decides emergency numbers and dialling forms.",
      ),
      site_code: z.union([z.int(), z.string().trim().max(10)]).optional().describe(
        '1 or 2 digits dialled before an extension of another site.',
      ),
      short_extension: z.object({ length: z.int().min(2).max(5).default(3) }).optional(),
    }),
    answer: { status: 201, description: 'The new site.', schema: z.object({ id: z.string(), name: z.string() }) },
    async handle({ deps, actor, body }) {
      const outcome = await createSite(deps, actor, {
        name: body.name, autoReceptionistName: body.auto_receptionist_name,
        siteCode: body.site_code === undefined || body.site_code === '' ? null : String(body.site_code),
        shortExtensionLength: body.short_extension?.length ?? 3,
        defaultEmergencyAddress: toAddress(body.default_emergency_address),
      });
      return answer(outcome, (site) => created({ id: site.id, name: site.name }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/sites/{siteId}', operationId: 'getASite', summary: 'Get a site', tag: TAG,
    access: 'site:read',
    answer: { status: 200, description: 'The site.', schema: siteDetail },
    async handle({ deps, actor, params }) {
      const site = await deps.stores.sites.get(actor.accountId, asId<SiteId>(params.siteId));
      if (!site) return failed(fromRefusal(siteNotFound(params.siteId)));
      return json({
        ...item(site), short_extension: { length: site.shortExtensionLength },
        default_emergency_address: addressView(site.defaultEmergencyAddress),
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/sites/{siteId}', operationId: 'updateSiteDetails',
    summary: 'Change name or emergency address of a site', tag: TAG, access: 'site:write',
    body: z.object({ name: requiredLine(255).optional(), default_emergency_address: postalAddress.optional() }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const address = body.default_emergency_address;
      const wanted = given({
        name: body.name, defaultEmergencyAddress: address === undefined ? undefined : toAddress(address),
      });
      return answer(await updateSite(deps, actor, params.siteId, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/sites/{siteId}', operationId: 'deletePhoneSite', summary: 'Remove an empty site',
    tag: TAG, access: 'site:write',
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeSite(deps, actor, params.siteId), () => NO_CONTENT);
    },
  }),
];
