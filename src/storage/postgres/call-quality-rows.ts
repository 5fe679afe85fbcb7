import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { CallEvent } from '../../domain/calls/call-event.js';
import type { AccountId, CallRecordId } from '../../domain/ids.js';
import { mosOfCall } from '../../domain/quality/call-quality.js';
import { NO_FIGURES, type StreamReport } from '../../domain/quality/stream-report.js';
import type { CallLogEntry } from '../../ports/call-log.js';
import { toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import { CHUNK } from './row-chunks.js';
import type { CallQualityTable, CallStreamReportsTable } from './quality-tables.js';

type Ends = NonNullable<Extract<CallEvent, { readonly kind: 'answered' }>['ends']>;

interface Touched {
  readonly accountId: AccountId;
  ends: Ends | null;
  measured: boolean;
}

/** Keeps what events not folded before say of calls' sound: every measurement, and of each call where its ends are and its MOS. */
export async function putQuality(queries: Queries, entries: readonly CallLogEntry[]): Promise<void> {
  const touched = new Map<CallRecordId, Touched>();
  const rows: Insertable<CallStreamReportsTable>[] = [];
  for (const { streamId, event } of entries) {
    const ends = event.kind === 'answered' ? event.ends : undefined;
    if (event.kind !== 'quality' && ends === undefined) continue;
    const call = touched.get(event.callId) ?? { accountId: event.accountId, ends: null, measured: false };
    touched.set(event.callId, call);
    if (ends !== undefined) call.ends = ends;
    if (event.kind !== 'quality') continue;
    call.measured = true;
    rows.push(...event.reports.map((report, ordinal) => reportRow(report, streamId, ordinal, event)));
  }
  if (touched.size === 0) return;
  for (let start = 0; start < rows.length; start += CHUNK) {
    await queries.insertInto('call_stream_reports').values(rows.slice(start, start + CHUNK))
      .onConflict((conflict) => conflict.constraint('call_stream_reports_pk').doNothing()).execute();
  }
  const reports = await reportsOf(queries, [...touched].flatMap(([id, { measured }]) => (measured ? [id] : [])));
  await queries.insertInto('call_quality').values([...touched].map(([call_id, { accountId, ends }]) => (
    { call_id, account_id: accountId, ends: toJson(ends ?? {}), mos: mosOfCall(reports.get(call_id) ?? []) })))
    .onConflict((conflict) => conflict.constraint('call_quality_pk').doUpdateSet({
      ends: sql<string>`call_quality.ends || excluded.ends`,
      mos: sql<number | null>`coalesce(excluded.mos, call_quality.mos)`,
    } satisfies Partial<Record<keyof CallQualityTable, unknown>>)).execute();
}

/** Every measurement of each call, in the order in which they were told. */
export async function reportsOf(queries: Queries, ids: readonly CallRecordId[]): Promise<ReadonlyMap<CallRecordId, readonly StreamReport[]>> {
  const found = new Map<CallRecordId, StreamReport[]>();
  if (ids.length === 0) return found;
  const rows = await queries.selectFrom('call_stream_reports').selectAll().where(sql<boolean>`call_id = any(${[...ids]}::text[])`)
    .orderBy('call_id').orderBy('at').orderBy('stream_id').orderBy('ordinal').execute();
  for (const row of rows) {
    const reports = found.get(row.call_id);
    if (reports === undefined) found.set(row.call_id, [reportOf(row)]);
    else reports.push(reportOf(row));
  }
  return found;
}

function reportRow(report: StreamReport, streamId: string, ordinal: number, { callId, accountId }: CallEvent): Insertable<CallStreamReportsTable> {
  const { side, direction, source, span, at, ...figures } = report;
  return { stream_id: streamId, ordinal, call_id: callId, account_id: accountId, at: toDate(at), side, direction, source, span, figures: toJson(figures) };
}

function reportOf({ side, direction, source, span, at, figures }: Selectable<CallStreamReportsTable>): StreamReport {
  return { ...NO_FIGURES, ...figures, side, direction, source, span, at };
}
