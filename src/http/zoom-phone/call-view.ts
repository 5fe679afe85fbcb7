import type { CallLeg, CallParty } from '../../domain/calls/call-event.js';
import { callResult, type CallHistoryEntry, type PartyAbout } from '../../domain/calls/call-history.js';
import { countryOfNumber } from '../../domain/calls/number-country.js';
import type { UserId } from '../../domain/ids.js';
import type { HttpDeps } from '../http-deps.js';
import { emergencyDeskView } from '../schemas/emergency-fields.js';
import { apiTime } from '../times.js';

type ViewDeps = Pick<HttpDeps, 'directory'>;

export function wholeSeconds(from: number | null, to: number | null): number {
  return from === null || to === null ? 0 : Math.max(0, Math.round((to - from) / 1000));
}

/** The country in which the numbers of a call were dialled. */
export function countryOfCall({ directory }: ViewDeps, record: CallHistoryEntry): string {
  const siteId = record.caller.siteId ?? record.callee.siteId;
  return (siteId === null ? undefined : directory.site(siteId)?.country) ?? directory.account(record.accountId)?.country ?? '';
}

/** Whether the viewer was called, rather than the caller. */
export function wasCalled(record: CallHistoryEntry, viewer: UserId | null): boolean {
  return viewer !== null && record.callee.userId === viewer && record.caller.userId !== viewer;
}

/** Internal calls are outbound for the account and whoever called. */
export function directionFor(record: CallHistoryEntry, viewer: UserId | null): 'inbound' | 'outbound' {
  if (record.direction !== 'internal') return record.direction;
  return wasCalled(record, viewer) ? 'inbound' : 'outbound';
}

/** What is known of one side: who it was then, and what the phone is called now where it was not written down. */
function partyFields(deps: ViewDeps, side: 'caller' | 'callee', party: CallParty, about: PartyAbout, country: string) {
  const isExtension = party.extensionNumber !== '';
  const device = party.deviceId === null ? undefined : deps.directory.device(party.deviceId);
  const number = isExtension ? { iso: '', callingCode: '' } : countryOfNumber(party.number, country);
  return {
    [`${side}_ext_id`]: party.extensionId ?? '',
    [`${side}_ext_number`]: party.extensionNumber,
    [`${side}_ext_type`]: !isExtension ? '' : party.userId === null ? 'common_area' : 'user',
    [`${side}_did_number`]: party.number,
    [`${side}_name`]: party.name,
    [`${side}_email`]: about.email || (party.userId === null ? '' : deps.directory.user(party.userId)?.email ?? ''),
    [`${side}_number_type`]: isExtension ? 'zoom_extension' : 'external_pstn',
    [`${side}_device_type`]: about.deviceType || (device?.type ?? ''),
    [`${side}_country_iso_code`]: number.iso,
    [`${side}_country_code`]: number.callingCode,
    // Ours: who acted on which phone, and under which session of hot desking.
    [`${side}_user_id`]: party.userId ?? '',
    [`${side}_device_id`]: party.deviceId ?? '',
    [`${side}_hot_desk_session_id`]: party.hotDeskSessionId ?? '',
  };
}

/** The side of the site a call counts for: the caller's, else the callee's. */
function home(record: CallHistoryEntry): { readonly party: CallParty; readonly about: PartyAbout } {
  return record.caller.siteId !== null ? { party: record.caller, about: record.callerAbout } : { party: record.callee, about: record.calleeAbout };
}

export function siteOfCall(deps: ViewDeps, record: CallHistoryEntry): { readonly id: string; readonly name: string } {
  const { party, about } = home(record);
  if (party.siteId === null) return { id: '', name: '' };
  return { id: party.siteId, name: about.siteName || (deps.directory.site(party.siteId)?.name ?? '') };
}

/** Department and cost centre of whom the call belongs to: the viewer, else the caller, else whom it reached. */
export function costOfCall(record: CallHistoryEntry, viewer: UserId | null): { readonly department: string; readonly cost_center: string } {
  const { callerAbout, calleeAbout } = record;
  const about = wasCalled(record, viewer) || record.caller.userId === null ? calleeAbout : callerAbout;
  return { department: about.department, cost_center: about.costCenter };
}

