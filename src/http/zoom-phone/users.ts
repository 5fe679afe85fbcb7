import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import { nameOf, type PhoneUser } from '../../domain/identity/user.js';
import type { PhoneUserFilter, PhoneUserView } from '../../ports/admin-stores.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { chainOf } from '../../usecases/admin/setting-places.js';
import { readSettings } from '../../usecases/admin/settings.js';
import { updatePhoneUser } from '../../usecases/admin/update-phone-user.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { emergencyAddressField, holderAddressView } from '../schemas/emergency-fields.js';
import { areaCode, extensionNumber, heldNumber, heldPlan, line, requiredLine, siteRef } from '../schemas/fields.js';
import { heldNumbers } from '../schemas/number-views.js';
import { USER_POLICY_KEYS, userPolicyChanges, userPolicyFields, userPolicyView, userPolicyWishes } from '../schemas/user-policies.js';
import { given, heldPlans, siteView } from '../schemas/views.js';

const TAG = 'Phone users';

const userItem = z.object({
  id: z.string(), phone_user_id: z.string(), email: z.string(), name: z.string(), extension_id: z.string(),
  extension_number: z.int(), status: z.enum(['activate', 'deactivate']), site: siteRef,
  calling_plans: z.array(heldPlan), phone_numbers: z.array(heldNumber), department: z.string(), cost_center: z.string(),
});
const userDetail = userItem.omit({ site: true }).extend({
  site_id: z.string(),
  site_admin: z.boolean(),
  area_code: z.string(),
  emergency_address: emergencyAddressField,
  policy: userPolicyFields,
});

export function apiStatus(status: PhoneUser['status']): 'activate' | 'deactivate' {
  return status === 'active' ? 'activate' : 'deactivate';
}

function storedStatus(status: 'activate' | 'deactivate' | undefined): PhoneUser['status'] | undefined {
  return status === undefined ? undefined : status === 'activate' ? 'active' : 'deactivated';
}

function common(deps: HttpDeps, { user, phone, extension }: PhoneUserView) {
  return {
    id: user.id, phone_user_id: phone.id, email: user.email, name: nameOf(user), extension_id: extension.id,
    extension_number: Number(extension.number), status: apiStatus(phone.status), calling_plans: heldPlans(phone),
    phone_numbers: heldNumbers(deps, extension.id), department: user.department, cost_center: user.costCenter,
  };
}

export const phoneUserRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/users', operationId: 'listPhoneUsers', summary: 'List phone users', tag: TAG,
    access: 'phone_user:read', subject: 'list',
    query: z.object({
      site_id: z.string().max(64).optional(),
      calling_type: z.int().min(0).optional().describe('Code of a plan that they hold.'),
      status: z.enum(['activate', 'deactivate', 'pending']).optional(),
      department: line(128).optional(),
      cost_center: line(128).optional(),
      keyword: line(100).optional().describe('Part of the name, e-mail address or extension.'),
      ...pageQuery(100),
    }),
    answer: {
      status: 200, description: 'Phone users, oldest first.',
      schema: z.object({ ...pageFields, users: z.array(userItem) }),
    },
    async handle({ deps, actor, sites, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      if (query.status === 'pending') return json({ ...paging({ next: null, total: 0 }, query), users: [] });
      const filter: PhoneUserFilter = given({
        within: sites ?? undefined,
        siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id),
        callingPlan: query.calling_type,
        status: storedStatus(query.status),
        department: query.department, costCenter: query.cost_center, keyword: query.keyword,
      });
      const found = await deps.stores.phoneUsers.page(actor.accountId, filter, page.page);
      return json({
        ...paging(found, query), users: found.items.map((view) => ({ ...common(deps, view), site: siteView(view.site) })),
      });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}', operationId: 'phoneUser', summary: 'Get a phone user', tag: TAG,
    access: 'phone_user:read', self: true,
    answer: { status: 200, description: 'The phone user.', schema: userDetail },
    async handle({ deps, actor, params }) {
      const view = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (!view) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      const chain = chainOf(actor.accountId, { siteId: view.site.id, extensionId: view.extension.id });
      const reading = await readSettings(deps.stores, actor.accountId, chain, USER_POLICY_KEYS);
      return json({
        ...common(deps, view), site_id: view.site.id, site_admin: false, area_code: view.phone.areaCode,
        emergency_address: holderAddressView(deps, { kind: 'user', id: view.phone.id }, view.site.id),
        policy: userPolicyView(deps, view.phone, reading, await deps.stores.userMembers.of(actor.accountId, view.phone.id)),
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/users/{userId}', operationId: 'updateUserProfile', summary: 'Change a phone user',
    tag: TAG,
    access: 'phone_user:write',
    body: z.object({
      status: z.enum(['activate', 'deactivate']).optional(),
      extension_number: extensionNumber.optional(),
      site_id: requiredLine(64).optional(),
      emergency_address_id: line(64).optional().describe("An address of the site or of the person's own; \"\" = the site's default."),
      area_code: areaCode.optional(),
      policy: userPolicyChanges.optional(),
      template_id: line(64).optional().describe('A setting template to copy onto the user.'),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const policies = userPolicyWishes(body.policy);
      const wanted = given({
        status: storedStatus(body.status),
        extensionNumber: body.extension_number === undefined ? undefined : String(body.extension_number),
        siteId: body.site_id,
        emergencyAddressId: body.emergency_address_id,
        areaCode: body.area_code,
        internationalCalling: policies.internationalCalling,
        templateId: body.template_id,
      });
      return answer(await updatePhoneUser(deps, actor, params.userId, wanted, policies.more), () => NO_CONTENT);
    },
  }),
];
