import { z } from 'zod';
import { moneyText } from '../../domain/charges/money.js';
import type { CallParty } from '../../domain/calls/call-event.js';
import { callResult, type CallHistoryEntry, type CallResult } from '../../domain/calls/call-history.js';
import { countryOfNumber } from '../../domain/calls/number-country.js';
import type { UserId } from '../../domain/ids.js';
import type { HttpDeps } from '../http-deps.js';
import { apiTime } from '../times.js';
import { costOfCall, countryOfCall, directionFor, siteOfCall, wasCalled, wholeSeconds } from './call-view.js';

type ViewDeps = Pick<HttpDeps, 'directory'>;

const text = z.string();

function party(side: 'caller' | 'callee') {
  return {
    [`${side}_country_code`]: text, [`${side}_country_iso_code`]: text, [`${side}_did_number`]: text, [`${side}_name`]: text,
    [`${side}_number`]: text.describe('Extension or number.'), [`${side}_number_type`]: z.int().describe('1 extension, 2 number.'),
    [`${side}_number_source`]: text,
  };
}

const shared = {
  id: text, call_id: text, call_type: text, direction: text, ...party('caller'), ...party('callee'), caller_billing_reference_id: text,
  date_time: text, duration: z.int(), path: text, result: text, department: text, cost_center: text,
};
const site = z.object({ id: text, name: text });
const money = { charge: text, rate: text, client_code: text, hold_time: z.int(), waiting_time: z.int(), recording_type: text };
const times = { answer_start_time: text, call_end_time: text, site, user_id: text };

export const accountLog = z.object({
  ...shared, ...money, ...times, recording_id: text, device_private_ip: text, device_public_ip: text,
  owner: z.object({ extension_number: z.int(), id: text, name: text, type: text }),
});

const hop = z.object({ extension_number: text, location: text, name: text, number_type: z.int(), phone_number: text });
export const ownLog = z.object({
  ...shared, ...money, ...times, has_recording: z.boolean(), has_voicemail: z.boolean(), caller_user_id: text, callee_user_id: text,
  accepted_by: hop.optional().describe('Who answered.'), outgoing_by: hop.optional().describe('Who called.'),
});

export const logDetail = z.object({
  ...shared, has_recording: z.boolean(), has_voicemail: z.boolean(), device_private_ip: text, device_public_ip: text,
  caller_status: text.describe('active, inactive, or deleted for a user who is gone; "" for numbers.'), caller_deleted_time: text,
  callee_status: text, callee_deleted_time: text,
  log_details: z.array(z.object({
    id: text, date_time: text, duration: z.int(), hold_time: z.int(), path: text, result: text, device_private_ip: text, device_public_ip: text, site,
  })),
});

/** Results as the older shape words them. */
const RESULT: Readonly<Record<CallResult, string>> = {
  answered: 'Call connected', no_answer: 'No Answer', busy: 'Busy', rejected: 'Rejected', canceled: 'Call Cancel', call_failed: 'Call failed',
  in_progress: 'In progress',
};

function sideFields(side: 'caller' | 'callee', one: CallParty, country: string) {
  const isExtension = one.extensionNumber !== '';
  const number = isExtension ? { iso: '', callingCode: '' } : countryOfNumber(one.number, country);
  return {
    [`${side}_country_code`]: number.callingCode,
    [`${side}_country_iso_code`]: number.iso,
    [`${side}_did_number`]: isExtension ? '' : one.number,
    [`${side}_name`]: one.name,
    [`${side}_number`]: isExtension ? one.extensionNumber : one.number,
    [`${side}_number_type`]: isExtension ? 1 : 2,
    [`${side}_number_source`]: isExtension ? 'internal' : 'external',
  };
}

/** How the call went on its way: to an extension, to a common area's phone, or out to the network. */
export function pathOf(record: CallHistoryEntry): 'extension' | 'commonAreaPhone' | 'pstn' {
  if (record.direction === 'outbound') return 'pstn';
  return record.callee.extensionNumber !== '' && record.callee.userId === null ? 'commonAreaPhone' : 'extension';
}

