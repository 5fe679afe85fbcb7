import { z } from 'zod';
import { asId, type CallRecordId } from '../../domain/ids.js';
import type { CallHistoryEntry } from '../../domain/calls/call-history.js';
import type { Page } from '../../ports/admin-stores.js';
import { callNotFound, deleteOwnCall, setClientCode } from '../../usecases/admin/call-records.js';
import type { Actor } from '../../usecases/change.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { refused, type Outcome, done } from '../../usecases/outcome.js';
import { answer, failed, json, NO_CONTENT } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { paging, readPage, type PageParameters } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { call, callDetail, callElement, callList, ownCallList, syncedCalls } from '../schemas/call-fields.js';
import { line } from '../schemas/fields.js';
import { apiDate, readSpan } from '../times.js';
import { HISTORY_DAYS, historyFilter, type Whose, historyQuery, type HistoryQuery } from './call-query.js';
import { syncCalls, syncQuery } from './call-sync.js';
import { callItem, callPath, ownCallItem } from './call-view.js';

const TAG = 'Call history';
const EMPTY: Page<CallHistoryEntry> = { items: [], next: null, total: 0 };

export const clientCodeBody = z.object({ client_code: line(64).describe('A code for billing; "" takes it away.') });

interface Listed {
  readonly found: Page<CallHistoryEntry>;
  readonly from: number;
  readonly to: number;
}

async function listCalls(deps: HttpDeps, actor: Actor, query: HistoryQuery, whose: Whose): Promise<Outcome<Listed>> {
  const page = readPage(query);
  if (page.kind === 'refused') return page;
  const span = readSpan(query, deps.clock.now(), HISTORY_DAYS);
  if (span.kind === 'refused') return span;
  const filter = historyFilter(query, span, whose);
  const found = filter === null ? EMPTY : await deps.stores.callRecords.page(actor.accountId, filter, page.page);
  return done({ found, from: span.from, to: span.to });
}

/** The fields of a list of calls besides the calls. */
export function listFields({ found, from, to }: Listed, query: PageParameters) {
  return { ...paging(found, query), page_count: Math.ceil(found.total / query.page_size), from: apiDate(from), to: apiDate(to) };
}

async function findCall({ stores }: HttpDeps, actor: Actor, id: string): Promise<Outcome<CallHistoryEntry>> {
  const found = await stores.callRecords.get(actor.accountId, asId<CallRecordId>(id));
  return found ? done(found) : callNotFound(id);
}

export const callHistoryRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/call_history', operationId: 'accountCallHistory',
    summary: "List the account's calls", tag: TAG, access: 'call_history:read', subject: 'list', load: 'heavy', query: historyQuery,
    answer: { status: 200, description: 'Calls, newest first.', schema: callList },
    async handle({ deps, actor, sites, query }) {
      return answer(await listCalls(deps, actor, query, { within: sites ?? undefined }), (listed) => json({
        ...listFields(listed, query), call_logs: listed.found.items.map((record) => callItem(deps, record, null)),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/call_history/{callLogId}', operationId: 'getCallPath',
    summary: 'Get a call with its legs', tag: TAG, access: 'call_history:read', self: true,
    answer: { status: 200, description: 'The call.', schema: callDetail },
    async handle({ deps, actor, params }) {
      return answer(await findCall(deps, actor, params.callLogId), (record) => (
        json({ ...callItem(deps, record, null), call_path: callPath(deps, record) })));
    },
  }),
  route({
    method: 'PATCH', path: '/v2/phone/call_history/{callLogId}/client_code', operationId: 'addClientCodeToCallHistory',
    summary: 'Note a client code on a call', tag: TAG, access: 'call_history:write', body: clientCodeBody,
    answer: { status: 204, description: 'Noted.', schema: null },
    async handle({ deps, actor, params, body }) {
      return answer(await setClientCode(deps, actor, params.callLogId, body.client_code), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/call_history_detail/{callLogId}', operationId: 'getCallHistoryDetail',
    summary: 'Get one leg of a call', tag: TAG, access: 'call_history:read',
    answer: { status: 200, description: 'The leg with this id of call_path; the first one for the id of a call.', schema: callElement },
    async handle({ deps, actor, params }) {
      const [callId = '', leg = '1', ...rest] = params.callLogId.split('-');
      const found = await findCall(deps, actor, callId);
      const element = found.kind === 'done' && rest.length === 0 && /^\d{1,4}$/.test(leg) ? callPath(deps, found.value)[Number(leg) - 1] : undefined;
      return element === undefined ? failed(fromRefusal(callNotFound(params.callLogId))) : json(element);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/call_history', operationId: 'phoneUserCallHistory',
    summary: "List a user's calls", tag: TAG, access: 'call_history:read', self: true, load: 'heavy', query: historyQuery,
    answer: { status: 200, description: 'Calls the user made or got, newest first.', schema: ownCallList },
    async handle({ deps, actor, params, query }) {
      const user = await findUser(deps.stores, actor.accountId, params.userId);
      if (!user) return failed(fromRefusal(userNotFound(params.userId)));
      return answer(await listCalls(deps, actor, query, { userId: user.id }), (listed) => json({
        ...listFields(listed, query), call_logs: listed.found.items.map((record) => ownCallItem(deps, record, user.id)),
      }));
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/call_history/sync', operationId: 'syncUserCallHistory',
    summary: "Follow a user's calls", tag: TAG, access: 'call_history:read', self: true, query: syncQuery,
    answer: { status: 200, description: 'Finished calls: latest first, or with ISync in the order they ended or changed.', schema: syncedCalls },
    async handle({ deps, actor, params, query }) {
      return answer(await syncCalls(deps, actor.accountId, params.userId, query), ({ user, calls, token }) => json({
        call_logs: calls.map((record) => ownCallItem(deps, record, user.id)), sync_token: token,
      }));
    },
  }),
  route({
    method: 'DELETE', path: '/v2/phone/users/{userId}/call_history/{callLogId}', operationId: 'deleteUserCallHistory',
    summary: "Delete a call from a user's history", tag: TAG, access: 'call_history:write',
    answer: { status: 204, description: 'Gone from this history; the record of the account stays.', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await deleteOwnCall(deps, actor, params.userId, params.callLogId), () => NO_CONTENT);
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/user/{userId}/ai_call_summary/{aiCallSummaryId}', operationId: 'getUserAICallSummary',
    summary: 'Get a summary of a call', tag: TAG, access: 'call_history:read',
    answer: { status: 200, description: 'Never: calls are not listened to, so there are no summaries (404).', schema: call.pick({ id: true }) },
    async handle({ deps, actor, params }) {
      const user = await findUser(deps.stores, actor.accountId, params.userId);
      if (!user) return failed(fromRefusal(userNotFound(params.userId)));
      return failed(fromRefusal(refused('not-found', 'aiCallSummaryId', 'There is no such summary: calls are not summarised.', params.aiCallSummaryId)));
    },
  }),
];
