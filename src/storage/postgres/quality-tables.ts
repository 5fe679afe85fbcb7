import type { CallSide } from '../../domain/calls/call-side.js';
import type { AccountId, CallRecordId } from '../../domain/ids.js';
import type { MediaEnd } from '../../domain/quality/call-quality.js';
import type { StreamFigures, StreamReport } from '../../domain/quality/stream-report.js';
import type { Instant, Json } from './column-types.js';

export interface CallQualityTable {
  readonly call_id: CallRecordId;
  readonly account_id: AccountId;
  /** `{}` = never noted. */
  readonly ends: Json<Partial<Readonly<Record<CallSide, MediaEnd>>>>;
  readonly mos: number | null;
}

/** One measurement; `stream_id` is that of the event that told it, `ordinal` its place there. */
export interface CallStreamReportsTable {
  readonly stream_id: string;
  readonly ordinal: number;
  readonly call_id: CallRecordId;
  readonly account_id: AccountId;
  readonly at: Instant;
  readonly side: CallSide;
  readonly direction: StreamReport['direction'];
  readonly source: StreamReport['source'];
  readonly span: StreamReport['span'];
  readonly figures: Json<StreamFigures>;
}

export interface QualityTables {
  readonly call_quality: CallQualityTable;
  readonly call_stream_reports: CallStreamReportsTable;
}
