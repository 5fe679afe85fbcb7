import { z } from 'zod';
import { json } from '../answers.js';
import { route, type Route } from '../route.js';
import { countryView, line } from '../schemas/fields.js';

const TAG = 'Settings';

const onOff = z.object({ enable: z.boolean(), locked: z.boolean() });

/** What the account's calls obey today; settings without a feature behind them are not shown. */
const ACCOUNT_SETTINGS = {
  international_calling: { enable: true, locked: false },
  outbound_calling: { enable: true, locked: false },
} as const;

export const settingRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/settings', operationId: 'phoneSetting', summary: "Get the account's phone settings",
    tag: TAG, access: 'setting:read',
    answer: {
      status: 200, description: 'Settings.',
      schema: z.object({
        byoc: z.object({ enable: z.boolean() }),
        country: z.object({ code: z.string(), name: z.string() }),
        multiple_sites: z.object({ enabled: z.boolean(), site_code: z.boolean() }),
        show_device_ip_for_call_log: z.object({ enable: z.boolean() }),
        multiple_party_conference: z.object({ enable: z.boolean() }),
        billing_account: z.object({ id: z.string(), name: z.string() }),
      }),
    },
    async handle({ deps, actor }) {
      const account = await deps.stores.accounts.get(actor.accountId);
      const sites = await deps.stores.sites.all(actor.accountId);
      return json({
        byoc: { enable: false },
        country: account ? countryView(account.country) : { code: '', name: '' },
        multiple_sites: { enabled: true, site_code: sites.some((site) => site.siteCode !== null) },
        show_device_ip_for_call_log: { enable: false },
        multiple_party_conference: { enable: false },
        billing_account: { id: '', name: '' },
      });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/account_settings', operationId: 'listZoomPhoneAccountSettings',
    summary: "List the account's call settings", tag: TAG, access: 'setting:read',
    query: z.object({ setting_types: z.array(line(100)).max(100).optional().describe('Only these.') }),
    answer: {
      status: 200, description: 'Settings that exist.',
      schema: z.object({ international_calling: onOff.optional(), outbound_calling: onOff.optional() }),
    },
    handle({ query }) {
      const wanted = query.setting_types;
      const shown = Object.entries(ACCOUNT_SETTINGS).filter(([name]) => wanted === undefined || wanted.includes(name));
      return json(Object.fromEntries(shown));
    },
  }),
];
