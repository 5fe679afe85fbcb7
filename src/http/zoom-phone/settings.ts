import { z } from 'zod';
import { isSettingKey } from '../../domain/settings/setting-catalogue.js';
import { readSettings } from '../../usecases/admin/settings.js';
import { chainOf } from '../../usecases/admin/setting-places.js';
import { setPhoneSettings } from '../../usecases/admin/set-phone-settings.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { badRequest } from '../problem.js';
import { route, type Route } from '../route.js';
import { countryView, line } from '../schemas/fields.js';
import { policyFields, policyView } from '../schemas/policy-schemas.js';
import { given } from '../schemas/views.js';
import { ACCOUNT_POLICIES } from './policy-keys.js';

const TAG = 'Settings';
const SWITCHES = ['byoc', 'multiple_sites', 'show_device_ip_for_call_log'] as const;
const enable = z.object({ enable: z.boolean() });
const change = z.object({ enable: z.boolean().optional() }).optional();

export const settingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/settings', operationId: 'phoneSetting', summary: "Get the account's phone settings",
    tag: TAG, access: 'setting:read',
    answer: {
      status: 200, description: 'Settings.',
      schema: z.object({
        byoc: enable,
        country: z.object({ code: z.string(), name: z.string() }),
        multiple_sites: z.object({ enabled: z.boolean(), site_code: z.boolean() }),
        show_device_ip_for_call_log: enable,
        multiple_party_conference: enable.describe('Conferences are not built.'),
        billing_account: z.object({ id: z.string(), name: z.string() }).describe('There are no billing accounts.'),
      }),
    },
    async handle({ deps, actor }) {
      const account = await deps.stores.accounts.get(actor.accountId);
      const reading = await readSettings(deps.stores, actor.accountId, chainOf(actor.accountId, {}), SWITCHES);
      return json({
        byoc: reading.get('byoc').value,
        country: account ? countryView(account.country) : { code: '', name: '' },
        multiple_sites: reading.get('multiple_sites').value,
        show_device_ip_for_call_log: reading.get('show_device_ip_for_call_log').value,
        multiple_party_conference: { enable: false },
        billing_account: { id: '', name: '' },
      });
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/settings', operationId: 'updatePhoneSettings', summary: "Change the account's phone settings",
    tag: TAG, access: 'setting:write',
    body: z.object({
      byoc: change,
      multiple_sites: z.object({
        enabled: z.boolean().optional().describe('Off only while there is the main site alone.'),
        site_code: z.object({
          enable: z.boolean().optional().describe('Off takes the codes off all sites, unless extensions would clash.'),
          short_extension_length: z.int().min(2).max(5).optional().describe('For every site.'),
        }).optional(),
      }).optional(),
      show_device_ip_for_call_log: change,
      billing_account: z.object({ id: line(64).optional() }).optional(),
    }),
    answer: { status: 204, description: 'Changed.', schema: null },
    async handle({ deps, actor, body }) {
      if ((body.billing_account?.id ?? '') !== '') return failed(badRequest('billing_account.id', 'There are no billing accounts. Leave it out.'));
      const sites = body.multiple_sites;
      return answer(await setPhoneSettings(deps, actor, given({
        byoc: body.byoc?.enable, multipleSites: sites?.enabled, siteCodes: sites?.site_code?.enable,
        shortExtensionLength: sites?.site_code?.short_extension_length, showDeviceIp: body.show_device_ip_for_call_log?.enable,
      })), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/account_settings', operationId: 'listZoomPhoneAccountSettings',
    summary: "List the account's call settings", tag: TAG, access: 'setting:read',
    query: z.object({ setting_types: z.array(line(100)).max(100).optional().describe('Only these.') }),
    answer: {
      status: 200, description: 'What holds where no site, user or common area says otherwise. PATCH /v2/cordboard/account/settings changes them.',
      schema: policyFields(ACCOUNT_POLICIES, { modified: false }).partial(),
    },
    async handle({ deps, actor, query }) {
      const wanted = query.setting_types;
      const stranger = wanted?.find((name) => !isSettingKey(name) || !ACCOUNT_POLICIES.includes(name));
      if (stranger !== undefined) return failed(badRequest('setting_types', `There is no setting ${stranger}. There are ${ACCOUNT_POLICIES.join(', ')}.`));
      const keys = ACCOUNT_POLICIES.filter((key) => wanted === undefined || wanted.includes(key));
      const reading = await readSettings(deps.stores, actor.accountId, chainOf(actor.accountId, {}), keys);
      return json(policyView(reading, keys, { modified: false }));
    },
  }),
];
