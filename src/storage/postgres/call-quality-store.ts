import { sql } from 'kysely';
import { NO_MEDIA_END } from '../../domain/quality/call-quality.js';
import type { CallQualityStore } from '../../ports/quality-stores.js';
import { reportsOf } from './call-quality-rows.js';
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
    reports: async (accountId, id) => {
      const mine = await queries.selectFrom('call_quality').select('call_id').where('account_id', '=', accountId).where('call_id', '=', id).executeTakeFirst();
      return mine === undefined ? [] : (await reportsOf(queries, [id])).get(id) ?? [];
    },
  };
}
