import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, EventId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import type { OutboxTable } from './record-tables.js';

/**
 * Raises the account's config_version by one and writes the event with it, in one statement. The account's row stays locked
 * until the transaction ends, so versions follow the order of commits.
 */
export async function announce(
  queries: Queries, event: Omit<ConfigEvent, 'version'>, claimMs: number,
): Promise<ConfigEvent> {
  const result = await sql<{ readonly version: number }>`
    with raised as (
      update accounts set config_version = config_version + 1 where id = ${event.accountId} returning config_version
    )
    insert into outbox (id, account_id, aggregate, aggregate_id, change, version, at, claimed_until)
    select ${event.id}, ${event.accountId}, ${event.aggregate}, ${event.aggregateId}, ${event.change}, config_version,
      ${toDate(event.at)}::timestamptz, clock_timestamp() + ${claimMs}::integer * interval '1 millisecond'
    from raised
    returning version`.execute(queries);
  const row = result.rows[0];
  if (row === undefined) throw new Error(`event ${event.id} names an account that is not there`);
  return { ...event, version: row.version };
}

/** The same for many events of one account, in their order, with one statement. */
export async function announceAll(
  queries: Queries, accountId: AccountId, events: readonly Omit<ConfigEvent, 'version'>[], claimMs: number,
): Promise<readonly ConfigEvent[]> {
  const result = await sql<{ readonly version: number }>`
    with raised as (
      update accounts set config_version = config_version + ${events.length}::integer where id = ${accountId} returning config_version
    )
    insert into outbox (id, account_id, aggregate, aggregate_id, change, version, at, claimed_until)
    select e.id, ${accountId}, e.aggregate, e.aggregate_id, e.change, raised.config_version - ${events.length}::integer + e.place,
      to_timestamp(e.at / 1000.0), clock_timestamp() + ${claimMs}::integer * interval '1 millisecond'
    from raised, rows from (jsonb_to_recordset(${JSON.stringify(events.map(({ id, aggregate, aggregateId, change, at }) => ({ id, aggregate, aggregate_id: aggregateId, change, at })))}::jsonb)
      as (id text, aggregate text, aggregate_id text, change text, at bigint)) with ordinality as e(id, aggregate, aggregate_id, change, at, place)
    order by e.place
    returning version`.execute(queries);
  if (result.rows.length !== events.length) throw new Error(`events name the account ${accountId}, which is not there`);
  const versions = result.rows.map(({ version }) => version).sort((a, b) => a - b);
  return events.map((event, place) => ({ ...event, version: versions[place] ?? 0 }));
}

/**
 * Takes unsent events that nobody is delivering, oldest first, for `claimMs`. An account of which another process delivers
 * earlier events is left alone, for the order's sake.
 */
export async function claimUnsent(queries: Queries, limit: number, claimMs: number): Promise<readonly ConfigEvent[]> {
  const result = await sql<Selectable<OutboxTable>>`
    update outbox set claimed_until = clock_timestamp() + ${claimMs}::integer * interval '1 millisecond'
    where id in (
      select o.id from outbox o
      where o.sent_at is null and o.claimed_until <= clock_timestamp() and not exists (
        select from outbox earlier where earlier.account_id = o.account_id and earlier.version < o.version
          and earlier.sent_at is null and earlier.claimed_until > clock_timestamp())
      order by o.account_id, o.version limit ${limit} for update skip locked)
    returning *`.execute(queries);
  return result.rows.map(eventOf).sort((a, b) => a.version - b.version);
}

export async function markSent(queries: Queries, ids: readonly EventId[]): Promise<void> {
  await queries.updateTable('outbox').set({ sent_at: sql`clock_timestamp()` })
    .where('id', 'in', ids).where('sent_at', 'is', null).execute();
}

/** The account's events after `version`, in order; fewer than the versions between where old ones were purged. */
export async function eventsAfter(
  queries: Queries, accountId: AccountId, version: number, limit: number,
): Promise<readonly ConfigEvent[]> {
  const rows = await queries.selectFrom('outbox').selectAll().where('account_id', '=', accountId).where('version', '>', version)
    .orderBy('version').limit(limit).execute();
  return rows.map(eventOf);
}

function eventOf(row: Selectable<OutboxTable>): ConfigEvent {
  return {
    id: row.id,
    accountId: row.account_id,
    aggregate: row.aggregate,
    aggregateId: row.aggregate_id,
    change: row.change,
    version: row.version,
    at: row.at,
  };
}
