import { z } from 'zod';
import { moneyText } from '../../domain/charges/money.js';
import { callingPlan, seatByNameOrCode } from '../../domain/licensing/catalogue.js';
import { asId, type CallRecordId, type SiteId, type TrunkId, type UserId } from '../../domain/ids.js';
import { callNotFound } from '../../usecases/admin/call-records.js';
import { allowancesOf, INCLUDING_PLANS, setAllowances } from '../../usecases/charges/plan-allowances.js';
import { rerateCalls, SHOWN_DIFFERENCES } from '../../usecases/charges/rerate-calls.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { chargeFields, chargeView } from '../schemas/charge-fields.js';
import { day, line, planCode } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, readSpan } from '../times.js';

const TAG = 'Charges';
const DEFAULT_DAYS = 30;
const MOST_MINUTES = 100_000;

const minutes = z.int().min(0).max(MOST_MINUTES).nullable().describe('A month, for each holder; null = without end.');
const totalFields = z.object({
  trunk_id: z.string(), currency: z.string().describe('"" for calls without a price.'), calls: z.int(), unrated_calls: z.int(), billed_seconds: z.int(),
  included_seconds: z.int(), total_charge: z.string(),
});

export const chargeRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/calls/{callId}/charge', operationId: 'getCallCharge', summary: 'Get what a call cost', tag: TAG, access: 'report:read',
    answer: { status: 200, description: 'Of a finished call to or from the telephone network (404 for others).', schema: chargeFields },
    async handle({ deps, actor, params }) {
      const charge = await deps.stores.charges.get(actor.accountId, asId<CallRecordId>(params.callId));
      return charge === null ? failed(fromRefusal(callNotFound(params.callId))) : json(chargeView(charge));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/charges/totals', operationId: 'totalCharges', summary: 'Sum charges by trunk', tag: TAG, access: 'report:read', load: 'heavy',
    query: z.object({ from: day.optional(), to: day.optional(), site_id: line(64).optional(), user_id: line(64).optional(), trunk_id: line(64).optional() }),
    answer: {
      status: 200, description: 'One row a trunk and currency.',
      schema: z.object({ from: z.string(), to: z.string(), totals: z.array(totalFields) }),
    },
    async handle({ deps, actor, query }) {
      const span = readSpan(query, deps.clock.now(), DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const totals = await deps.stores.charges.totals(actor.accountId, {
        from: span.from, to: span.to,
        ...given({
          siteId: query.site_id === undefined ? undefined : asId<SiteId>(query.site_id), userId: query.user_id === undefined ? undefined : asId<UserId>(query.user_id),
          trunkId: query.trunk_id === undefined ? undefined : asId<TrunkId>(query.trunk_id),
        }),
      });
      return json({
        from: apiDate(span.from), to: apiDate(span.to),
        totals: totals.map((one) => ({
          trunk_id: one.trunkId ?? '', currency: one.currency, calls: one.calls, unrated_calls: one.unrated, billed_seconds: one.billedSeconds,
          included_seconds: one.includedSeconds, total_charge: moneyText(one.total),
        })),
      });
    },
  }),
  route({
    method: 'POST', path: '/v2/cordboard/charges/rerate', operationId: 'rerateCalls', summary: 'Rate the calls of a period again', tag: TAG, access: 'rate_deck:write',
    load: 'heavy',
    body: z.strictObject({ from: day, to: day, apply: z.boolean().default(false).describe('Without it nothing changes: the answer is a preview.') }),
    answer: {
      status: 200, description: `Differences by the decks of now, the first ${SHOWN_DIFFERENCES} one by one. Plans count as they were when a call was rated first.`,
      schema: z.object({
        applied: z.boolean(), calls: z.int(), changed: z.int(),
        totals: z.array(z.object({ currency: z.string(), before: z.string(), after: z.string() })).describe('Of the changed calls.'),
        differences: z.array(z.object({ call_id: z.string(), before: chargeFields.nullable(), after: chargeFields.nullable() })),
      }),
    },
    async handle({ deps, actor, body }) {
      const span = readSpan(body, deps.clock.now(), DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      return answer(await rerateCalls(deps, actor, { from: span.from, to: span.to, apply: body.apply }), ({ calls, changed, totals, differences }) => json({
        applied: body.apply, calls, changed,
        totals: [...totals].map(([currency, { before, after }]) => ({ currency, before: moneyText(before), after: moneyText(after) })),
        differences: differences.map(({ callId, before, after }) => ({
          call_id: callId, before: before === null ? null : chargeView(before), after: after === null ? null : chargeView(after),
        })),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/plan_allowances', operationId: 'listPlanAllowances', summary: 'List minutes that plans include', tag: TAG, access: 'rate_deck:read',
    answer: {
      status: 200, description: 'As set, else as plans are: unlimited ones include what rates say they include, metered ones nothing.',
      schema: z.object({ allowances: z.array(z.object({ plan: z.int(), name: z.string(), minutes })) }),
    },
    async handle({ deps, actor }) {
      const all = await allowancesOf(deps, actor);
      return json({ allowances: all.map((one) => ({ plan: one.plan, name: (callingPlan(one.plan) ?? seatByNameOrCode(String(one.plan)))?.name ?? '', minutes: one.minutes })) });
    },
  }),
  route({
    method: 'PUT', path: '/v2/cordboard/plan_allowances', operationId: 'setPlanAllowances', summary: 'Set minutes that plans include', tag: TAG, access: 'rate_deck:write',
    body: z.strictObject({ allowances: z.array(z.strictObject({ plan: planCode, minutes })).max(INCLUDING_PLANS.length) }),
    answer: { status: 204, description: 'Set for calls rated from now on; plans not named are as the catalogue has them.', schema: null },
    async handle({ deps, actor, body }) {
      return answer(await setAllowances(deps, actor, body.allowances.map(({ plan, minutes: wanted }) => ({ plan: String(plan), minutes: wanted }))), () => NO_CONTENT);
    },
  }),
];
