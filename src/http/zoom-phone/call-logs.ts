import { z } from 'zod';
import { asId, type CallRecordId, type SiteId, type UserId } from '../../domain/ids.js';
import type { CallHistoryEntry, CallResult } from '../../domain/calls/call-history.js';
import type { Page } from '../../ports/admin-stores.js';
import type { CallRecordFilter } from '../../ports/record-stores.js';
import { callNotFound, deleteOwnCall, setClientCode } from '../../usecases/admin/call-records.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findUser } from '../../usecases/admin/resolve.js';
import type { Actor } from '../../usecases/change.js';
import { done, type Outcome } from '../../usecases/outcome.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageQuery, readPage, type PageParameters } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { logList } from '../schemas/call-fields.js';
import { line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { readSpan } from '../times.js';
import { clientCodeBody, listFields } from './call-history.js';
import { accountLog, accountLogView, logDetail, logDetailView, ownLog, ownLogView } from './call-log-view.js';
import { HISTORY_DAYS, span } from './call-query.js';
import { syncCalls, syncQuery } from './call-sync.js';

const TAG = 'Call logs';

const common = {
  ...span,
  type: z.enum(['all', 'missed']).default('all').describe('missed: calls that nobody answered.'),
  time_type: z.enum(['startTime', 'endTime']).default('startTime'),
};
const accountQuery = z.object({
  ...common,
  path: line(64).optional().describe('extension, commonAreaPhone or pstn; no call went another way.'),
  site_id: line(64).optional(),
  charged_call_logs: z.boolean().optional().describe('Only calls that cost something.'),
  ...pageQuery(300),
});
const ownQuery = z.object({ ...common, phone_number: line(32).optional().describe('Extension or number of either side, or a part of it.'), ...pageQuery(300) });

type CommonQuery = z.output<z.ZodObject<typeof common>> & PageParameters;

const MISSED: readonly CallResult[] = ['no_answer', 'busy', 'rejected', 'canceled', 'call_failed'];
const PATHS: ReadonlyMap<string, Pick<CallRecordFilter, 'directions' | 'connectTypes' | 'calleeTypes'>> = new Map([
  ['extension', { directions: ['inbound', 'internal'], calleeTypes: ['', 'user'] }],
  ['commonAreaPhone', { directions: ['inbound', 'internal'], calleeTypes: ['common_area'] }],
  ['pstn', { directions: ['outbound'], connectTypes: ['external'] }],
]);

interface Listed {
  readonly found: Page<CallHistoryEntry>;
  readonly from: number;
  readonly to: number;
}

async function listLogs(deps: HttpDeps, actor: Actor, query: CommonQuery, more: Partial<CallRecordFilter> | null): Promise<Outcome<Listed>> {
  const page = readPage(query);
  if (page.kind === 'refused') return page;
  const at = readSpan(query, deps.clock.now(), HISTORY_DAYS);
  if (at.kind === 'refused') return at;
  const { from, to } = at;
  const found = more === null ? { items: [], next: null, total: 0 } : await deps.stores.callRecords.page(actor.accountId, {
    from, to, time: query.time_type === 'endTime' ? 'end' : 'start', ...(query.type === 'missed' ? { results: MISSED } : {}), ...more,
  }, page.page);
  return done({ found, from, to });
}

function accountFilter(query: z.output<typeof accountQuery>, sites: readonly SiteId[] | null): Partial<CallRecordFilter> | null {
  const way = query.path === undefined || query.path === 'all' ? {} : PATHS.get(query.path);
  if (way === undefined) return null;
  return {
    ...way,
    ...given({
      within: sites ?? undefined, charged: query.charged_call_logs === true ? true as const : undefined, siteIds: query.site_id === undefined ? undefined : [asId<SiteId>(query.site_id)],
    }),
  };
}

export const callLogRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/call_logs', operationId: 'accountCallLogs', summary: "List the account's call logs", tag: TAG,
    access: 'call_history:read', subject: 'list', load: 'heavy', query: accountQuery,
    answer: { status: 200, description: 'Calls in the older shape, newest first.', schema: logList(accountLog) },
    async handle({ deps, actor, sites, query }) {
      return answer(await listLogs(deps, actor, query, accountFilter(query, sites)), (listed) => json({
        ...listFields(listed, query), call_logs: listed.found.items.map((record) => accountLogView(deps, record)),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/call_logs/{callLogId}', operationId: 'getCallLogDetails', summary: 'Get a call log', tag: TAG,
    access: 'call_history:read',
    answer: { status: 200, description: 'The call with its legs, in the older shape.', schema: logDetail },
    async handle({ deps, actor, params }) {
      const record = await deps.stores.callRecords.get(actor.accountId, asId<CallRecordId>(params.callLogId));
      return record ? json(logDetailView(deps, record)) : failed(fromRefusal(callNotFound(params.callLogId)));
    },
  }),
  route({
    method: 'PUT', path: '/v2/phone/call_logs/{callLogId}/client_code', operationId: 'addClientCodeToCallLog',
    summary: 'Note a client code on a call log', tag: TAG, access: 'call_history:write', body: clientCodeBody,
    answer: { status: 204, description: 'Noted.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await setClientCode(deps, actor, params.callLogId, body.client_code), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/call_logs', operationId: 'phoneUserCallLogs', summary: "List a user's call logs", tag: TAG,
    access: 'call_history:read', self: true, load: 'heavy', query: ownQuery,
    answer: { status: 200, description: 'Calls of the user in the older shape, newest first.', schema: logList(ownLog) },
    async handle({ deps, actor, params, query }) {
      const user = await findUser(deps.stores, actor.accountId, params.userId);
      if (!user) return failed(fromRefusal(userNotFound(params.userId)));
      const filter: { readonly userId: UserId; readonly number?: string } = { userId: user.id, ...given({ number: query.phone_number }) };
      return answer(await listLogs(deps, actor, query, filter), (listed) => json({
        ...listFields(listed, query), call_logs: listed.found.items.map((record) => ownLogView(deps, record, user.id)),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/call_logs/sync', operationId: 'syncUserCallLogs', summary: "Follow a user's call logs", tag: TAG,
    access: 'call_history:read', self: true, query: syncQuery,
    answer: {
      status: 200, description: 'Finished calls in the older shape.',
      schema: z.object({ call_logs: z.array(ownLog), sync_token: z.string() }),
    },
    async handle({ deps, actor, params, query }) {
      return answer(await syncCalls(deps, actor.accountId, params.userId, query), ({ user, calls, token }) => json({
        call_logs: calls.map((record) => ownLogView(deps, record, user.id)), sync_token: token,
      }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/users/{userId}/call_logs/{callLogId}', operationId: 'deleteCallLog',
    summary: "Delete a call from a user's logs", tag: TAG, access: 'call_history:write',
    answer: { status: 204, description: 'Gone from these logs; the record of the account stays.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await deleteOwnCall(deps, actor, params.userId, params.callLogId), () => NO_CONTENT);
    },
  }),
];
