import { z } from 'zod';
import { asId, type CallRecordId } from '../../domain/ids.js';
import type { CallParty } from '../../domain/calls/call-event.js';
import type { LiveCall } from '../../ports/call-control.js';
import { hangUpCall } from '../../usecases/admin/hang-up-call.js';
import { answer, json, NO_CONTENT } from '../answers.js';
import { route, type Route } from '../route.js';
import { apiTime } from '../times.js';

const TAG = 'Live calls';

const party = z.object({
  name: z.string(), extension_number: z.string(), extension_id: z.string(), user_id: z.string(), device_id: z.string(),
  number: z.string(), hot_desk_session_id: z.string().describe('Under which a guest acted; else "".'),
});
const call = z.object({
  id: z.string(), state: z.enum(['routing', 'ringing', 'answered', 'held']), dialled: z.string(),
  emergency: z.boolean(), caller: party, callee: party, start_time: z.string(), answer_time: z.string(),
  duration: z.int().describe('Seconds since the answer.'),
});

function partyView(side: CallParty) {
  return {
    name: side.name, extension_number: side.extensionNumber, extension_id: side.extensionId ?? '',
    user_id: side.userId ?? '', device_id: side.deviceId ?? '', number: side.number,
    hot_desk_session_id: side.hotDeskSessionId ?? '',
  };
}

function view(live: LiveCall, now: number) {
  return {
    id: live.id, state: live.state, dialled: live.dialled, emergency: live.emergency, caller: partyView(live.caller),
    callee: partyView(live.callee), start_time: apiTime(live.startedAt), answer_time: apiTime(live.answeredAt),
    duration: live.answeredAt === null ? 0 : Math.max(0, Math.round((now - live.answeredAt) / 1000)),
  };
}

export const liveCallRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/calls', operationId: 'listLiveCalls',
    summary: 'List calls that are up or ringing', tag: TAG, access: 'call:read', subject: 'list',
    answer: {
      status: 200, description: 'Calls of this node.',
      schema: z.object({ total_records: z.int(), calls: z.array(call) }),
    },
    handle({ deps, actor, sites }) {
      const calls = deps.calls.list(actor.accountId)
        .filter(({ caller, callee }) => sites === null || [caller.siteId, callee.siteId].some((id) => id !== null && sites.includes(id))).map((live) => view(live, deps.clock.now()));
      return json({ total_records: calls.length, calls });
    },
  }),
  route({
    method: 'DELETE', path: '/v2/cordboard/calls/{callId}', operationId: 'hangUpCall', summary: 'Hang up a call',
    tag: TAG, access: 'call:write',
    answer: { status: 204, description: 'Hung up on every leg. Emergency calls are refused (409).', schema: null },
    async handle({ deps, actor, params }) {
      return answer(await hangUpCall(deps, actor, asId<CallRecordId>(params.callId)), () => NO_CONTENT);
    },
  }),
];
