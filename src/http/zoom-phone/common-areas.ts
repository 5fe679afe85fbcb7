import { z } from 'zod';
import { asId, type CommonAreaId } from '../../domain/ids.js';
import type { CommonAreaView } from '../../ports/admin-stores.js';
import { applyTemplateToAreas } from '../../usecases/admin/apply-template-to-areas.js';
import { assignCallingPlans, unassignCallingPlan } from '../../usecases/admin/assign-calling-plan.js';
import { createCommonArea, removeCommonArea, updateCommonArea } from '../../usecases/admin/common-areas.js';
import { commonAreaNotFound } from '../../usecases/admin/not-found.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import {
  country, countryView, extensionNumber, heldNumber, heldPlan, line, planCode, requiredLine, siteRef, timeZone,
} from '../schemas/fields.js';
import { callerIdFields, callerIdsOf, heldNumbersInFull } from '../schemas/number-views.js';
import { emergencyAddressField, holderAddressView } from '../schemas/emergency-fields.js';
import { given, heldPlans, siteView } from '../schemas/views.js';
import { deviceType, statusesOf } from './device-view.js';
import { heldPlanList, planList } from './user-calling-plans.js';

const TAG = 'Common areas';
/** Of one request: one transaction, which others wait for. */
const MOST_AREAS = 100;
const STATUS_OF = { activate: 'active', deactivate: 'deactivated' } as const;

const areaItem = z.object({
  id: z.string(), extension_id: z.string(), display_name: z.string(), extension_number: z.int(),
  status: z.enum(['active', 'inactive']), site: siteRef, calling_plans: z.array(heldPlan),
  phone_numbers: z.array(heldNumber.extend({ display_name: z.string(), source: z.string() })),
  desk_phones: z.array(
    z.object({ id: z.string(), display_name: z.string(), device_type: z.string(), status: z.string() }),
  ),
});
const areaDetail = areaItem.extend({
  area_code: z.string(), country: z.object({ code: z.string(), country_code: z.string().describe('As code.'), name: z.string() }),
  department: z.string(), cost_center: z.string(), timezone: z.string().describe("'' = the site's."),
  outbound_caller_ids: z.array(callerIdFields),
  emergency_address: emergencyAddressField,
  policy: z.object({
    international_calling: z.object({ enable: z.boolean(), locked: z.boolean(), locked_by: z.string(), modified: z.boolean() }),
    outbound_calling: z.object({ enable: z.boolean(), locked: z.boolean(), modified: z.boolean() }),
  }),
});

/** What lists and single reads show alike; one round trip for the phones of all of them. */
async function items(deps: HttpDeps, views: readonly CommonAreaView[]) {
  const devices = views.map(({ extension }) => deps.directory.devicesOf(extension.id));
  const states = await statusesOf(deps, devices.flat());
  return views.map(({ commonArea, extension, site }, at) => ({
    id: commonArea.id, extension_id: extension.id, display_name: commonArea.displayName,
    extension_number: Number(extension.number), status: commonArea.status === 'active' ? 'active' : 'inactive',
    site: siteView(site), calling_plans: heldPlans(commonArea), phone_numbers: heldNumbersInFull(deps, extension.id),
    desk_phones: (devices[at] ?? []).map((device) => ({
      id: device.id, display_name: device.displayName, device_type: deviceType(device),
      status: states.get(device.id)?.status ?? 'offline',
    })),
  }));
}

