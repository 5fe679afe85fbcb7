import { z } from 'zod';
import { asId, type CommonAreaId } from '../../domain/ids.js';
import type { CommonAreaView } from '../../ports/admin-stores.js';
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
import { emergencyAddressField, holderAddressView } from '../schemas/emergency-fields.js';
import { heldNumbersInFull } from '../schemas/number-views.js';
import { given, heldPlans, siteView } from '../schemas/views.js';
import { deviceType, statusesOf } from './device-view.js';
import { heldPlanList, planList } from './user-calling-plans.js';

const TAG = 'Common areas';

const areaItem = z.object({
  id: z.string(), extension_id: z.string(), display_name: z.string(), extension_number: z.int(),
  status: z.enum(['active', 'inactive']), site: siteRef, calling_plans: z.array(heldPlan),
  phone_numbers: z.array(heldNumber.extend({ display_name: z.string(), source: z.string() })),
  desk_phones: z.array(
    z.object({ id: z.string(), display_name: z.string(), device_type: z.string(), status: z.string() }),
  ),
});
const areaDetail = areaItem.extend({
  area_code: z.string(), country: z.object({ code: z.string(), name: z.string() }),
  emergency_address: emergencyAddressField,
  policy: z.object({ international_calling: z.object({ enable: z.boolean() }) }),
});

async function item(deps: HttpDeps, { commonArea, extension, site }: CommonAreaView) {
  const devices = deps.directory.devicesOf(extension.id);
  const states = await statusesOf(deps, devices);
  return {
    id: commonArea.id, extension_id: extension.id, display_name: commonArea.displayName,
    extension_number: Number(extension.number), status: commonArea.status === 'active' ? 'active' : 'inactive',
    site: siteView(site), calling_plans: heldPlans(commonArea), phone_numbers: heldNumbersInFull(deps, extension.id),
    desk_phones: devices.map((device) => ({
      id: device.id, display_name: device.displayName, device_type: deviceType(device),
      status: states.get(device.id)?.status ?? 'offline',
    })),
  };
}

export const commonAreaRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/common_areas', operationId: 'listCommonAreas', summary: 'List common areas',
    tag: TAG, access: 'common_area:read',
    query: z.object(pageQuery(100)),
    answer: {
      status: 200, description: 'Common areas, oldest first.',
      schema: z.object({ ...pageFields, common_areas: z.array(areaItem) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const found = await deps.stores.commonAreas.page(actor.accountId, page.page);
      const areas: object[] = [];
      for (const view of found.items) areas.push(await item(deps, view));
      return json({ ...paging(found, query), common_areas: areas });
    },
  }),
  route({
    method: 'POST', path: '/v2/phone/common_areas', operationId: 'addCommonArea', summary: 'Add a common area',
    tag: TAG, access: 'common_area:write',
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
    method: 'GET', path: '/v2/phone/common_areas/{commonAreaId}', operationId: 'getACommonArea',
    summary: 'Get a common area', tag: TAG,
    access: 'common_area:read',
    answer: { status: 200, description: 'The common area.', schema: areaDetail },
    async handle({ deps, actor, params }) {
      const view = await deps.stores.commonAreas.get(actor.accountId, asId<CommonAreaId>(params.commonAreaId));
      if (!view) return failed(fromRefusal(commonAreaNotFound(params.commonAreaId)));
      const { commonArea, site } = view;
      return json({
        ...await item(deps, view), area_code: commonArea.areaCode,
        country: countryView(commonArea.country ?? site.country),
        emergency_address: holderAddressView(deps, { kind: 'common_area', id: commonArea.id }, site.id),
        policy: { international_calling: { enable: commonArea.internationalCalling } },
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
      emergency_address_id: line(64).optional().describe('An address of the site; "" = its default.'),
      policy: z.object({ international_calling: z.object({ enable: z.boolean().optional() }).optional() }).optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        displayName: body.display_name,
        extensionNumber: body.extension_number === undefined ? undefined : String(body.extension_number),
        siteId: body.site_id, emergencyAddressId: body.emergency_address_id, areaCode: body.area_code, country: body.country_iso_code?.toUpperCase(),
        timeZone: body.timezone === undefined ? undefined : body.timezone || null,
        internationalCalling: body.policy?.international_calling?.enable,
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
