import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId } from '../../domain/ids.js';
import type { CallParty, CallRecord } from '../../domain/calls/call-event.js';
import { NOBODY_KNOWN, type CallHistoryEntry, type PartyAbout } from '../../domain/calls/call-history.js';
import type { Page, PageRequest } from '../../ports/admin-stores.js';
import type { CallRecordFilter, CallRecordStore } from '../../ports/record-stores.js';
import { chargesOfCalls } from './charge-rows.js';
import { matchingCalls } from './call-record-filter.js';
import { toDate, toDateOrNull, toJson, toJsonOrNull } from './columns.js';
import type { Queries } from './database.js';
import { createDeviceUseQueries } from './device-use-queries.js';
import { searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { CallRecordsTable, StoredParty } from './record-tables.js';

export function createCallRecordStore(queries: Queries): CallRecordStore {
  return {
    get: async (accountId, id) => {
      const row = await queries.selectFrom('call_records').selectAll()
        .where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : (await withCharges(queries, [callRecordOf(row)]))[0] ?? null;
    },
    page: async (accountId, filter, page) => {
      const { total } = await matchingCalls(queries, accountId, filter)
        .select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      return pageOf(queries, accountId, filter, page, total);
    },
    rows: (accountId, filter, page) => pageOf(queries, accountId, filter, page, 0),
    changedCalls: async (accountId, userId, span, limit) => {
      // Two index scans of at most `limit` rows each, whatever the person's history holds.
      const side = (column: 'caller_user_id' | 'callee_user_id') => {
        const calls = queries.selectFrom('call_records').selectAll().where('account_id', '=', accountId).where(column, '=', userId)
          .where('ended_at', 'is not', null)
          .where(sql<boolean>`not exists (select from hidden_calls h where h.user_id = ${userId} and h.call_id = call_records.id)`);
        if (span === 'newest') return calls.orderBy('sync_order', 'desc').limit(limit);
        return 'after' in span
          ? calls.where('sync_order', '>', span.after).orderBy('sync_order').limit(limit)
          : calls.where('sync_order', '<', span.before).orderBy('sync_order', 'desc').limit(limit);
      };
      const rows = new Map([...await side('caller_user_id').execute(), ...await side('callee_user_id').execute()].map((row) => [row.id, row]));
      const ascending = span !== 'newest' && 'after' in span;
      return withCharges(queries, [...rows.values()].sort((a, b) => (ascending ? a.sync_order - b.sync_order : b.sync_order - a.sync_order))
        .slice(0, limit).map(callRecordOf));
    },
    setClientCode: async (accountId, id, clientCode) => {
      // The turn to fold, so that numbers of changes are committed in their order.
      await queries.selectFrom('call_fold_turn').select('id').forUpdate().execute();
      await queries.updateTable('call_records').set({ client_code: clientCode, sync_order: sql<number>`nextval('call_record_sync')` })
        .where('account_id', '=', accountId).where('id', '=', id).execute();
    },
    hide: async (accountId, userId, id, at) => {
      await queries.insertInto('hidden_calls').values({ account_id: accountId, user_id: userId, call_id: id, hidden_at: toDate(at) })
        .onConflict((conflict) => conflict.constraint('hidden_calls_pk').doNothing()).execute();
    },
    isHidden: async (userId, id) => {
      const row = await queries.selectFrom('hidden_calls').select('call_id').where('user_id', '=', userId).where('call_id', '=', id).executeTakeFirst();
      return row !== undefined;
    },
    ...createDeviceUseQueries(queries),
  };
}

async function pageOf(
  queries: Queries, accountId: AccountId, filter: CallRecordFilter, page: PageRequest, total: number,
): Promise<Page<CallHistoryEntry>> {
  const found = toPage(await rowsOf(queries, accountId, filter, page), page, total, (row) => row.id, callRecordOf);
  return { ...found, items: await withCharges(queries, found.items) };
}

/** One statement a page. */
async function withCharges(queries: Queries, records: readonly CallHistoryEntry[]): Promise<readonly CallHistoryEntry[]> {
  const charges = await chargesOfCalls(queries, records.filter(({ direction }) => direction !== 'internal').map(({ id }) => id));
  return records.map((record) => {
    const charge = charges.get(record.id);
    return charge === undefined ? record : { ...record, charge };
  });
}

function rowsOf(queries: Queries, accountId: AccountId, filter: CallRecordFilter, page: PageRequest): Promise<Selectable<CallRecordsTable>[]> {
  const column = filter.time === 'end' ? 'ended_at' : 'started_at';
  return matchingCalls(queries, accountId, filter).selectAll()
    // The key names a row; its time is looked up. A row gone or never there ends the paging.
    .$if(page.after !== null, (query) => query.where(sql<boolean>`(${sql.ref(column)}, id) < (
      select k.${sql.ref(column)}, k.id from call_records k where k.account_id = ${accountId} and k.id = ${page.after})`))
    .orderBy(column, 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute();
}

/** Who and where both sides are; not known for those a record does not name. */
export interface CallAbout {
  readonly caller: PartyAbout;
  readonly callee: PartyAbout;
}

export function callRecordRow(record: CallRecord, about?: CallAbout): Insertable<CallRecordsTable> {
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
    forwarded: toJsonOrNull(record.forwarded ?? null),
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
    caller_about: toJson(about?.caller ?? {}),
    callee_about: toJson(about?.callee ?? {}),
  };
}

function partyTexts(party: CallParty): readonly string[] {
  return [party.name, party.extensionNumber, party.number];
}

/** Records of before hot desking know no session. */
export function partyOf(stored: StoredParty): CallParty {
  return { hotDeskSessionId: null, ...stored };
}

export function callRecordOf(row: Selectable<CallRecordsTable>): CallHistoryEntry {
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
    ...(row.forwarded === null ? {} : { forwarded: row.forwarded }),
    startedAt: row.started_at,
    answeredAt: row.answered_at,
    endedAt: row.ended_at,
    cause: row.cause,
    reason: row.reason,
    status: row.status,
    answeredBy: row.answered_by,
    legs: row.legs,
    holdMs: row.hold_ms,
    callerAbout: { ...NOBODY_KNOWN, ...row.caller_about },
    calleeAbout: { ...NOBODY_KNOWN, ...row.callee_about },
    clientCode: row.client_code,
    syncOrder: row.sync_order,
  };
}
