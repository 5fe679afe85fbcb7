import { sql } from 'kysely';
import type { DeviceId } from '../../domain/ids.js';
import type { DeviceUse } from '../../ports/hot-desk-stores.js';
import type { Queries } from './database.js';

/** What call records say of the use of phones. */
export function createDeviceUseQueries(queries: Queries): DeviceUse {
  return {
    inCallElsewhere: async (deviceIds, nodeId) => {
      if (deviceIds.length === 0) return new Set();
      // A feature code is nobody's number: its callee has the digits of the code alone.
      const { rows } = await sql<{ readonly caller_device_id: DeviceId | null; readonly answered_by: DeviceId | null }>`
        select caller_device_id, answered_by from call_records
        where ended_at is null and node_id <> ${nodeId} and (callee ->> 'number') !~ '^[*#]'
          and (caller_device_id = any(${deviceIds}::text[]) or answered_by = any(${deviceIds}::text[]))`.execute(queries);
      const wanted = new Set(deviceIds);
      return new Set(rows.flatMap((row) => [row.caller_device_id, row.answered_by]).filter((id) => id !== null && wanted.has(id)) as DeviceId[]);
    },
    lastActivity: async (deviceId) => {
      const last = async (column: 'caller_device_id' | 'answered_by'): Promise<number | null> => {
        const row = await queries.selectFrom('call_records').select(sql<number>`coalesce(ended_at, started_at)`.as('at'))
          .where(column, '=', deviceId).orderBy('started_at', 'desc').limit(1).executeTakeFirst();
        return row?.at ?? null;
      };
      const times = [await last('caller_device_id'), await last('answered_by')].filter((at) => at !== null);
      return times.length === 0 ? null : Math.max(...times);
    },
  };
}
