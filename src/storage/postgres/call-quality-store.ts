import { sql } from 'kysely';
import { NO_MEDIA_END } from '../../domain/quality/call-quality.js';
import type { CallQualityStore } from '../../ports/quality-stores.js';
import { reportsOf } from './call-quality-rows.js';
import { partyOf } from './call-record-store.js';
import { instant } from './columns.js';
import type { Queries } from './database.js';

export function createCallQualityStore(queries: Queries): CallQualityStore {
  return {
    ofCalls: async (accountId, ids) => {
      if (ids.length === 0) return new Map();
      const rows = await queries.selectFrom('call_quality').selectAll()
        .where('account_id', '=', accountId).where(sql<boolean>`call_id = any(${[...ids]}::text[])`).execute();
      return new Map(rows.map(({ call_id, ends, mos }) => [call_id, {
        ends: { caller: { ...NO_MEDIA_END, ...ends.caller }, callee: { ...NO_MEDIA_END, ...ends.callee } }, mos,
      }]));
    },
    badCalls: async (accountId, since, below, limit) => {
      const rows = await queries.selectFrom('call_records').innerJoin('call_quality', 'call_quality.call_id', 'call_records.id')
        .select(['call_records.id', 'call_records.caller', 'call_records.callee', 'call_quality.mos'])
        .where('call_records.account_id', '=', accountId).where('call_records.ended_at', '>=', instant(since)).where('call_quality.mos', '<', below)
        .orderBy('call_records.ended_at', 'desc').orderBy('call_records.id', 'desc').limit(limit).execute();
      return rows.map(({ id, caller, callee, mos }) => ({ id, caller: partyOf(caller), callee: partyOf(callee), mos: mos ?? below }));
    },
    reports: async (accountId, id) => {
      const mine = await queries.selectFrom('call_quality').select('call_id').where('account_id', '=', accountId).where('call_id', '=', id).executeTakeFirst();
      return mine === undefined ? [] : (await reportsOf(queries, [id])).get(id) ?? [];
    },
  };
}
