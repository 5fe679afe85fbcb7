import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { HotDeskEvent } from '../../domain/hotdesk/session.js';
import type { HotDeskSessionStore } from '../../ports/hot-desk-stores.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import type { HotDeskEventsTable } from './hot-desk-tables.js';

/** The part of the session store that is about events. */
export function createHotDeskEventQueries(
  queries: Queries,
): Pick<HotDeskSessionStore, 'nextFence' | 'events' | 'eventsToHandOn' | 'handedOn'> {
  return {
    nextFence: async () => {
      const result = await sql<{ readonly fence: number }>`select nextval('hot_desk_fence') as fence`.execute(queries);
      const row = result.rows[0];
      if (row === undefined) throw new Error('the sequence hot_desk_fence gave no value');
      return row.fence;
    },
    events: async (accountId, filter, limit) => {
      let matching = queries.selectFrom('hot_desk_events').selectAll().where('account_id', '=', accountId);
      if (filter.sessionId !== undefined) matching = matching.where('session_id', '=', filter.sessionId);
      if (filter.deviceId !== undefined) matching = matching.where('device_id', '=', filter.deviceId);
      if (filter.after !== undefined) matching = matching.where('sequence', '>', filter.after);
      return (await matching.orderBy('sequence').limit(limit).execute()).map(eventOf);
    },
    eventsToHandOn: async (limit) => {
      const rows = await queries.selectFrom('hot_desk_events').selectAll().where('handed_on', '=', false)
        .orderBy('sequence').limit(limit).forUpdate().skipLocked().execute();
      return rows.map(eventOf);
    },
    handedOn: async (ids) => {
      if (ids.length === 0) return;
      await queries.updateTable('hot_desk_events').set({ handed_on: true }).where('id', 'in', ids).execute();
    },
  };
}

export async function insertEvent(queries: Queries, event: HotDeskEvent): Promise<void> {
  await queries.insertInto('hot_desk_events').values({
    id: event.id,
    account_id: event.accountId,
    sequence: event.sequence,
    session_id: event.sessionId,
    device_id: event.deviceId,
    user_id: event.userId,
    kind: event.kind,
    cause: event.cause,
    at: toDate(event.at),
    actor: event.actor,
  }).execute();
}

function eventOf(row: Selectable<HotDeskEventsTable>): HotDeskEvent {
  return {
    id: row.id,
    accountId: row.account_id,
    sequence: row.sequence,
    sessionId: row.session_id,
    deviceId: row.device_id,
    userId: row.user_id,
    kind: row.kind,
    cause: row.cause,
    at: row.at,
    actor: row.actor,
  };
}
