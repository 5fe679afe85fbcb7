import { z } from 'zod';
import { moneyText } from '../../domain/charges/money.js';
import { asId, type SiteId, type TrunkId, type UserId } from '../../domain/ids.js';
import type { ChargedCall, Usage } from '../../ports/charge-stores.js';
import { failed, json } from '../answers.js';
import { csvAnswer } from '../csv.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day, line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, apiTime, readSpan } from '../times.js';
import { callChargeView, REPORT_DAYS } from '../zoom-phone/reports.js';

const TAG = 'Reports';

const narrow = { from: day.optional(), to: day.optional(), site_id: line(64).optional().describe('Of who paid, or whose calls they were.'), user_id: line(64).optional() };
const usageQuery = { ...narrow, group_by: z.enum(['user', 'site', 'queue']).default('user').describe('user: users and common areas. There are no queues: nothing is found.') };
const chargeQuery = { ...narrow, trunk_id: line(64).optional(), show_charges_only: z.boolean().default(false) };

/** Columns of the charges report, as people know them. */
const CHARGE_COLUMNS = [
  'Originating Number', 'Receiving Number', 'Call/Message Type', 'Start Time', 'Duration (Minutes)', 'Billing Number', 'Forward Billing Number', 'Calling Party Name',
  'Billing Rate', 'Currency', 'Total Charge', 'Charge Mode', 'Department', 'Cost Center', 'Employee ID', 'Trunk ID', 'Call ID',
] as const;

function chargeRow(one: ChargedCall) {
  const view = callChargeView(one);
  return {
    'Originating Number': view.caller_number, 'Receiving Number': view.callee_number, 'Call/Message Type': view.call_type, 'Start Time': apiTime(one.charge.startedAt),
    // What is billed, in minutes.
    'Duration (Minutes)': (one.charge.billedSeconds / 60).toFixed(2), 'Billing Number': view.billing_number, 'Forward Billing Number': view.forward_number_billing,
    'Calling Party Name': view.calling_party_name, 'Billing Rate': moneyText(one.charge.perMinute), 'Currency': view.currency, 'Total Charge': view.total_charge,
    'Charge Mode': view.charge_mode, 'Department': view.department, 'Cost Center': view.cost_center, 'Employee ID': view.employee_id,
    'Trunk ID': one.charge.trunkId ?? '', 'Call ID': one.charge.callId,
  };
}

const seconds = z.int().describe('Seconds.');
const usageFields = z.object({
  id: z.string().describe('Of the extension or site.'), name: z.string(), extension_number: z.string(), user_id: z.string(), site_id: z.string(), site_name: z.string(),
  calls_answered_inbound: z.int(), calls_answered_outbound: z.int(), outgoing_calls: z.int(), inbound_calls: z.int(),
  forwarded_to_voicemail: z.int().describe('0: there is no voicemail.'), answered_by_another_user: z.int(), missed_calls: z.int(),
  total_call_time: seconds, total_hold_time: seconds, total_parked_time: z.int().describe('0: calls cannot be parked.'),
});
const USAGE_COLUMNS = [
  ['Name', 'name'], ['Extension', 'extension_number'], ['Site', 'site_name'], ['Calls Answered (Inbound)', 'calls_answered_inbound'],
  ['Calls Answered (Outbound)', 'calls_answered_outbound'], ['Outgoing Number of Calls', 'outgoing_calls'], ['Inbound Number of Calls', 'inbound_calls'],
  ['Number of Calls Forwarded to Voicemail', 'forwarded_to_voicemail'], ['Number of Inbound Calls Answered by Another User', 'answered_by_another_user'],
  ['Missed Number of Calls', 'missed_calls'], ['Total Call Time (Seconds)', 'total_call_time'], ['Total Hold Time (Seconds)', 'total_hold_time'],
  ['Total Parked Time (Seconds)', 'total_parked_time'],
] as const;

function usageView({ directory }: HttpDeps, one: Usage) {
  return {
    id: one.id, name: one.name, extension_number: one.extensionNumber, user_id: one.userId ?? '', site_id: one.siteId ?? '',
    site_name: one.siteId === null ? '' : directory.site(one.siteId)?.name ?? '',
    calls_answered_inbound: one.inboundAnswered, calls_answered_outbound: one.outgoingAnswered, outgoing_calls: one.outgoing, inbound_calls: one.inbound,
    forwarded_to_voicemail: 0, answered_by_another_user: one.answeredByOther, missed_calls: one.missed, total_call_time: Math.round(one.callMs / 1000),
    total_hold_time: Math.round(one.holdMs / 1000), total_parked_time: 0,
  };
}

function narrowed(query: { readonly site_id?: string | undefined; readonly user_id?: string | undefined }) {
  return given({
    siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), userId: query.user_id === undefined ? undefined : asId<UserId>(query.user_id),
  });
}

const NOTHING = { items: [], next: null, total: 0 } as const;

export const usageRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/reports/call_charges/export', operationId: 'exportCallCharges', summary: 'Export what calls cost', tag: TAG, access: 'report:read',
    load: 'heavy', query: z.object(chargeQuery),
    answer: { status: 200, description: 'CSV, newest first.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, query }) {
      const at = readSpan(query, deps.clock.now(), REPORT_DAYS);
      if (at.kind === 'refused') return failed(fromRefusal(at));
      const more = given({ chargedOnly: query.show_charges_only ? true : undefined, trunkId: query.trunk_id === undefined ? undefined : asId<TrunkId>(query.trunk_id) });
      const filter = { from: at.from, to: at.to, ...narrowed(query), ...more };
      return csvAnswer('call-charges.csv', CHARGE_COLUMNS, (page) => deps.stores.charges.rows(actor.accountId, filter, page), chargeRow);
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/reports/usage', operationId: 'usageReport', summary: 'Sum calls by user or site', tag: TAG, access: 'report:read', load: 'heavy',
    query: z.object({ ...usageQuery, ...pageQuery(300) }),
    answer: {
      status: 200, description: 'Finished calls by their start; a call inside the account counts on both sides.',
      schema: z.object({ ...pageFields, from: z.string(), to: z.string(), usage: z.array(usageFields) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const at = readSpan(query, deps.clock.now(), REPORT_DAYS);
      if (at.kind === 'refused') return failed(fromRefusal(at));
      const filter = { from: at.from, to: at.to, ...narrowed(query) };
      const found = query.group_by === 'queue' ? NOTHING
        : await deps.stores.usage.page(actor.accountId, query.group_by === 'user' ? 'extension' : 'site', filter, page.page);
      return json({ ...paging(found, query), from: apiDate(at.from), to: apiDate(at.to), usage: found.items.map((one) => usageView(deps, one)) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/reports/usage/export', operationId: 'exportUsage', summary: 'Export calls summed by user or site', tag: TAG, access: 'report:read',
    load: 'heavy', query: z.object(usageQuery),
    answer: { status: 200, description: 'CSV.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, query }) {
      const at = readSpan(query, deps.clock.now(), REPORT_DAYS);
      if (at.kind === 'refused') return failed(fromRefusal(at));
      const filter = { from: at.from, to: at.to, ...narrowed(query) };
      return csvAnswer('usage.csv', USAGE_COLUMNS.map(([column]) => column), async (page) => (query.group_by === 'queue' ? NOTHING
        : deps.stores.usage.page(actor.accountId, query.group_by === 'user' ? 'extension' : 'site', filter, page)), (one) => {
        const view = usageView(deps, one);
        return Object.fromEntries(USAGE_COLUMNS.map(([column, field]) => [column, view[field]]));
      });
    },
  }),
];
