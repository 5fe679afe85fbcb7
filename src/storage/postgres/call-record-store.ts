import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId } from '../../domain/ids.js';
import type { CallParty, CallRecord } from '../../domain/calls/call-event.js';
import type { CallRecordFilter, CallRecordStore } from '../../ports/admin-stores.js';
import { instant, toDate, toDateOrNull, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { createDeviceUseQueries } from './device-use-queries.js';
import { containsPattern, searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { CallRecordsTable, StoredParty } from './record-tables.js';

export function createCallRecordStore(queries: Queries): CallRecordStore {
  return {
    get: async (accountId, id) => {
      const row = await queries.selectFrom('call_records').selectAll()
        .where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : callRecordOf(row);
    },
    page: async (accountId, filter, page) => {
      const matching = filtered(queries, accountId, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        // The key names a row; its start is looked up. A row gone or never there ends the paging.
        .$if(page.after !== null, (query) => query.where(sql<boolean>`(started_at, id) < (
          select k.started_at, k.id from call_records k where k.account_id = ${accountId} and k.id = ${page.after})`))
        .orderBy('started_at', 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, callRecordOf);
    },
    ...createDeviceUseQueries(queries),
  };
}

/** Calls that started between `from` and `to`, both included. */
function filtered(queries: Queries, accountId: AccountId, filter: CallRecordFilter) {
  const { from, to, userId, siteId, direction, keyword } = filter;
  let matching = queries.selectFrom('call_records').where('account_id', '=', accountId)
    .where('started_at', '>=', instant(from)).where('started_at', '<=', instant(to));
  if (direction !== undefined) matching = matching.where('direction', '=', direction);
  if (userId !== undefined) {
    matching = matching.where((eb) => eb.or([eb('caller_user_id', '=', userId), eb('callee_user_id', '=', userId)]));
  }
  if (siteId !== undefined) {
    matching = matching.where((eb) => eb.or([eb('caller_site_id', '=', siteId), eb('callee_site_id', '=', siteId)]));
  }
  if (keyword !== undefined && keyword !== '') matching = matching.where('search', 'like', containsPattern(keyword));
  return matching;
}

export function callRecordRow(record: CallRecord): Insertable<CallRecordsTable> {
  return {
    id: record.id,
    account_id: record.accountId,
    node_id: record.nodeId,
    sip_call_id: record.sipCallId,
    direction: record.direction,
    dialled: record.dialled,
    caller: toJson(record.caller),
    callee: toJson(record.callee),
    caller_user_id: record.caller.userId,
    callee_user_id: record.callee.userId,
    caller_site_id: record.caller.siteId,
    callee_site_id: record.callee.siteId,
    emergency: record.emergency,
    emergency_desk: toJsonOrNull(record.emergencyDesk ?? null),
    started_at: toDate(record.startedAt),
    answered_at: toDateOrNull(record.answeredAt),
    ended_at: toDateOrNull(record.endedAt),
    cause: record.cause,
    reason: record.reason,
    status: record.status,
    answered_by: record.answeredBy,
    legs: toJson(record.legs),
    hold_ms: record.holdMs,
    search: searchText(record.dialled, ...partyTexts(record.caller), ...partyTexts(record.callee)),
  };
}

function partyTexts(party: CallParty): readonly string[] {
  return [party.name, party.extensionNumber, party.number];
}

/** Records of before hot desking know no session. */
function partyOf(stored: StoredParty): CallParty {
  return { hotDeskSessionId: null, ...stored };
}

export function callRecordOf(row: Selectable<CallRecordsTable>): CallRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    nodeId: row.node_id,
    sipCallId: row.sip_call_id,
    direction: row.direction,
    dialled: row.dialled,
    caller: partyOf(row.caller),
    callee: partyOf(row.callee),
    emergency: row.emergency,
    ...(row.emergency_desk === null ? {} : { emergencyDesk: row.emergency_desk }),
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    cause: row.cause,
    reason: row.reason,
    status: row.status,
    answeredBy: row.answered_by,
    legs: row.legs,
    holdMs: row.hold_ms,
  };
}
