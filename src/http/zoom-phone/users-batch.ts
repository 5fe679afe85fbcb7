import { z } from 'zod';
import { addPhoneUsers } from '../../usecases/admin/add-phone-users.js';
import type { SettingWish } from '../../usecases/admin/settings.js';
import { movePhoneUsers } from '../../usecases/admin/update-phone-user.js';
import { answer, created, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { given } from '../schemas/views.js';
import { email, extensionNumber, line, macAddress, planCode, requiredLine } from '../schemas/fields.js';

const TAG = 'Phone users';
/** Rows of one batch: one transaction, which others wait for. */
const MOST_ROWS = 100;

const deskPhone = z.object({
  brand: line(50).default(''), model: line(50).default(''), mac: macAddress, provision_template: line(100).optional(),
});

function switchWish(key: 'sms' | 'select_outbound_caller_id', enable: boolean | undefined): readonly SettingWish[] {
  return enable === undefined ? [] : [{ key, field: key, value: { enable } }];
}

/** Many people at once, all or none. */
export const phoneUserBatchRoutes: readonly Route[] = [
  route({
    method: 'POST', path: '/v2/phone/users/batch', operationId: 'batchAddUsers',
    summary: 'Add phone users, all or none', tag: TAG,
    access: 'phone_user:write', subject: 'noted', load: 'heavy',
    body: z.object({
      users: z.array(z.object({
        email,
        first_name: line(64).default(''),
        last_name: line(64).default(''),
        calling_plans: z.array(planCode).max(20).default([]).describe('Names or codes of plans and packages.'),
        site_code: z.union([z.int(), z.string().trim().max(10)]).optional(),
        site_name: line(255).optional(),
        template_name: line(255).optional().describe('A setting template for users, copied onto the new one.'),
        extension_number: extensionNumber.optional(),
        phone_numbers: z.array(requiredLine(64)).max(20).default([]).describe('Numbers of the pool, by id or number; need a calling plan.'),
        outbound_caller_id: line(64).optional().describe('A number that the user may show, hidden, or "" for the default.'),
        desk_phones: z.array(deskPhone).max(10).default([]),
        sms: z.boolean().optional().describe('Kept as the policy of the same name.'),
        select_outbound_caller_id: z.boolean().optional().describe('Likewise.'),
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
        siteName: row.site_name ?? '', settings: [...switchWish('sms', row.sms), ...switchWish('select_outbound_caller_id', row.select_outbound_caller_id)],
        extensionNumber: row.extension_number === undefined ? null : String(row.extension_number),
        phoneNumbers: row.phone_numbers, ...given({ outboundCallerId: row.outbound_caller_id, templateName: row.template_name }),
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
    summary: 'Move phone users to a site, all or none', tag: TAG, access: 'phone_user:write', subject: 'noted',
    body: z.object({
      batch_type: line(50).optional().describe('Not looked at: what is given is changed.'), user_ids: z.array(requiredLine(128)).min(1).max(MOST_ROWS), site_id: requiredLine(64),
    }),
    answer: { status: 204, description: 'Moved; their devices stay where they stand.', schema: null },
    async handle({ deps, actor, body }) {
      return answer(await movePhoneUsers(deps, actor, body.user_ids, body.site_id), () => NO_CONTENT);
    },
  }),
];
