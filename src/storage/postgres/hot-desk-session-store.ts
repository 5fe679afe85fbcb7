import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId } from '../../domain/ids.js';
import type { HotDeskSession } from '../../domain/hotdesk/session.js';
import type { HotDeskSessionFilter, HotDeskSessionStore } from '../../ports/hot-desk-stores.js';
import { instant, toDate, toDateOrNull } from './columns.js';
import type { Queries } from './database.js';
import { createHotDeskEventQueries, insertEvent } from './hot-desk-event-queries.js';
import type { HotDeskSessionsTable } from './hot-desk-tables.js';
import { rowsToRead, toPage } from './keyset.js';

/** Sessions read for one place or one sweep, at most: a building's worth of phones. */
const ACTIVE_LIMIT = 100_000;

export function createHotDeskSessionStore(queries: Queries): HotDeskSessionStore {
  const sessions = queries.selectFrom('hot_desk_sessions').selectAll();
  const one = async (row: Promise<Selectable<HotDeskSessionsTable> | undefined>): Promise<HotDeskSession | null> => {
    const found = await row;
    return found === undefined ? null : hotDeskSessionOf(found);
  };
  return {
    ...createHotDeskEventQueries(queries),
    get: (accountId, id) => one(sessions.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()),
    claim: (id) => one(sessions.where('id', '=', id).where('state', '<>', 'ended').forUpdate().executeTakeFirst()),
    activeOn: (deviceId) => one(sessions.where('device_id', '=', deviceId).where('state', '=', 'active').executeTakeFirst()),
    activeOf: (userId) => one(sessions.where('user_id', '=', userId).where('state', '=', 'active').executeTakeFirst()),
    active: async (accountId, of) => {
      let matching = sessions.where('account_id', '=', accountId).where('state', '=', 'active');
      if (of !== 'account' && 'siteId' in of) {
        matching = matching.where('device_id', 'in', queries.selectFrom('devices').select('id').where('site_id', '=', of.siteId));
      } else if (of !== 'account') {
        matching = matching.where(sql<boolean>`device_id = any(${of.deviceIds}::text[])`);
      }
      return (await matching.orderBy('id').limit(ACTIVE_LIMIT).execute()).map(hotDeskSessionOf);
    },
    draining: async (deviceId, limit) => {
      const waiting = sessions.where('state', '=', 'draining');
      const rows = await (deviceId === null ? waiting : waiting.where('device_id', '=', deviceId))
        .orderBy('draining_since').orderBy('id').limit(limit).execute();
      return rows.map(hotDeskSessionOf);
    },
    due: async (at, limit) => {
      const rows = await sessions.where('state', '=', 'active')
        .where(({ or, eb }) => or([eb('ends_at', '<=', instant(at)), eb('idle_ends_at', '<=', instant(at))]))
        .orderBy(sql`least(ends_at, idle_ends_at)`).orderBy('id').limit(limit).execute();
      return rows.map(hotDeskSessionOf);
    },
    insert: async (session, event) => {
      await queries.insertInto('hot_desk_sessions').values(rowOf(session)).execute();
      await insertEvent(queries, event);
    },
    step: async (session, event) => {
      const { id, ...columns } = rowOf(session);
      await queries.updateTable('hot_desk_sessions').set(columns).where('id', '=', id).execute();
      await insertEvent(queries, event);
    },
    setEnds: async (id, ends) => {
      await queries.updateTable('hot_desk_sessions').set({
        ends_at: toDateOrNull(ends.endsAt), ends_by: ends.endsBy, idle_ends_at: toDateOrNull(ends.idleEndsAt),
      }).where('id', '=', id).where('state', '=', 'active').execute();
    },
    page: async (accountId, filter, page) => {
      const matching = filtered(queries, accountId, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where(sql<boolean>`(started_at, id) < (
          select k.started_at, k.id from hot_desk_sessions k where k.account_id = ${accountId} and k.id = ${page.after})`))
        .orderBy('started_at', 'desc').orderBy('id', 'desc').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, hotDeskSessionOf);
    },
  };
}

function filtered(queries: Queries, accountId: AccountId, filter: HotDeskSessionFilter) {
  const { signedIn, siteId, deviceId, userId, at, from, to, within } = filter;
  let matching = queries.selectFrom('hot_desk_sessions').where('account_id', '=', accountId);
  if (signedIn !== undefined) matching = matching.where('state', signedIn ? '=' : '<>', 'active');
  if (deviceId !== undefined) matching = matching.where('device_id', '=', deviceId);
  if (userId !== undefined) matching = matching.where('user_id', '=', userId);
  if (within !== undefined) {
    matching = matching.where('device_id', 'in', queries.selectFrom('devices').select('id').where(sql<boolean>`site_id = any(${[...within]}::text[])`));
  }
  if (siteId !== undefined) {
    matching = matching.where('device_id', 'in', queries.selectFrom('devices').select('id').where('site_id', '=', siteId));
  }
  if (at !== undefined) {
    // From when it drains a session holds its phone no longer.
    matching = matching.where('started_at', '<=', instant(at))
      .where(sql<boolean>`coalesce(draining_since, ended_at, 'infinity') > ${instant(at)}`);
  }
  if (from !== undefined) matching = matching.where(sql<boolean>`coalesce(ended_at, 'infinity') >= ${instant(from)}`);
  if (to !== undefined) matching = matching.where('started_at', '<=', instant(to));
  return matching;
}

function rowOf(session: HotDeskSession): Insertable<HotDeskSessionsTable> {
  return {
    id: session.id,
    account_id: session.accountId,
    device_id: session.deviceId,
    user_id: session.userId,
    extension_id: session.extensionId,
    state: session.state,
    fence: session.fence,
    started_at: toDate(session.startedAt),
    ends_at: toDateOrNull(session.endsAt),
    ends_by: session.endsBy,
    idle_ends_at: toDateOrNull(session.idleEndsAt),
    draining_since: toDateOrNull(session.drainingSince),
    ended_at: toDateOrNull(session.endedAt),
    cause: session.cause,
    via: session.via,
    started_by: session.startedBy,
    ended_by: session.endedBy,
  };
}

export function hotDeskSessionOf(row: Selectable<HotDeskSessionsTable>): HotDeskSession {
  return {
    id: row.id,
    accountId: row.account_id,
    deviceId: row.device_id,
    userId: row.user_id,
    extensionId: row.extension_id,
    state: row.state,
    fence: row.fence,
    startedAt: row.started_at,
    endsAt: row.ends_at,
    endsBy: row.ends_by,
    idleEndsAt: row.idle_ends_at,
    drainingSince: row.draining_since,
    endedAt: row.ended_at,
    cause: row.cause,
    via: row.via,
    startedBy: row.started_by,
    endedBy: row.ended_by,
  };
}
