import { z } from 'zod';
import { moneyText } from '../../domain/charges/money.js';
import { isInternational } from '../../domain/licensing/catalogue.js';
import type { ChargedCall } from '../../ports/charge-stores.js';
import { failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day, line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, apiTime, readSpan } from '../times.js';

const TAG = 'Reports';
export const REPORT_DAYS = 30;
const text = z.string();

const span = { from: day.optional().describe('First day (UTC). Without both: the last 30 days.'), to: day.optional().describe('Last day (UTC, included).') };
const chargesOnly = z.boolean().default(false).describe('Only what costs something.');

export const callCharge = z.object({
  call_log_id: text, caller_number: text, caller_billing_number: text, callee_number: text, callee_billing_number: text,
  call_type: text.describe('Local or International.'), service_type: text, calling_party_name: text, cost_center: text, employee_id: text, department: text,
  end_time: text, duration: z.int().describe('Seconds from the answer to the end.'), charge_mode: text.describe('Per minute, Included, or Unrated.'), rate: text,
  currency: text, total_charge: text, billing_number: text, forward_number_billing: text,
});

const MODE = { 'per-minute': 'Per minute', 'included': 'Included', 'unrated': 'Unrated' } as const;

/** One line of the charges report. */
export function callChargeView({ charge, call, employeeId }: ChargedCall) {
  const outbound = charge.direction === 'outbound';
  const about = outbound ? call.callerAbout : call.calleeAbout;
  return {
    call_log_id: charge.callId,
    caller_number: call.caller.number || call.caller.extensionNumber,
    caller_billing_number: outbound ? charge.billingNumber : '',
    callee_number: outbound ? charge.number : call.callee.number || call.callee.extensionNumber,
    callee_billing_number: outbound ? '' : charge.billingNumber,
    call_type: isInternational(charge.home, charge.country) ? 'International' : 'Local',
    service_type: outbound ? 'Outbound call' : 'Inbound call',
    calling_party_name: call.caller.name,
    cost_center: about.costCenter, employee_id: employeeId, department: about.department,
    end_time: apiTime(charge.endedAt),
    duration: Math.ceil(charge.durationMs / 1000),
    charge_mode: MODE[charge.mode],
    rate: moneyText(charge.perMinute), currency: charge.currency, total_charge: moneyText(charge.total),
    billing_number: charge.billingNumber, forward_number_billing: charge.forwardBillingNumber,
  };
}

export const reportRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/reports/call_charges', operationId: 'GetCallChargesUsageReport', summary: 'List what calls cost', tag: TAG,
    access: 'report:read', load: 'heavy',
    query: z.object({
      ...span, billing_account_id: line(64).optional().describe('There are no billing accounts: any id finds nothing.'), show_charges_only: chargesOnly, ...pageQuery(300),
    }),
    answer: {
      status: 200, description: 'Finished calls to and from the telephone network, newest first.',
      schema: z.object({ ...pageFields, from: text, to: text, call_charges: z.array(callCharge) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const at = readSpan(query, deps.clock.now(), REPORT_DAYS);
      if (at.kind === 'refused') return failed(fromRefusal(at));
      const filter = { from: at.from, to: at.to, ...given({ chargedOnly: query.show_charges_only ? true : undefined }) };
      const found = query.billing_account_id === undefined || query.billing_account_id === ''
        ? await deps.stores.charges.page(actor.accountId, filter, page.page) : { items: [], next: null, total: 0 };
      return json({ ...paging(found, query), from: apiDate(at.from), to: apiDate(at.to), call_charges: found.items.map(callChargeView) });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/reports/sms_charges', operationId: 'GetSMSChargesUsageReport', summary: 'List what messages cost', tag: TAG, access: 'report:read',
    query: z.object({ ...span, show_charges_only: chargesOnly, ...pageQuery(300) }),
    answer: {
      status: 200, description: 'Always empty: there are no messages.',
      schema: z.object({ ...pageFields, from: text, to: text, sms_charges: z.array(z.object({ message_id: text })) }),
    },
    handle({ deps, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const at = readSpan(query, deps.clock.now(), REPORT_DAYS);
      if (at.kind === 'refused') return failed(fromRefusal(at));
      return json({ ...paging({ next: null, total: 0 }, query), from: apiDate(at.from), to: apiDate(at.to), sms_charges: [] });
    },
  }),
];
