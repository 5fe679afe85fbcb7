import { z } from 'zod';
import { failed, json } from '../answers.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day } from '../schemas/fields.js';
import { apiDate, apiTime, readSpan } from '../times.js';

const DEFAULT_DAYS = 30;
const fields = z.record(z.string(), z.unknown()).nullable();

export const auditRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/audit_log', operationId: 'listAuditLog', summary: 'List who changed what',
    tag: 'Audit log',
    access: 'audit_log:read',
    query: z.object({ from: day.optional(), to: day.optional(), ...pageQuery(300) }),
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
      const found = await deps.stores.audit.page(actor.accountId, span.from, span.to, page.page);
      return json({
        ...paging(found, query), from: apiDate(span.from), to: apiDate(span.to),
        entries: found.items.map((entry) => ({
          id: entry.id, time: apiTime(entry.at), actor: entry.actor, address: entry.address,
          request_id: entry.requestId, aggregate: entry.aggregate, aggregate_id: entry.aggregateId,
          action: entry.action, before: entry.before, after: entry.after,
        })),
      });
    },
  }),
];
