import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import type { IndiaRegistration, Site } from '../../domain/identity/site.js';
import { siteNotFound } from '../../usecases/admin/not-found.js';
import { removeSite } from '../../usecases/admin/remove-site.js';
import { readSettings } from '../../usecases/admin/settings.js';
import { chainOf } from '../../usecases/admin/setting-places.js';
import { createSite, updateSite } from '../../usecases/admin/sites.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { badRequest, fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { line, postalAddress, requiredLine, timeZone } from '../schemas/fields.js';
import { policyChanges, policyWishes } from '../schemas/policy-schemas.js';
import { given } from '../schemas/views.js';
import { SITE_POLICIES } from './policy-keys.js';
import { siteDetail, siteDetailView, siteItem, siteItemView, toAddress, toRanges } from './site-view.js';

const TAG = 'Sites';

/** An empty one, or 0, takes the code off. */
const siteCode = z.union([z.int().min(0), z.string().trim().max(10)]).describe('1 or 2 digits dialled before an extension of another site; "" or 0 = none.');
const sipZone = z.object({ id: line(100).optional() }).describe('Kept and shown: there are no zones here.');
const indiaFields = {
  india_state_code: line(50).optional(), india_city: line(100).optional(), india_sdca_npa: line(50).optional(), india_entity_name: line(255).optional(),
};

function codeOf(sent: number | string): string | null {
  return sent === '' || sent === 0 || sent === '0' ? null : String(sent);
}

type SentIndia = { readonly [Name in keyof typeof indiaFields]?: string | undefined };

/** What the site has, changed by what was sent; undefined = nothing was. */
function indiaOf(sent: SentIndia, held: IndiaRegistration | null): IndiaRegistration | undefined {
  const { india_state_code: stateCode, india_city: city, india_sdca_npa: sdcaNpa, india_entity_name: entityName } = sent;
  const changes = given({ stateCode, city, sdcaNpa, entityName });
  if (Object.keys(changes).length === 0) return undefined;
  return { ...held ?? { stateCode: '', city: '', sdcaNpa: '', entityName: '' }, ...changes };
}

export const siteRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/sites', operationId: 'listPhoneSites', summary: 'List sites', tag: TAG,
    access: 'site:read', subject: 'list',
    query: z.object(pageQuery(300)),
    answer: {
      status: 200, description: 'Sites, oldest first.', schema: z.object({ ...pageFields, sites: z.array(siteItem) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.sites.page(actor.accountId, page.page, sites ?? undefined);
      return json({ ...paging(found, query), sites: found.items.map(siteItemView) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/sites', operationId: 'createPhoneSite', summary: 'Add a site', tag: TAG,
    access: 'site:write',
    body: z.object({
      name: requiredLine(255),
      auto_receptionist_name: requiredLine(255),
      source_auto_receptionist_id: line(64).optional().describe('There is no auto receptionist to copy yet: leave it out.'),
      default_emergency_address: postalAddress.describe(
        "Its country is the site's: it decides emergency numbers and dialling forms.",
      ),
      site_code: siteCode.optional(),
      short_extension: z.object({ length: z.int().min(2).max(5).default(3) }).optional(),
      sip_zone: sipZone.optional(),
      force_off_net: policyChanges(['force_off_net']).shape['force_off_net'] ?? z.undefined(),
      ...indiaFields,
    }),
    answer: { status: 201, description: 'The new site.', schema: z.object({ id: z.string(), name: z.string() }) },
    async handle({ deps, actor, body }) {
      const source = body.source_auto_receptionist_id;
      if (source !== undefined && source !== '') {
        return failed(badRequest('source_auto_receptionist_id', 'There is no auto receptionist with this id. Leave the field out.'));
      }
      const outcome = await createSite(deps, actor, {
        name: body.name, autoReceptionistName: body.auto_receptionist_name,
        siteCode: body.site_code === undefined ? null : codeOf(body.site_code),
        shortExtensionLength: body.short_extension?.length ?? 3,
        defaultEmergencyAddress: toAddress(body.default_emergency_address),
        ...given({ sipZoneId: body.sip_zone?.id, india: indiaOf(body, null) }),
        settings: policyWishes(['force_off_net'], { force_off_net: body.force_off_net }, ''),
      });
      return answer(outcome, (site) => created({ id: site.id, name: site.name }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/sites/{siteId}', operationId: 'getASite', summary: 'Get a site', tag: TAG,
    access: 'site:read',
    answer: { status: 200, description: 'The site, with the policies that hold at it.', schema: siteDetail },
    async handle({ deps, actor, params }) {
      const site = await deps.stores.sites.get(actor.accountId, asId<SiteId>(params.siteId));
      if (!site) return failed(fromRefusal(siteNotFound(params.siteId)));
      const reading = await readSettings(deps.stores, actor.accountId, chainOf(actor.accountId, { siteId: site.id }), SITE_POLICIES);
      return json(siteDetailView(deps, site, reading));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/sites/{siteId}', operationId: 'updateSiteDetails',
    summary: 'Change a site and its policies', tag: TAG, access: 'site:write',
    body: z.object({
      name: requiredLine(255).optional(), site_code: siteCode.optional(),
      short_extension: z.object({
        length: z.int().min(2).max(5).optional().describe('At most 6 with the site code.'),
        ranges: z.array(z.object({ range_from: line(6), range_to: line(6) })).max(50).optional()
          .describe("Where the next free extension comes from; [] = anywhere. A number may still be given outside."),
      }).optional(),
      default_emergency_address: postalAddress.optional(), sip_zone: sipZone.optional(), caller_id_name: line(255).optional(),
      time_zone: timeZone.optional().describe('Ours: the clock of daily ends at the site; "" = UTC.'),
      policy: policyChanges(SITE_POLICIES).optional().describe('Of each policy the fields that change; `reset` gives it back to the account, `locked` holds it for users.'),
      ...indiaFields,
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const address = body.default_emergency_address;
      const held: Site | null = await deps.stores.sites.get(actor.accountId, asId<SiteId>(params.siteId));
      const wanted = given({
        name: body.name, siteCode: body.site_code === undefined ? undefined : codeOf(body.site_code),
        shortExtensionLength: body.short_extension?.length,
        shortExtensionRanges: body.short_extension?.ranges === undefined ? undefined : toRanges(body.short_extension.ranges),
        defaultEmergencyAddress: address === undefined ? undefined : toAddress(address),
        sipZoneId: body.sip_zone?.id, callerIdName: body.caller_id_name, india: indiaOf(body, held?.india ?? null),
        timeZone: body.time_zone === undefined ? undefined : body.time_zone === '' ? null : body.time_zone,
      });
      const settings = policyWishes(SITE_POLICIES, body.policy, 'policy.');
      return answer(await updateSite(deps, actor, params.siteId, wanted, settings), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/sites/{siteId}', operationId: 'deletePhoneSite', summary: 'Remove a site',
    tag: TAG, access: 'site:write',
    query: z.object({ transfer_site_id: line(64).optional().describe('The site that gets everything that belongs to this one; an empty site needs none.') }),
    answer: { status: 204, description: 'Removed.', schema: null },
    async handle({ deps, actor, params, query }) {
      return answer(await removeSite(deps, actor, params.siteId, query.transfer_site_id), () => NO_CONTENT);
    },
  }),
];
