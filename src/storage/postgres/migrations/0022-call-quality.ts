import type { Migration } from './migration.js';

/** How calls sounded: one row a call beside its record, and every measurement. Both are folded from the call log. */
export const CALL_QUALITY: Migration = {
  id: '0022-call-quality',
  statements: [
    // No reference to call_records: a measurement may be read before the attempt it belongs to.
    `create table call_quality (
      call_id text collate "C" not null,
      account_id text collate "C" not null,
      ends jsonb not null,
      mos real,
      constraint call_quality_pk primary key (call_id),
      constraint call_quality_mos_check check (mos between 1 and 5)
    )`,
    `create table call_stream_reports (
      stream_id text collate "C" not null,
      ordinal integer not null,
      call_id text collate "C" not null,
      account_id text collate "C" not null,
      at timestamptz not null,
      side text collate "C" not null,
      direction text collate "C" not null,
      source text collate "C" not null,
      span text collate "C" not null,
      figures jsonb not null,
      constraint call_stream_reports_pk primary key (stream_id, ordinal),
      constraint call_stream_reports_side_check check (side in ('caller', 'callee')),
      constraint call_stream_reports_direction_check check (direction in ('sending', 'receiving')),
      constraint call_stream_reports_span_check check (span in ('interval', 'session'))
    )`,
    `create index call_stream_reports_call_index on call_stream_reports (call_id, at)`,
  ],
};
