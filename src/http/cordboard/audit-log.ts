import { z } from 'zod';
import type { AggregateKind } from '../../domain/events.js';
import type { AuditEntry, AuditFilter } from '../../ports/record-stores.js';
import { failed, json } from '../answers.js';
import { csvAnswer } from '../csv.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day, line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, apiTime, readSpan } from '../times.js';

const TAG = 'Audit log';
const DEFAULT_DAYS = 30;
const fields = z.record(z.string(), z.unknown()).nullable();

const filters = {
  from: day.optional(), to: day.optional(),
  actor: line(128).optional().describe('client:<id>, system or cli.'),
  aggregate: line(64).optional().describe('Kind of thing, e.g. site; one that nothing has finds nothing.'),
  aggregate_id: line(128).optional(),
  action: line(64).optional().describe('e.g. update-site'),
  request_id: line(64).optional().describe('x-request-id of the request that did it.'),
};

function filterOf(query: z.output<z.ZodObject<typeof filters>>): AuditFilter {
  return given({
    actor: query.actor, aggregates: query.aggregate === undefined ? undefined : [query.aggregate as AggregateKind],
    aggregateId: query.aggregate_id, action: query.action, requestId: query.request_id,
  });
}

function view(entry: AuditEntry) {
  return {
    id: entry.id, time: apiTime(entry.at), actor: entry.actor, address: entry.address, request_id: entry.requestId,
    aggregate: entry.aggregate, aggregate_id: entry.aggregateId, action: entry.action, before: entry.before, after: entry.after,
  };
}

const COLUMNS = ['id', 'time', 'actor', 'address', 'request_id', 'aggregate', 'aggregate_id', 'action', 'before', 'after'] as const;

export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/audit_log', operationId: 'listAuditLog', summary: 'List who changed what', tag: TAG,
    access: 'audit_log:read', load: 'heavy',
    query: z.object({ ...filters, ...pageQuery(300) }),
    answer: {
      status: 200, description: 'Entries, newest first. Secrets are masked.',
      schema: z.object({
        ...pageFields, from: z.string(), to: z.string(),
        entries: z.array(z.object({
          id: z.string(), time: z.string(), actor: z.string(), address: z.string(), request_id: z.string(),
          aggregate: z.string(), aggregate_id: z.string(), action: z.string(), before: fields, after: fields,
        })),
      }),
    },
    async handle({ deps, actor, query }) {
      const page = readPage(query);
      if (page.kind === 'refused') return failed(fromRefusal(page));
      const span = readSpan(query, deps.clock.now(), DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const found = await deps.stores.audit.page(actor.accountId, span.from, span.to, page.page, filterOf(query));
      return json({ ...paging(found, query), from: apiDate(span.from), to: apiDate(span.to), entries: found.items.map(view) });
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/audit_log/export', operationId: 'exportAuditLog', summary: 'Export who changed what', tag: TAG,
    access: 'audit_log:read', load: 'heavy', query: z.object(filters),
    answer: { status: 200, description: 'CSV, newest first; before and after are JSON.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, query }) {
      const span = readSpan(query, deps.clock.now(), DEFAULT_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      return csvAnswer('audit-log.csv', COLUMNS, (page) => deps.stores.audit.rows(actor.accountId, span.from, span.to, page, filterOf(query)), (entry) => ({
        ...view(entry), before: entry.before === null ? '' : JSON.stringify(entry.before), after: entry.after === null ? '' : JSON.stringify(entry.after),
      }));
    },
  }),
];