export const commonAreaRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/common_areas', operationId: 'listCommonAreas', summary: 'List common areas',
    tag: TAG, access: 'common_area:read', subject: 'list',
    query: z.object(pageQuery(100)),
    answer: {
      status: 200, description: 'Common areas, oldest first.',
      schema: z.object({ ...pageFields, common_areas: z.array(areaItem) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.commonAreas.page(actor.accountId, page.page, sites ?? undefined);
      return json({ ...paging(found, query), common_areas: await items(deps, found.items) });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/common_areas', operationId: 'addCommonArea', summary: 'Add a common area',
    tag: TAG, access: 'common_area:write', subject: 'noted',
    body: z.object({
      display_name: requiredLine(255),
      extension_number: extensionNumber.optional(),
      site_id: z.string().max(64).optional().describe('Missing: the main site.'),
      calling_plans: z.array(z.object({ type: planCode })).max(20).default([]),
      country_iso_code: country.optional(),
      timezone: timeZone.optional(),
      template_id: line(64).optional().describe('A setting template to copy onto it.'),
    }),
    answer: {
      status: 201, description: 'The new common area.',
      schema: z.object({ id: z.string(), display_name: z.string(), extension_id: z.string() }),
    },
    async handle({ deps, actor, body }) {
      const outcome = await createCommonArea(deps, actor, {
        displayName: body.display_name,
        extensionNumber: body.extension_number === undefined ? null : String(body.extension_number),
        callingPlans: body.calling_plans.map((plan) => String(plan.type)),
        country: body.country_iso_code?.toUpperCase() ?? null,
        timeZone: body.timezone || null,
        ...given({ siteId: body.site_id, templateId: body.template_id }),
      });
      return answer(outcome, (area) => created({
        id: area.id, display_name: area.displayName, extension_id: area.extensionId,
      }));
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/common_areas/template_id/{templateId}', operationId: 'ApplyTemplatetoCommonAreas',
    summary: 'Copy a setting template onto common areas, all or none', tag: TAG, access: 'common_area:write', subject: 'noted',
    body: z.object({ common_area_ids: z.array(requiredLine(64)).min(1).max(MOST_AREAS) }),
    answer: { status: 201, description: 'Copied; what account or site locks stays as it is.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await applyTemplateToAreas(deps, actor, params.templateId, body.common_area_ids), () => ({ kind: 'empty', status: 201 }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/common_areas/{commonAreaId}', operationId: 'getACommonArea',
    summary: 'Get a common area', tag: TAG,
    access: 'common_area:read',
    answer: { status: 200, description: 'The common area.', schema: areaDetail },
    async handle({ deps, actor, params }) {
      const view = await deps.stores.commonAreas.get(actor.accountId, asId<CommonAreaId>(params.commonAreaId));
      if (!view) return failed(fromRefusal(commonAreaNotFound(params.commonAreaId)));
      const { commonArea, site } = view;
      const shownCountry = countryView(commonArea.country ?? site.country);
      const [shown] = await items(deps, [view]);
      return json({
        ...shown, area_code: commonArea.areaCode, department: commonArea.department, cost_center: commonArea.costCenter,
        timezone: commonArea.timeZone ?? '', outbound_caller_ids: callerIdsOf(deps, view.extension), country: { ...shownCountry, country_code: shownCountry.code },
        emergency_address: holderAddressView(deps, { kind: 'common_area', id: commonArea.id }, site.id),
        policy: {
          international_calling: { enable: commonArea.internationalCalling, locked: false, locked_by: '', modified: commonArea.internationalCalling },
          outbound_calling: { enable: true, locked: false, modified: false },
        },
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/common_areas/{commonAreaId}', operationId: 'updateCommonArea',
    summary: 'Change a common area', tag: TAG,
    access: 'common_area:write',
    body: z.object({
      display_name: requiredLine(255).optional(),
      extension_number: extensionNumber.optional(),
      site_id: requiredLine(64).optional(),
      area_code: z.string().regex(/^\d{0,6}$/, 'An area code has at most 6 digits.').optional(),
      country_iso_code: country.optional(),
      timezone: timeZone.optional(),
      outbound_caller_id: line(64).optional().describe('A number that the common area may show, hidden, or "" for the default.'),
      department: line(255).optional(),
      cost_center: line(255).optional(),
      emergency_address_id: line(64).optional().describe('An address of the site; "" = its default.'),
      status: z.enum(['activate', 'deactivate']).optional().describe('A deactivated one keeps everything and neither makes nor gets calls, emergency calls apart.'),
      policy: z.object({
        international_calling: z.object({ enable: z.boolean().optional(), reset: z.boolean().optional().describe('True: off, as at first.') }).optional(),
      }).optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const international = body.policy?.international_calling;
      const wanted = given({
        displayName: body.display_name,
        extensionNumber: body.extension_number === undefined ? undefined : String(body.extension_number),
        siteId: body.site_id, emergencyAddressId: body.emergency_address_id, outboundCallerId: body.outbound_caller_id, areaCode: body.area_code, country: body.country_iso_code?.toUpperCase(),
        timeZone: body.timezone === undefined ? undefined : body.timezone || null,
        internationalCalling: international?.reset === true ? false : international?.enable,
        department: body.department, costCenter: body.cost_center,
        status: body.status === undefined ? undefined : STATUS_OF[body.status],
      });
      return answer(await updateCommonArea(deps, actor, params.commonAreaId, wanted), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/common_areas/{commonAreaId}', operationId: 'deleteCommonArea',
    summary: 'Remove a common area', tag: TAG,
    access: 'common_area:write',
    answer: { status: 204, description: 'Removed; its devices are unassigned.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await removeCommonArea(deps, actor, params.commonAreaId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/common_areas/{commonAreaId}/calling_plans',
    operationId: 'assignCallingPlansToCommonArea', summary: 'Assign calling plans to a common area', tag: TAG,
    access: 'common_area:write',
    body: planList,
    answer: { status: 201, description: 'Every plan that it holds now.', schema: heldPlanList },
    async handle({ deps, actor, params, body }) {
      const plans = body.calling_plans.map((plan) => String(plan.type));
      const outcome = await assignCallingPlans(deps, actor, { kind: 'common_area', id: params.commonAreaId }, plans);
      return answer(outcome, (held) => created({ calling_plans: heldPlans(held) }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/common_areas/{commonAreaId}/calling_plans/{type}',
    operationId: 'unassignCallingPlansFromCommonArea', summary: 'Take a calling plan from a common area', tag: TAG,
    access: 'common_area:write',
    answer: { status: 204, description: 'Taken; its seat is free.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(
        await unassignCallingPlan(deps, actor, { kind: 'common_area', id: params.commonAreaId }, params.type),
        () => NO_CONTENT,
      );
    },
  }),
];