/** A record as the account's call history lists it. */
export function callItem(deps: ViewDeps, record: CallHistoryEntry, viewer: UserId | null) {
  const country = countryOfCall(deps, record);
  const site = siteOfCall(deps, record);
  const internal = record.direction === 'internal';
  const callee = { ...record.callee, deviceId: record.callee.deviceId ?? record.answeredBy };
  const outside = internal ? '' : countryOfNumber(record.direction === 'outbound' ? record.callee.number : record.caller.number, country).iso;
  return {
    id: record.id,
    call_id: record.sipCallId,
    direction: directionFor(record, viewer),
    international: outside !== '' && country !== '' && outside !== country,
    connect_type: internal ? 'internal' : 'external',
    call_type: record.emergency ? 'emergency' : 'general',
    ...(record.emergencyDesk === undefined ? {} : { emergency: emergencyDeskView(record.emergencyDesk) }),
    call_result: callResult(record),
    ...partyFields(deps, 'caller', record.caller, record.callerAbout, country),
    ...partyFields(deps, 'callee', callee, record.calleeAbout, country),
    start_time: apiTime(record.startedAt),
    answer_time: apiTime(record.answeredAt),
    end_time: apiTime(record.endedAt),
    duration: wholeSeconds(record.answeredAt, record.endedAt),
    hold_time: Math.round(record.holdMs / 1000),
    client_code: record.clientCode,
    ...costOfCall(record, viewer),
    site_id: site.id,
    site_name: site.name,
    group_id: '',
    sbc_id: '', sbc_name: '', sip_group_id: '', sip_group_name: '',
    spam: '',
    recording_status: 'non_recorded',
    // Ours: why a call was refused or ended, in the words of the call policy.
    result_reason: record.reason ?? '',
    end_cause: record.cause ?? '',
    sip_status: record.status ?? 0,
    dialed_number: record.dialled,
    trunk_id: record.caller.trunkId ?? record.callee.trunkId ?? '',
  };
}

/** What a person's own history says besides. */
export function ownCallItem(deps: ViewDeps, record: CallHistoryEntry, viewer: UserId) {
  return {
    ...callItem(deps, record, viewer),
    ...ownSide('caller', record.caller, record.callerAbout),
    ...ownSide('callee', record.callee, record.calleeAbout),
    event: wasCalled(record, viewer) || record.caller.userId !== viewer ? 'incoming' : 'outgoing',
    result: callResult(record),
    ...NO_OPERATOR, ...NOTHING_RECORDED, ai_call_summary_id: '',
    talk_time: wholeSeconds(record.answeredAt, record.endedAt),
    wait_time: wholeSeconds(record.startedAt, record.answeredAt ?? record.endedAt),
  };
}

function ownSide(side: 'caller' | 'callee', party: CallParty, about: PartyAbout) {
  return {
    [`${side}_employee_id`]: '',
    [`${side}_device_private_ip`]: '',
    [`${side}_device_public_ip`]: '',
    [`${side}_site_id`]: party.siteId ?? '',
    [`${side}_department`]: about.department,
    [`${side}_cost_center`]: about.costCenter,
  };
}

const NO_OPERATOR = { operator_ext_number: '', operator_ext_id: '', operator_ext_type: '', operator_name: '' } as const;
const NOTHING_RECORDED = { recording_id: '', recording_type: '', voicemail_id: '' } as const;

const LEG_RESULT: Readonly<Record<CallLeg['result'], string>> = {
  'answered': 'answered', 'cancelled': 'canceled', 'completed-elsewhere': 'answered_by_other', 'failed': 'call_failed',
  'redirected': 'forwarded',
  'no-answer': 'no_answer', 'open': 'in_progress',
};

/** Each ringing branch of a call, in the order they began; a call that rang nowhere is one element by itself. */
export function callPath(deps: ViewDeps, record: CallHistoryEntry) {
  const { sbc_id: _a, sbc_name: _b, sip_group_id: _c, sip_group_name: _d, spam: _e, recording_status: _f, ...base } = callItem(deps, record, null);
  const common = { ...base, device_private_ip: '', device_public_ip: '', ...NO_OPERATOR, ...NOTHING_RECORDED, press_key: '', node: 1, is_node: 1 };
  if (record.legs.length === 0) {
    return [{
      ...common, id: elementId(record, 0), event: 'outgoing', result: callResult(record), device_id: '', device_name: '', gateway_id: '', segment: 1,
      waiting_time: wholeSeconds(record.startedAt, record.answeredAt ?? record.endedAt),
    }];
  }
  return record.legs.map((leg, index) => ({
    ...common,
    id: elementId(record, index),
    event: leg.result === 'redirected' ? 'forward' : 'ring_to_member',
    result: LEG_RESULT[leg.result],
    hold_time: leg.result === 'answered' ? common.hold_time : 0,
    device_id: leg.deviceId ?? '',
    device_name: leg.deviceId === null ? ''
      : deps.directory.device(leg.deviceId)?.displayName ?? (leg.deviceId === record.answeredBy ? record.calleeAbout.deviceName : ''),
    trunk_id: leg.trunkId ?? common.trunk_id,
    gateway_id: leg.gatewayId ?? '',
    start_time: apiTime(leg.startedAt),
    answer_time: apiTime(leg.answeredAt),
    end_time: apiTime(leg.endedAt),
    duration: wholeSeconds(leg.answeredAt, leg.endedAt),
    waiting_time: wholeSeconds(leg.startedAt, leg.answeredAt ?? leg.endedAt),
    sip_status: leg.status,
    segment: index + 1,
  }));
}

function elementId(record: CallHistoryEntry, index: number): string {
  return `${record.id}-${index + 1}`;
}
