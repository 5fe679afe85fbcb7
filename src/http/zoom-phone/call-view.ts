import type { CallLeg, CallParty, CallRecord } from '../../domain/calls/call-event.js';
import type { UserId } from '../../domain/ids.js';
import type { HttpDeps } from '../http-deps.js';
import { apiTime } from '../times.js';

type Result = 'answered' | 'no_answer' | 'busy' | 'rejected' | 'canceled' | 'call_failed' | 'in_progress';

/** The call's result in Zoom's words. */
export function resultOf(record: CallRecord): Result {
  if (record.answeredAt !== null) return 'answered';
  switch (record.cause) {
    case null: return 'in_progress';
    case 'busy': return 'busy';
    case 'no-answer': return 'no_answer';
    case 'declined': case 'refused': return 'rejected';
    case 'cancelled': case 'caller-hangup': return 'canceled';
    default: return 'call_failed';
  }
}

function seconds(from: number | null, to: number | null): number {
  return from === null || to === null ? 0 : Math.max(0, Math.round((to - from) / 1000));
}

/** One side of a call, with `caller_` or `callee_` before each name. */
function partyFields({ directory }: Pick<HttpDeps, 'directory'>, side: 'caller' | 'callee', party: CallParty) {
  const isExtension = party.extensionNumber !== '';
  const device = party.deviceId === null ? undefined : directory.device(party.deviceId);
  return {
    [`${side}_ext_id`]: party.extensionId ?? '',
    [`${side}_ext_number`]: party.extensionNumber,
    [`${side}_ext_type`]: !isExtension ? '' : party.userId === null ? 'common_area' : 'user',
    [`${side}_did_number`]: party.number,
    [`${side}_name`]: party.name,
    [`${side}_email`]: party.userId === null ? '' : directory.user(party.userId)?.email ?? '',
    [`${side}_number_type`]: isExtension ? 'zoom_extension' : 'zoom_pstn',
    [`${side}_device_type`]: device?.type ?? '',
    // Ours: who acted on which phone, and under which session of hot desking.
    [`${side}_user_id`]: party.userId ?? '',
    [`${side}_device_id`]: party.deviceId ?? '',
    [`${side}_hot_desk_session_id`]: party.hotDeskSessionId ?? '',
  };
}

/** A record as the call history lists it; internal calls are outbound for the account and whoever called. */
export function callItem(deps: Pick<HttpDeps, 'directory'>, record: CallRecord, viewer: UserId | null) {
  const internal = record.direction === 'internal';
  const received = viewer !== null && record.callee.userId === viewer && record.caller.userId !== viewer;
  const siteId = record.caller.siteId ?? record.callee.siteId;
  return {
    id: record.id,
    call_id: record.sipCallId,
    direction: internal ? (received ? 'inbound' : 'outbound') : record.direction,
    international: false,
    connect_type: internal ? 'internal' : 'external',
    call_type: record.emergency ? 'emergency' : 'general',
    call_result: resultOf(record),
    ...partyFields(deps, 'caller', record.caller),
    ...partyFields(deps, 'callee', { ...record.callee, deviceId: record.callee.deviceId ?? record.answeredBy }),
    start_time: apiTime(record.startedAt),
    answer_time: apiTime(record.answeredAt),
    end_time: apiTime(record.endedAt),
    duration: seconds(record.answeredAt, record.endedAt),
    hold_time: Math.round(record.holdMs / 1000),
    site_id: siteId ?? '',
    site_name: siteId === null ? '' : deps.directory.site(siteId)?.name ?? '',
    recording_status: 'non_recorded',
    // Ours: why a call was refused or ended, in the words of the call policy.
    result_reason: record.reason ?? '',
    end_cause: record.cause ?? '',
    sip_status: record.status ?? 0,
    dialed_number: record.dialled,
  };
}

const LEG_RESULT: Readonly<Record<CallLeg['result'], string>> = {
  'answered': 'answered', 'cancelled': 'canceled', 'completed-elsewhere': 'answered_by_other', 'failed': 'call_failed',
  'redirected': 'forwarded',
  'no-answer': 'no_answer', 'open': 'in_progress',
};

/** Each ringing branch of a call, in the order they began. */
export function callPath(deps: Pick<HttpDeps, 'directory'>, record: CallRecord) {
  const base = callItem(deps, record, null);
  return record.legs.map((leg, index) => ({
    id: `${record.id}-${index + 1}`,
    call_id: record.sipCallId,
    connect_type: base.connect_type,
    direction: base.direction,
    event: leg.result === 'redirected' ? 'forward' : 'ring_to_member',
    result: LEG_RESULT[leg.result],
    device_id: leg.deviceId,
    device_name: deps.directory.device(leg.deviceId)?.displayName ?? '',
    start_time: apiTime(leg.startedAt),
    answer_time: apiTime(leg.answeredAt),
    end_time: apiTime(leg.endedAt),
    waiting_time: seconds(leg.startedAt, leg.answeredAt ?? leg.endedAt),
    sip_status: leg.status,
    segment: index + 1,
    node: 1,
    is_node: 1,
  }));
}
