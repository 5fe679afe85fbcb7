import { z } from 'zod';
import { asId, type SiteId } from '../../domain/ids.js';
import { nameOf, type PhoneUser } from '../../domain/identity/user.js';
import type { PhoneUserFilter, PhoneUserView } from '../../ports/admin-stores.js';
import { addPhoneUsers } from '../../usecases/admin/add-phone-users.js';
import { phoneUserNotFound } from '../../usecases/admin/not-found.js';
import { findPhoneUser } from '../../usecases/admin/resolve.js';
import { movePhoneUsers, updatePhoneUser } from '../../usecases/admin/update-phone-user.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import {
  email, extensionNumber, heldNumber, heldPlan, line, macAddress, planCode, requiredLine, siteRef,
} from '../schemas/fields.js';
import { emergencyAddressField, holderAddressView } from '../schemas/emergency-fields.js';
import { heldNumbers } from '../schemas/number-views.js';
import { given, heldPlans, siteView } from '../schemas/views.js';

const TAG = 'Phone users';
/** Rows of one batch: one transaction, which others wait for. */
const MOST_ROWS = 100;

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
  policy: z.object({ international_calling: z.boolean() }),
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

const deskPhone = z.object({
  brand: line(50).default(''), model: line(50).default(''), mac: macAddress, provision_template: line(100).optional(),
});

export const phoneUserRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/users', operationId: 'listPhoneUsers', summary: 'List phone users', tag: TAG,
    access: 'phone_user:read',
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
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      if (query.status === 'pending') return json({ ...paging({ next: null, total: 0 }, query), users: [] });
      const filter: PhoneUserFilter = given({
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
    method: 'POST', path: '/v2/phone/users/batch', operationId: 'batchAddUsers',
    summary: 'Add phone users, all or none', tag: TAG,
    access: 'phone_user:write',
    body: z.object({
      users: z.array(z.object({
        email,
        first_name: line(64).default(''),
        last_name: line(64).default(''),
        calling_plans: z.array(planCode).max(20).default([]).describe('Names or codes of plans and packages.'),
        site_code: z.union([z.int(), z.string().trim().max(10)]).optional(),
        site_name: line(255).optional(),
        extension_number: extensionNumber.optional(),
        desk_phones: z.array(deskPhone).max(10).default([]),
      })).min(1).max(MOST_ROWS),
    }),
    answer: {
      status: 201, description: 'The new phone users; their accounts were added where the address was new.',
      schema: z.array(z.object({ email: z.string(), id: z.string(), pin_code: z.string().optional().describe('For signing in at phones; shown now and never again. Left out where mail is configured: then the user gets it.') })),
    },
    async handle({ deps, actor, body }) {
      const rows = body.users.map((row) => ({
        email: row.email, firstName: row.first_name, lastName: row.last_name,
        callingPlans: row.calling_plans.map(String), siteCode: String(row.site_code ?? ''),
        siteName: row.site_name ?? '',
        extensionNumber: row.extension_number === undefined ? null : String(row.extension_number),
        deskPhones: row.desk_phones.map((phone, index) => ({
          displayName: `${[row.first_name, row.last_name].filter(Boolean).join(' ') || row.email} ${index + 1}`,
          macAddress: phone.mac, type: phone.brand || 'Other', model: phone.model,
          provisionTemplateId: phone.provision_template ?? null,
        })),
      }));
      const outcome = await addPhoneUsers(deps, actor, rows);
      return answer(outcome, (added) => created(added.map(({ user, pinCode, pinMailed }) => (
        { email: user.email, id: user.id, ...(pinMailed ? {} : { pin_code: pinCode }) }))));
    },
  }),
  route({
    method: 'PUT', path: '/v2/phone/users/batch', operationId: 'updateUsersPropertiesInBatch',
    summary: 'Move phone users to a site, all or none', tag: TAG, access: 'phone_user:write',
    body: z.object({ user_ids: z.array(requiredLine(128)).min(1).max(MOST_ROWS), site_id: requiredLine(64) }),
    answer: { status: 204, description: 'Moved; their devices stay where they stand.', schema: null },
    async handle({ deps, actor, body }) {
      return answer(await movePhoneUsers(deps, actor, body.user_ids, body.site_id), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}', operationId: 'phoneUser', summary: 'Get a phone user', tag: TAG,
    access: 'phone_user:read',
    answer: { status: 200, description: 'The phone user.', schema: userDetail },
    async handle({ deps, actor, params }) {
      const view = await findPhoneUser(deps.stores, actor.accountId, params.userId);
      if (!view) return failed(fromRefusal(phoneUserNotFound(params.userId)));
      return json({
        ...common(deps, view), site_id: view.site.id, site_admin: false, area_code: view.phone.areaCode,
        emergency_address: holderAddressView(deps, { kind: 'user', id: view.phone.id }, view.site.id),
        policy: { international_calling: view.phone.internationalCalling },
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
      policy: z.object({ international_calling: z.boolean().optional() }).optional(),
      template_id: line(64).optional().describe('A setting template to copy onto the user.'),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, params, body }) {
      const wanted = given({
        status: storedStatus(body.status),
        extensionNumber: body.extension_number === undefined ? undefined : String(body.extension_number),
        siteId: body.site_id,
        emergencyAddressId: body.emergency_address_id,
        internationalCalling: body.policy?.international_calling,
        templateId: body.template_id,
      });
      return answer(await updatePhoneUser(deps, actor, params.userId, wanted), () => NO_CONTENT);
    },
  }),
];
