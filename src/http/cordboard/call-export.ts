import { z } from 'zod';
import { moneyText } from '../../domain/charges/money.js';
import type { CallHistoryEntry } from '../../domain/calls/call-history.js';
import { failed } from '../answers.js';
import { csvAnswer } from '../csv.js';
import { fromRefusal } from '../problem.js';
import { route, type Route } from '../route.js';
import { call } from '../schemas/call-fields.js';
import { apiTime, readSpan } from '../times.js';
import { HISTORY_DAYS, historyFilter, historyFilters } from '../zoom-phone/call-query.js';
import { callItem, wholeSeconds } from '../zoom-phone/call-view.js';

/** Columns of the table of legs. */
const LEG_COLUMNS = [
  'call_id', 'leg', 'kind', 'direction', 'caller_number', 'callee_number', 'device_id', 'trunk_id', 'gateway_id', 'contact', 'start_time', 'ringing_time', 'answer_time', 'end_time',
  'duration', 'sip_status', 'result', 'charge', 'currency',
] as const;

/** Each branch to a phone and each attempt at a trunk's gateway; the answered one carries what the call cost. */
function legRows(record: CallHistoryEntry) {
  const { charge } = record;
  return record.legs.map((leg, index) => ({
    call_id: record.id, leg: String(index + 1), kind: leg.deviceId === null ? 'trunk' : 'phone', direction: record.direction,
    caller_number: record.caller.number || record.caller.extensionNumber, callee_number: record.callee.e164 ?? (record.callee.number || record.callee.extensionNumber),
    device_id: leg.deviceId ?? '', trunk_id: leg.trunkId ?? '', gateway_id: leg.gatewayId ?? '', contact: leg.contactUri, start_time: apiTime(leg.startedAt),
    ringing_time: apiTime(leg.ringingAt), answer_time: apiTime(leg.answeredAt), end_time: apiTime(leg.endedAt), duration: wholeSeconds(leg.answeredAt, leg.endedAt),
    sip_status: leg.status, result: leg.result,
    charge: leg.result === 'answered' && charge !== undefined ? moneyText(charge.total) : '', currency: leg.result === 'answered' ? charge?.currency ?? '' : '',
  }));
}

export const callExportRoutes: readonly Route[] = [
  route({
    method: 'GET', path: '/v2/cordboard/call_history/legs/export', operationId: 'exportCallLegs', summary: "Export the legs of the account's calls",
    tag: 'Call history', access: 'call_history:read', subject: 'list', load: 'heavy', query: z.object(historyFilters),
    answer: { status: 200, description: 'CSV, a row for each phone that rang and each gateway that was tried; newest call first.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, sites, query }) {
      const span = readSpan(query, deps.clock.now(), HISTORY_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const filter = historyFilter(query, span, { within: sites ?? undefined });
      return csvAnswer('call-legs.csv', LEG_COLUMNS, async (page) => {
        if (filter === null) return { items: [], next: null, total: 0 };
        const found = await deps.stores.callRecords.rows(actor.accountId, filter, page);
        return { ...found, items: found.items.flatMap(legRows) };
      }, (row) => row);
    },
  }),
  route({
    method: 'GET', path: '/v2/cordboard/call_history/export', operationId: 'exportCallHistory', summary: "Export the account's calls",
    tag: 'Call history', access: 'call_history:read', subject: 'list', load: 'heavy', query: z.object(historyFilters),
    answer: { status: 200, description: 'CSV with the columns of the call history, newest first.', schema: null, contentType: 'text/csv' },
    async handle({ deps, actor, sites, query }) {
      const span = readSpan(query, deps.clock.now(), HISTORY_DAYS);
      if (span.kind === 'refused') return failed(fromRefusal(span));
      const filter = historyFilter(query, span, { within: sites ?? undefined });
      return csvAnswer('call-history.csv', Object.keys(call.shape), async (page) => (
        filter === null ? { items: [], next: null, total: 0 } : deps.stores.callRecords.rows(actor.accountId, filter, page)
      ), (record) => callItem(deps, record, null));
    },
  }),
];
