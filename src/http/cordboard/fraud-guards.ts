import { z } from 'zod';
import { moneyText, readPrice } from '../../domain/charges/money.js';
import { asId, type ExtensionId, type SiteId } from '../../domain/ids.js';
import { FRAUD_METRICS, type FraudGuard, type FraudIncident, type FraudMetric } from '../../domain/fraud/guard.js';
import { addFraudGuard, liftFraudHold, removeFraudGuard, updateFraudGuard, type WantedGuard } from '../../usecases/fraud/fraud-guards.js';
import { answer, created, failed, json, NO_CONTENT } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { country, day, line, requiredLine } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, apiTime, readSpan } from '../times.js';

const TAG = 'Fraud guards';
const DEFAULT_DAYS = 30;

const threshold = z.string().trim().refine((text) => readPrice(text) !== null, 'Give a number from 0 to 1000; with a point for money.').nullable();
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Give a time as HH:MM.');
const hours = z.strictObject({ from: clock, to: clock, days: z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 = Monday … 7 = Sunday.') });
const destinations = z.strictObject({
  prefixes: z.array(z.string().regex(/^\+[1-9]\d{0,14}$/, 'Give the beginning of numbers with +, e.g. +1900.')).max(100).default([]),
  countries: z.array(country).max(250).default([]),
  international: z.boolean().default(false).describe("Every number outside the caller's country and plan region."),
}).describe('Numbers that are watched; empty = every number of the telephone network.');
const guardBody = {
  name: requiredLine(100), enabled: z.boolean(),
  metric: z.enum(FRAUD_METRICS).describe('same-number: calls to one number in a row; new-countries: countries the caller never called before, in 24 hours; after-hours: calls in an hour.'),
  destinations,
  site_id: line(64).describe('Callers of this site alone; "" = of every site.'), extension_id: line(64).describe('One caller alone; "" = everybody.'),
  warning: threshold.describe('More than so many (as text) warn by webhook and alert; null = no warning. Costs and minutes of a day: from so many on.'),
  critical: threshold.describe('More than so many are refused; null = none is.'),
  currency: z.string().regex(/^([A-Z]{3})?$/, 'Give a currency of three capital letters, or "".'), hours: hours.nullable().describe('Working hours, by the clock of the site.'),
  hold_minutes: z.int().min(0).max(43_200).describe('After a refusal the caller is held for so long, until somebody lifts it; 0 = only while the count is high.'),
};
const guardFields = z.object({ id: z.string(), ...guardBody, destinations: z.object({ prefixes: z.array(z.string()), countries: z.array(z.string()), international: z.boolean() }), created_at: z.string() });
const incidentFields = z.object({
  id: z.string(), guard_id: z.string(), guard_name: z.string(), metric: z.enum(FRAUD_METRICS), level: z.enum(['warning', 'critical']), extension_id: z.string(),
  caller_name: z.string(), number: z.string(), value: z.string(), threshold: z.string(), time: z.string(), held_until: z.string().describe('"" = not held.'),
  lifted_at: z.string(), lifted_by: z.string(),
});

const isMoney = (metric: FraudMetric): boolean => metric === 'cost-per-day';
/** Counts are written without places, money with. */
const shown = (metric: FraudMetric, value: number): string => (isMoney(metric) ? moneyText(value) : String(value));

function guardView(guard: FraudGuard) {
  const amount = (value: number | null): string | null => (value === null ? null : shown(guard.metric, value));
  return {
    id: guard.id, name: guard.name, enabled: guard.enabled, metric: guard.metric,
    destinations: { prefixes: [...guard.destinations.prefixes], countries: [...guard.destinations.countries], international: guard.destinations.international },
    site_id: guard.siteId ?? '', extension_id: guard.extensionId ?? '', warning: amount(guard.warning), critical: amount(guard.critical), currency: guard.currency,
    hours: guard.hours === null ? null : { ...guard.hours, days: [...guard.hours.days] }, hold_minutes: guard.holdMinutes, created_at: apiTime(guard.createdAt),
  };
}

function incidentView(one: FraudIncident) {
  return {
    id: one.id, guard_id: one.guardId, guard_name: one.guardName, metric: one.metric, level: one.level, extension_id: one.extensionId, caller_name: one.callerName,
    number: one.number, value: shown(one.metric, one.value), threshold: shown(one.metric, one.threshold), time: apiTime(one.at), held_until: apiTime(one.heldUntil),
    lifted_at: apiTime(one.liftedAt), lifted_by: one.liftedBy,
  };
}

const changesBody = z.strictObject(guardBody).omit({ metric: true }).partial();
type Changes = z.output<typeof changesBody>;

function amountOf(text: string | null, metric: FraudMetric): number | null {
  if (text === null) return null;
  return isMoney(metric) ? readPrice(text) : Math.floor(Number(text));
}

function toGuard(body: Changes, metric: FraudMetric): Partial<WantedGuard> {
  return given({
    name: body.name, enabled: body.enabled, destinations: body.destinations, currency: body.currency, hours: body.hours,
    holdMinutes: body.hold_minutes,
    siteId: body.site_id === undefined ? undefined : body.site_id === '' ? null : asId<SiteId>(body.site_id),
    extensionId: body.extension_id === undefined ? undefined : body.extension_id === '' ? null : asId<ExtensionId>(body.extension_id),
    warning: body.warning === undefined ? undefined : amountOf(body.warning, metric), critical: body.critical === undefined ? undefined : amountOf(body.critical, metric),
  });
}

const NEW: Omit<WantedGuard, 'name' | 'metric'> = {
  enabled: true, destinations: { prefixes: [], countries: [], international: false }, siteId: null, extensionId: null, warning: null, critical: null, currency: '',
  hours: null, holdMinutes: 0,
};

export const fraudRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/fraud_guards', operationId: 'listFraudGuards', summary: 'List guards against fraud', tag: TAG, access: 'fraud_guard:read',
    answer: { status: 200, description: 'In the order they were made.', schema: z.object({ fraud_guards: z.array(guardFields) }) },
    handle: async ({ deps, actor }) => json({ fraud_guards: (await deps.stores.fraudGuards.all(actor.accountId)).map(guardView) }),
  }),
  route({
    method: 'POST', path: '/v2/cordboard/fraud_guards', operationId: 'addFraudGuard', summary: 'Add a guard against fraud', tag: TAG, access: 'fraud_guard:write',
    body: z.strictObject(guardBody).partial().required({ name: true, metric: true }),
    answer: { status: 201, description: 'Holds for the next call.', schema: guardFields },
    async handle({ deps, actor, body: { metric, ...body } }) {
      const outcome = await addFraudGuard(deps, actor, { ...NEW, ...toGuard(body, metric), name: body.name, metric });
      return answer(outcome, (guard) => created(guardView(guard)));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/cordboard/fraud_guards/{guardId}', operationId: 'updateFraudGuard', summary: 'Change a guard against fraud', tag: TAG,
    access: 'fraud_guard:write', body: changesBody,
    answer: { status: 204, description: 'Holds for the next call; what it counts cannot change.', schema: null },
    async handle({ deps, actor, params, body }) {
      const held = (await deps.stores.fraudGuards.all(actor.accountId)).find(({ id }) => id === params.guardId);
      return answer(await updateFraudGuard(deps, actor, params.guardId, toGuard(body, held?.metric ?? 'calls-per-minute')), () => NO_CONTENT);
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/fraud_guards/{guardId}', operationId: 'removeFraudGuard', summary: 'Remove a guard against fraud', tag: TAG,
    access: 'fraud_guard:write',
    answer: { status: 204, description: 'Removed, and whom it held may call again.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await removeFraudGuard(deps, actor, params.guardId), () => NO_CONTENT),
  }),
  route({
    method: 'GET', path: '/v2/cordboard/fraud_incidents', operationId: 'listFraudIncidents', summary: 'List what guards found', tag: TAG, access: 'fraud_guard:read',
    query: z.object({ from: day.optional(), to: day.optional(), held: z.boolean().default(false).describe('Only callers that are held now.'), ...pageQuery(100) }),
    answer: {
      status: 200, description: 'Newest first; a guard tells of a caller once in 15 minutes.',
      schema: z.object({ ...pageFields, from: z.string(), to: z.string(), fraud_incidents: z.array(incidentFields) }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const now = deps.clock.now();
      const span = readSpan(query, now, DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const found = await deps.stores.fraudIncidents.page(actor.accountId, { from: span.from, to: span.to, at: now, ...(query.held ? { held: true as const } : {}) }, page.page);
      return json({ ...paging(found, query), from: apiDate(span.from), to: apiDate(span.to), fraud_incidents: found.items.map(incidentView) });
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/fraud_incidents/{incidentId}/hold', operationId: 'liftFraudHold', summary: 'Let a held caller call again', tag: TAG,
    access: 'fraud_guard:write',
    answer: { status: 204, description: 'Lifted; what the guard counted for the caller begins anew.', schema: null },
    handle: async ({ deps, actor, params }) => answer(await liftFraudHold(deps, actor, params.incidentId), () => NO_CONTENT),
  }),
];
