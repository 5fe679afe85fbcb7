import { z } from 'zod';
import { asId, type CallRecordId, type SiteId } from '../../domain/ids.js';
import type { AccountUser } from '../../domain/identity/user.js';
import type { CallRecord } from '../../domain/calls/call-event.js';
import type { CallRecordFilter } from '../../ports/admin-stores.js';
import type { Actor } from '../../usecases/change.js';
import { refused } from '../../usecases/outcome.js';
import { userNotFound } from '../../usecases/admin/not-found.js';
import { findUser } from '../../usecases/admin/resolve.js';
import { failed, json, type Answer } from '../answers.js';
import type { HttpDeps } from '../http-deps.js';
import { pageFields, pageQuery, paging, readPage } from '../paging.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { day, line } from '../schemas/fields.js';
import { given } from '../schemas/views.js';
import { apiDate, readSpan } from '../times.js';
import { callItem, callPath } from './call-view.js';

const TAG = 'Call history';
const DEFAULT_DAYS = 30;

const historyQuery = z.object({
  from: day.optional(),
  to: day.optional(),
  keyword: line(100).optional().describe('Part of a name or number.'),
  directions: z.array(z.enum(['inbound', 'outbound', 'internal'])).max(
    1, 'Give one direction, or leave it out for all.',
  ).optional()
    .describe('inbound and outbound are calls with the telephone network.'),
  connect_types: z.array(z.enum(['internal', 'external'])).optional(),
  site_ids: z.array(z.string().max(64)).max(1, 'Give one site, or leave it out for all.').optional(),
  ...pageQuery(300),
});

const party = (side: 'caller' | 'callee') => ({
  [`${side}_ext_id`]: z.string(), [`${side}_ext_number`]: z.string(), [`${side}_ext_type`]: z.string(),
  [`${side}_did_number`]: z.string(), [`${side}_name`]: z.string(), [`${side}_email`]: z.string(),
  [`${side}_number_type`]: z.string(), [`${side}_device_type`]: z.string(),
  [`${side}_user_id`]: z.string().describe('Who acted: the guest of a phone rather than its owner.'),
  [`${side}_device_id`]: z.string().describe('The phone that called, or that answered; else "".'),
  [`${side}_hot_desk_session_id`]: z.string().describe('Under which a guest acted; else "".'),
});
const call = z.object({
  id: z.string(), call_id: z.string(), direction: z.string(), international: z.boolean(), connect_type: z.string(),
  call_type: z.string(), call_result: z.string(), ...party('caller'), ...party('callee'), start_time: z.string(),
  answer_time: z.string(), end_time: z.string(), duration: z.int(), hold_time: z.int(), site_id: z.string(),
  site_name: z.string(), recording_status: z.string(),
  result_reason: z.string().describe('Why it was refused, in the words of the call policy; else "".'),
  end_cause: z.string(), sip_status: z.int(), dialed_number: z.string(),
  emergency: z.object({
    address_id: z.string(), address: z.string(), origin: z.string().describe("Whose address: location, device, user, common_area or site."),
    location_id: z.string(), location: z.string(), elin: z.string(),
  }).optional().describe('Of emergency calls: where help was sent, as it was then; "" for what was not known.'),
});
const callDetail = call.extend({
  call_path: z.array(z.object({
    id: z.string(), call_id: z.string(), connect_type: z.string(), direction: z.string(), event: z.string(),
    result: z.string(), device_id: z.string(), device_name: z.string(), start_time: z.string(), answer_time: z.string(),
    end_time: z.string(), waiting_time: z.int(), sip_status: z.int(), segment: z.int(), node: z.int(), is_node: z.int(),
  })),
});
const callList = z.object({
  ...pageFields, page_count: z.int(), from: z.string(), to: z.string(), call_logs: z.array(call),
});

async function listCalls(
  deps: HttpDeps, actor: Actor, query: z.output<typeof historyQuery>, user: AccountUser | null,
): Promise<Answer> {
  const page = readPage(query);
  if (page.kind === 'refused') return failed(fromRefusal(page));
  const span = readSpan(query, deps.clock.now(), DEFAULT_DAYS);
  if (span.kind === 'refused') return failed(fromRefusal(span));
  const { from, to } = span;
  const filter: CallRecordFilter = {
    from, to,
    ...given({
      userId: user?.id, keyword: query.keyword, direction: directionOf(query),
      siteId: query.site_ids?.[0] === undefined ? undefined : asId<SiteId>(query.site_ids[0]),
    }),
  };
  const found = await deps.stores.callRecords.page(actor.accountId, filter, page.page);
  return json({
    ...paging(found, query), page_count: Math.ceil(found.total / query.page_size), from: apiDate(from), to: apiDate(to),
    call_logs: found.items.map((record) => callItem(deps, record, user?.id ?? null)),
  });
}

function directionOf(
  { directions, connect_types: types }: z.output<typeof historyQuery>,
): CallRecord['direction'] | undefined {
  return types?.length === 1 && types[0] === 'internal' ? 'internal' : directions?.[0];
}

export const callHistoryRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/phone/call_history', operationId: 'accountCallHistory',
    summary: "List the account's calls", tag: TAG, access: 'call_history:read', query: historyQuery,
    answer: { status: 200, description: 'Calls, newest first.', schema: callList },
    handle: ({ deps, actor, query }) => listCalls(deps, actor, query, null),
  }),
  route({
    method: 'GET', path: '/v2/phone/call_history/{callLogId}', operationId: 'getCallPath',
    summary: 'Get a call with its legs', tag: TAG,
    access: 'call_history:read',
    answer: { status: 200, description: 'The call.', schema: callDetail },
    async handle({ deps, actor, params }) {
      const record = await deps.stores.callRecords.get(actor.accountId, asId<CallRecordId>(params.callLogId));
      if (!record) {
        const { callLogId } = params;
        return failed(fromRefusal(refused('not-found', 'callLogId', 'There is no call with this id.', callLogId)));
      }
      return json({ ...callItem(deps, record, null), call_path: callPath(deps, record) });
    },
  }),
  route({
    method: 'GET', path: '/v2/phone/users/{userId}/call_history', operationId: 'phoneUserCallHistory',
    summary: "List a user's calls", tag: TAG, access: 'call_history:read', query: historyQuery,
    answer: { status: 200, description: 'Calls, newest first.', schema: callList },
    async handle({ deps, actor, params, query }) {
      const user = await findUser(deps.stores, actor.accountId, params.userId);
      return user ? listCalls(deps, actor, query, user) : failed(fromRefusal(userNotFound(params.userId)));
    },
  }),
];
