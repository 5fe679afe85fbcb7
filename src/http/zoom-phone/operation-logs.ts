import { z } from 'zod';
import type { AggregateKind } from '../../domain/events.js';
import type { AuditEntry } from '../../ports/record-stores.js';
import { failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, apiTime, readSpan } from '../times.js';

const DEFAULT_DAYS = 30;

/** Categories of the report, and what of the audit log each holds; what is not here is `other`. */
const CATEGORIES: ReadonlyMap<string, readonly AggregateKind[]> = new Map<string, readonly AggregateKind[]>([
  ['account', ['account', 'setting', 'prompt', 'setting_template']],
  ['user', ['user', 'phone_user', 'pin']],
  ['extension', ['extension']],
  ['common_area', ['common_area', 'activation_code']],
  ['site', ['site']],
  ['device', ['device', 'line_keys', 'device_line_keys', 'provision_template', 'firmware_rule', 'firmware_image', 'provisioning_host', 'device_authority']],
  ['hot_desking', ['hot_desk_session']],
  ['blocked_list', ['blocked_number']],
  ['license', ['plan_seats', 'licence_package']],
  ['emergency', ['emergency_address', 'emergency_address_use', 'emergency_location']],
  ['external_contact', ['external_contact']],
  ['alert', ['alert_setting']],
  ['role', ['phone_role', 'api_client']],
  ['call_log', ['call_record']],
  ['webhook', ['webhook']],
  ['billing', ['rate_deck', 'plan_allowance', 'call_charge']],
  ['fraud', ['fraud_guard']],
]);

const CATEGORY_OF: ReadonlyMap<string, string> = new Map([...CATEGORIES].flatMap(([name, kinds]) => kinds.map((kind) => [kind, name])));

/** What changed, in one line: the names of fields with their values before and after, as far as they are short. */
function detailOf({ aggregate, aggregateId, before, after }: AuditEntry): string {
  const old = new Map(Object.entries(before ?? {}));
  const fields = Object.entries(after ?? {}).map(([name, value]) => (
    old.has(name) ? `${name}: ${short(old.get(name))} -> ${short(value)}` : `${name}: ${short(value)}`));
  return `${aggregate} ${aggregateId}${fields.length === 0 ? '' : ` (${fields.join(', ')})`}`.slice(0, 1000);
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const operationLogRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/reports/operationlogs', operationId: 'getPSOperationLogs', summary: 'List what administrators did', tag: 'Reports',
    access: 'audit_log:read', load: 'heavy',
    query: z.object({
      from: day.optional(), to: day.optional(),
      category_type: z.enum(['all', ...CATEGORIES.keys()]).default('all'),
      ...pageQuery(300),
    }),
    answer: {
      status: 200, description: 'Operations, newest first. Secrets are masked.',
      schema: z.object({
        ...pageFields, from: z.string(), to: z.string(),
        operation_logs: z.array(z.object({
          action: z.string(), category_type: z.string(), operation_detail: z.string(),
          operator: z.string().describe('Name and id of the API client, or system or cli.'), time: z.string(),
        })),
      }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const span = readSpan(query, deps.clock.now(), DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const filter = given({ aggregates: CATEGORIES.get(query.category_type) });
      const found = await deps.stores.audit.page(actor.accountId, span.from, span.to, page.page, filter);
      const names = new Map((await deps.stores.apiClients.all(actor.accountId)).map(({ id, name }) => [`client:${id}`, name]));
      return json({
        ...paging(found, query), from: apiDate(span.from), to: apiDate(span.to),
        operation_logs: found.items.map((entry) => ({
          action: entry.action, category_type: CATEGORY_OF.get(entry.aggregate) ?? 'other', operation_detail: detailOf(entry),
          operator: names.has(entry.actor) ? `${names.get(entry.actor)} (${entry.actor})` : entry.actor, time: apiTime(entry.at),
        })),
      });
    },
  }),
];
