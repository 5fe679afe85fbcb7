import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { DeviceResync } from '../../domain/device/resync-machine.js';
import type { DeviceResyncStore } from '../../ports/hot-desk-stores.js';
import { instant, toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import type { DeviceResyncsTable } from './hot-desk-tables.js';

/** What a newer wish writes over an older one; a person's lives on in it until it has ended. */
export const REPLACED = sql.raw(`fence = excluded.fence, state = excluded.state, waits_for = excluded.waits_for, attempts = excluded.attempts,
  next_at = excluded.next_at, last_status = excluded.last_status, at = excluded.at,
  by_person = excluded.by_person or (r.by_person and r.next_at is not null),
  campaign_id = coalesce(excluded.campaign_id, case when r.next_at is not null then r.campaign_id end),
  restart = excluded.restart or (r.restart and r.next_at is not null)`);

export function createDeviceResyncStore(queries: Queries): DeviceResyncStore {
  return {
    get: async (deviceId) => {
      const row = await queries.selectFrom('device_resyncs').selectAll().where('device_id', '=', deviceId).executeTakeFirst();
      return row === undefined ? null : resyncOf(row);
    },
    want: async (resync) => {
      const { numAffectedRows } = await sql`
        insert into device_resyncs as r (device_id, account_id, fence, by_person, restart, campaign_id, state, waits_for, attempts, next_at, last_status, at)
        values (${resync.deviceId}, ${resync.accountId}, ${resync.fence}, ${resync.byPerson}, ${resync.restart}, ${resync.campaignId}, ${resync.state}, ${resync.waitsFor},
          ${resync.attempts}, ${toDateOrNull(resync.nextAt)}, ${resync.lastStatus}, ${toDate(resync.at)})
        on conflict on constraint device_resyncs_pk do update set ${REPLACED}
        where r.fence < excluded.fence or (r.fence = excluded.fence and excluded.by_person)`.execute(queries);
      return numAffectedRows === 1n;
    },
    step: async (before, after) => {
      const { numUpdatedRows } = await queries.updateTable('device_resyncs').set(rowOf(after))
        .where('device_id', '=', before.deviceId).where('fence', '=', before.fence).where('state', '=', before.state)
        .where('attempts', '=', before.attempts).where('at', '=', instant(before.at)).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    due: async (at, limit) => {
      const rows = await queries.selectFrom('device_resyncs').selectAll().where('next_at', '<=', instant(at))
        .orderBy('next_at').orderBy('device_id').limit(limit).execute();
      return rows.map(resyncOf);
    },
    adopt: async ({ at, since, atPhoneUntil }) => {
      const { numAffectedRows } = await sql`
        insert into device_resyncs as r (device_id, account_id, fence, by_person, state, attempts, next_at, at)
        select e.device_id, e.account_id, max(e.sequence), false, 'pending', 0, ${instant(at)}, ${instant(at)}
        from hot_desk_events e join devices d on d.id = e.device_id left join device_resyncs k on k.device_id = e.device_id
        where e.at > ${instant(since)} and e.sequence > coalesce(k.fence, 0)
          and (e.actor <> 'device:' || e.device_id or e.at <= ${instant(atPhoneUntil)})
        group by e.device_id, e.account_id
        on conflict on constraint device_resyncs_pk do update set ${REPLACED} where r.fence < excluded.fence`.execute(queries);
      return Number(numAffectedRows ?? 0n);
    },
    newestFence: async (deviceId) => {
      const row = await queries.selectFrom('hot_desk_events').select(({ fn }) => fn.max<number | null>('sequence').as('fence'))
        .where('device_id', '=', deviceId).executeTakeFirst();
      return row?.fence ?? 0;
    },
    newestStepAt: async (deviceId) => {
      const row = await queries.selectFrom('hot_desk_events').select('at').where('device_id', '=', deviceId).orderBy('sequence', 'desc').limit(1).executeTakeFirst();
      return row?.at ?? 0;
    },
  };
}

function rowOf(resync: DeviceResync): Insertable<DeviceResyncsTable> {
  return {
    device_id: resync.deviceId,
    account_id: resync.accountId,
    fence: resync.fence,
    by_person: resync.byPerson,
    restart: resync.restart,
    campaign_id: resync.campaignId,
    state: resync.state,
    waits_for: resync.waitsFor,
    attempts: resync.attempts,
    next_at: toDateOrNull(resync.nextAt),
    last_status: resync.lastStatus,
    at: toDate(resync.at),
  };
}

function resyncOf(row: Selectable<DeviceResyncsTable>): DeviceResync {
  return {
    deviceId: row.device_id,
    accountId: row.account_id,
    fence: row.fence,
    byPerson: row.by_person,
    restart: row.restart,
    campaignId: row.campaign_id,
    state: row.state,
    waitsFor: row.waits_for,
    attempts: row.attempts,
    nextAt: row.next_at,
    lastStatus: row.last_status,
    at: row.at,
  };
}