function sharedFields(deps: ViewDeps, record: CallHistoryEntry, viewer: UserId | null) {
  const country = countryOfCall(deps, record);
  return {
    id: record.id,
    call_id: record.sipCallId,
    call_type: record.direction === 'internal' ? 'voip' : 'pstn',
    direction: directionFor(record, viewer),
    ...sideFields('caller', record.caller, country),
    ...sideFields('callee', record.callee, country),
    caller_billing_reference_id: '',
    date_time: apiTime(record.startedAt),
    duration: wholeSeconds(record.answeredAt, record.endedAt),
    path: pathOf(record),
    result: RESULT[callResult(record)],
    ...costOfCall(record, viewer),
  };
}

/** Amount and currency; '' for calls that cost nothing. */
function moneyFields({ charge }: CallHistoryEntry) {
  if (charge === undefined || charge.total === 0) return { charge: '', rate: '' };
  return { charge: `${moneyText(charge.total)} ${charge.currency}`, rate: `${moneyText(charge.perMinute)} ${charge.currency}` };
}

function moreFields(deps: ViewDeps, record: CallHistoryEntry) {
  return {
    answer_start_time: apiTime(record.answeredAt),
    call_end_time: apiTime(record.endedAt),
    ...moneyFields(record), recording_type: '',
    client_code: record.clientCode,
    hold_time: Math.round(record.holdMs / 1000),
    waiting_time: wholeSeconds(record.startedAt, record.answeredAt ?? record.endedAt),
    site: siteOfCall(deps, record),
  };
}

/** A record as the account's call logs list it; it belongs to whoever called, else to whom it reached. */
export function accountLogView(deps: ViewDeps, record: CallHistoryEntry) {
  const owner = record.caller.extensionNumber !== '' ? record.caller : record.callee;
  return {
    ...sharedFields(deps, record, null), ...moreFields(deps, record),
    user_id: owner.userId ?? '', recording_id: '', device_private_ip: '', device_public_ip: '',
    owner: {
      extension_number: Number(owner.extensionNumber), id: owner.userId ?? owner.extensionId ?? '', name: owner.name,
      type: owner.extensionNumber === '' ? '' : owner.userId === null ? 'commonArea' : 'user',
    },
  };
}

export function ownLogView(deps: ViewDeps, record: CallHistoryEntry, viewer: UserId) {
  return {
    ...sharedFields(deps, record, viewer), ...moreFields(deps, record),
    user_id: viewer, has_recording: false, has_voicemail: false, caller_user_id: record.caller.userId ?? '', callee_user_id: record.callee.userId ?? '',
    ...(record.answeredAt === null ? {} : { accepted_by: hopOf(record.callee) }),
    ...(wasCalled(record, viewer) ? {} : { outgoing_by: hopOf(record.caller) }),
  };
}

function hopOf(one: CallParty) {
  const isExtension = one.extensionNumber !== '';
  return { extension_number: one.extensionNumber, location: '', name: one.name, number_type: isExtension ? 1 : 2, phone_number: isExtension ? '' : one.number };
}

export function logDetailView(deps: ViewDeps, record: CallHistoryEntry) {
  const site = siteOfCall(deps, record);
  const statusOf = (id: UserId | null): string => (id === null ? '' : deps.directory.user(id)?.status ?? 'deleted');
  return {
    ...sharedFields(deps, record, null), has_recording: false, has_voicemail: false, device_private_ip: '', device_public_ip: '',
    caller_status: statusOf(record.caller.userId), caller_deleted_time: '', callee_status: statusOf(record.callee.userId), callee_deleted_time: '',
    log_details: record.legs.map((leg, index) => ({
      id: `${record.id}-${index + 1}`, date_time: apiTime(leg.startedAt), duration: wholeSeconds(leg.answeredAt, leg.endedAt),
      hold_time: leg.result === 'answered' ? Math.round(record.holdMs / 1000) : 0, path: pathOf(record),
      result: leg.result === 'answered' ? RESULT.answered : leg.result === 'no-answer' ? RESULT.no_answer
        : leg.result === 'cancelled' || leg.result === 'completed-elsewhere' ? RESULT.canceled : leg.result === 'open' ? RESULT.in_progress : RESULT.call_failed,
      device_private_ip: '', device_public_ip: '', site,
    })),
  };
}
