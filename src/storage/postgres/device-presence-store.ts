import { sql } from 'kysely';
import type { DeviceId } from '../../domain/ids.js';
import type { DevicePresenceStore, EmergencyNoticeStore } from '../../ports/safety-stores.js';
import { instant, toDate } from './columns.js';
import type { Queries } from './database.js';

/** Rows of one statement. */
const ROWS = 2000;

export function createDevicePresenceStore(queries: Queries): DevicePresenceStore {
  return {
    all: async () => (await queries.selectFrom('device_presence').selectAll().execute()).map((row) => ({
      deviceId: row.device_id, accountId: row.account_id, online: row.online, since: row.since,
    })),
    put: async (changes) => {
      const written: DeviceId[] = [];
      for (let start = 0; start < changes.length; start += ROWS) {
        const batch = changes.slice(start, start + ROWS);
        const { rows } = await sql<{ readonly device_id: DeviceId }>`
          insert into device_presence (device_id, account_id, online, since)
          select d.id, d.account_id, v.online, v.since
          from unnest(${batch.map(({ deviceId }) => deviceId)}::text[], ${batch.map(({ online }) => online)}::boolean[],
            ${batch.map(({ since }) => new Date(since).toISOString())}::timestamptz[]) as v (id, online, since)
          join devices d on d.id = v.id
          on conflict (device_id) do update set online = excluded.online, since = excluded.since
            where device_presence.online <> excluded.online
          returning device_id`.execute(queries);
        written.push(...rows.map((row) => row.device_id));
      }
      return written;
    },
  };
}

export function createEmergencyNoticeStore(queries: Queries): EmergencyNoticeStore {
  return {
    claim: async (accountId, callId, at) => {
      const result = await queries.insertInto('emergency_notices').values({ call_id: callId, account_id: accountId, at: toDate(at) })
        .onConflict((conflict) => conflict.constraint('emergency_notices_pk').doNothing()).executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    missing: async (since, limit) => {
      const found = await queries.selectFrom('call_records').select(['id', 'account_id']).where('emergency', '=', true)
        .where('started_at', '>=', instant(since))
        .where(sql<boolean>`not exists (select from emergency_notices n where n.call_id = call_records.id)`)
        .orderBy('started_at').limit(limit).execute();
      return found.map((row) => ({ accountId: row.account_id, callId: row.id }));
    },
  };
}
