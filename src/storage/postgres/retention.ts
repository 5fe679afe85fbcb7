import { sql } from 'kysely';
import type { PostgresDatabase } from './database.js';
import { instant } from './columns.js';

export interface Retention {
  /**
   * Deletes sent events and folded call events older than the instants given (epoch ms), a thousand rows a statement. A node
   * that was away for longer than the outbox reaches back loads its directory anew. Call records and the audit log stay.
   */
  purge(before: { readonly outbox: number; readonly callEvents: number }): Promise<{ readonly outbox: number; readonly callEvents: number }>;
  /** Deletes tokens taken back, people's sessions and codes that have ended by `now`, and answers kept for repeated requests from before `answers` (epoch ms). */
  purgeAccess(before: { readonly now: number; readonly answers: number }): Promise<void>;
  /**
   * Deletes deliveries of webhooks that ended, one way or the other, and were made before `deliveries`, and the steps of sessions that
   * ended before `events` (epoch ms) and were handed on. Sessions stay, like call records.
   */
  purgeHotDesking(before: { readonly deliveries: number; readonly events: number }): Promise<{ readonly deliveries: number; readonly events: number }>;
}

const ROWS = 1000;

export function createRetention(db: PostgresDatabase): Retention {
  return {
    purge: async (before) => ({
      outbox: await inSteps(async () => (await sql`
        delete from outbox where id in (select id from outbox where sent_at < ${instant(before.outbox)} limit ${ROWS})
      `.execute(db.queries)).numAffectedRows),
      callEvents: await inSteps(async () => (await sql`
        delete from call_events where stream_id in (
          select e.stream_id from call_events e join call_records r on r.id = e.call_id
          where e.at < ${instant(before.callEvents)} and r.ended_at is not null limit ${ROWS})
      `.execute(db.queries)).numAffectedRows),
    }),
    purgeAccess: async (before) => {
      await sql`delete from revoked_tokens where expires_at < ${instant(before.now)}`.execute(db.queries);
      await sql`delete from user_sessions where expires_at < ${instant(before.now)}`.execute(db.queries);
      // A day longer than they count, since requests are counted by them.
      await sql`delete from sign_in_codes where expires_at < ${instant(before.now - 86_400_000)}`.execute(db.queries);
      await inSteps(async () => (await sql`
        delete from idempotent_requests where (client_id, key) in (
          select client_id, key from idempotent_requests where made_at < ${instant(before.answers)} limit ${ROWS})
      `.execute(db.queries)).numAffectedRows);
    },
    purgeHotDesking: async (before) => ({
      deliveries: await inSteps(async () => (await sql`
        delete from webhook_deliveries where id in (
          select id from webhook_deliveries where state <> 'pending' and created_at < ${instant(before.deliveries)} limit ${ROWS})
      `.execute(db.queries)).numAffectedRows),
      events: await inSteps(async () => (await sql`
        delete from hot_desk_events where id in (
          select e.id from hot_desk_events e join hot_desk_sessions h on h.id = e.session_id
          where e.handed_on and h.ended_at < ${instant(before.events)} limit ${ROWS})
      `.execute(db.queries)).numAffectedRows),
    }),
  };
}

async function inSteps(step: () => Promise<bigint | undefined>): Promise<number> {
  let gone = 0;
  for (;;) {
    const rows = Number((await step()) ?? 0n);
    gone += rows;
    if (rows < ROWS) return gone;
  }
}
