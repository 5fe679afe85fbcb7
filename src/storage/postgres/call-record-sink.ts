import { sql } from 'kysely';
import type { CallEvent, CallRecord } from '../../domain/calls/call-event.js';
import { foldCallRecord } from '../../domain/calls/fold-call-record.js';
import type { CallRecordId } from '../../domain/ids.js';
import type { CallLogEntry, CallRecordSink } from '../../ports/call-log.js';
import { aboutCalls } from './call-about.js';
import { putCharges } from './charge-rows.js';
import { chargesOf } from './charging.js';
import { putQuality } from './call-quality-rows.js';
import { callRecordOf, callRecordRow } from './call-record-store.js';
import { instant, toDate, toJson } from './columns.js';
import type { PostgresDatabase, Queries } from './database.js';
import { SqlError } from './postgres-errors.js';
import { compareStreamIds } from './stream-id.js';
import type { CallRecordsTable } from './record-tables.js';

/** Events a transaction takes; a statement holds at most 65,535 parameters. */
const BATCH = 1000;

/** Folds call events into call records: one transaction a batch, each event once, whichever node reads it. */
export function createCallRecordSink(db: PostgresDatabase): CallRecordSink {
  return {
    fold: async (entries) => {
      for (let start = 0; start < entries.length; start += BATCH) {
        const batch = entries.slice(start, start + BATCH);
        try {
          await foldBatch(db, batch);
        } catch (error) {
          if (!isRefusedValue(error)) throw error;
          await foldOneByOne(db, batch);
        }
      }
    },
    closeLost: async (liveNodes, at) => {
      return db.queries.transaction().execute(async (queries) => {
        await queries.selectFrom('call_fold_turn').select('id').forUpdate().execute();
        const result = await queries.updateTable('call_records')
          .set({ ended_at: sql<Date>`greatest(started_at, ${instant(at)})`, cause: 'lost', sync_order: sql<number>`nextval('call_record_sync')` })
          .where('ended_at', 'is', null).where(sql<boolean>`node_id <> all(${[...liveNodes]}::text[])`)
          .executeTakeFirst();
        return Number(result.numUpdatedRows);
      });
    },
  };
}

/** One event that cannot be stored must not hold up all the others for ever: it is logged and left out. */
async function foldOneByOne(db: PostgresDatabase, entries: readonly CallLogEntry[]): Promise<void> {
  for (const entry of entries) {
    try {
      await foldBatch(db, [entry]);
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      db.log.error('call-event-refused', { streamId: entry.streamId, reason: error instanceof Error ? error.message : 'unknown' });
    }
  }
}

/** Whether the event itself is at fault (SQLSTATE class 22 or 23, or not of an event's shape), and not the database. */
function isRefusedValue(error: unknown): boolean {
  if (error instanceof SqlError) return error.code.startsWith('22') || error.code.startsWith('23');
  return error instanceof TypeError || error instanceof RangeError;
}

async function foldBatch(db: PostgresDatabase, entries: readonly CallLogEntry[]): Promise<void> {
  await db.queries.transaction().execute(async (queries) => {
    await queries.selectFrom('call_fold_turn').select('id').forUpdate().execute();
    const fresh = await insertEvents(queries, entries);
    if (fresh.length === 0) return;
    const freshOf = byCall(fresh);
    const ids = [...freshOf.keys()].sort();
    const records = await recordsOf(queries, ids);
    const earlier = await eventsOf(queries, ids.filter((id) => !records.has(id)));
    const changed = ids.flatMap((id) => {
      const before = records.get(id) ?? null;
      // Without a record yet, every stored event counts: an answer may have come before its attempt.
      const events = before === null ? earlier.get(id) ?? [] : freshOf.get(id) ?? [];
      const after = [...events].sort((a, b) => compareStreamIds(a.streamId, b.streamId))
        .reduce<CallRecord | null>((record, entry) => foldCallRecord(record, entry.event), before);
      return after === null || after === before ? [] : [after];
    });
    await upsertRecords(queries, changed);
    await putQuality(queries, fresh);
    await putCharges(queries, await chargesOf(queries, inOrderOfEnd(changed), Date.now()));
  });
}

/** Calls that are over, in the order in which they use up what plans include. */
function inOrderOfEnd(records: readonly CallRecord[]): readonly CallRecord[] {
  return records.filter(({ endedAt }) => endedAt !== null).sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
}

/** Stores the events not seen before, and returns those. */
async function insertEvents(queries: Queries, entries: readonly CallLogEntry[]): Promise<readonly CallLogEntry[]> {
  const inserted = await queries.insertInto('call_events').values(entries.map(({ streamId, event }) => ({
    stream_id: streamId,
    call_id: event.callId,
    account_id: event.accountId,
    kind: event.kind,
    at: toDate(event.at),
    event: toJson(event),
  }))).onConflict((conflict) => conflict.constraint('call_events_pk').doNothing()).returning('stream_id').execute();
  const fresh = new Set(inserted.map((row) => row.stream_id));
  // A stream id given twice in one batch is stored once, and counts once.
  return entries.filter((entry) => fresh.delete(entry.streamId));
}

async function recordsOf(queries: Queries, ids: readonly CallRecordId[]): Promise<ReadonlyMap<CallRecordId, CallRecord>> {
  const rows = await queries.selectFrom('call_records').selectAll().where('id', 'in', ids).orderBy('id').forUpdate().execute();
  return new Map(rows.map((row) => [row.id, callRecordOf(row)]));
}

async function eventsOf(
  queries: Queries, ids: readonly CallRecordId[],
): Promise<ReadonlyMap<CallRecordId, readonly CallLogEntry[]>> {
  if (ids.length === 0) return new Map();
  const rows = await queries.selectFrom('call_events').select(['stream_id', 'call_id', 'event']).where('call_id', 'in', ids).execute();
  return byCall(rows.map((row) => ({ streamId: row.stream_id, event: row.event as CallEvent })));
}

function byCall(entries: readonly CallLogEntry[]): ReadonlyMap<CallRecordId, readonly CallLogEntry[]> {
  const groups = new Map<CallRecordId, CallLogEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.event.callId);
    if (group === undefined) groups.set(entry.event.callId, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** Columns that later events change; the others are fixed by the first. */
const FOLDED = [
  'callee', 'answered_at', 'ended_at', 'cause', 'reason', 'status', 'answered_by', 'legs', 'hold_ms',
] as const satisfies readonly (keyof CallRecordsTable)[];

async function upsertRecords(queries: Queries, records: readonly CallRecord[]): Promise<void> {
  if (records.length === 0) return;
  const about = await aboutCalls(queries, records);
  await queries.insertInto('call_records').values(records.map((record) => callRecordRow(record, about.get(record.id))))
    .onConflict((conflict) => conflict.constraint('call_records_pk').doUpdateSet((eb) => ({
      ...Object.fromEntries(FOLDED.map((column) => [column, eb.ref(`excluded.${column}`)])),
      sync_order: sql<number>`nextval('call_record_sync')`,
      // What was known when the call began stays; a phone that answered is known only now.
      callee_about: sql<string>`excluded.callee_about || (
        select coalesce(jsonb_object_agg(k.key, k.value), '{}') from jsonb_each(call_records.callee_about) k where k.value <> '""')`,
    }))).execute();
}
