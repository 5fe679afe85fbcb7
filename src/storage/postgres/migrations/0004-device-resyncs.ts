import type { Migration } from './migration.js';

export const DEVICE_RESYNCS: Migration = {
  id: '0004-device-resyncs',
  statements: [
    `create table device_resyncs (
      device_id text collate "C" not null,
      account_id text collate "C" not null,
      fence bigint not null,
      by_person boolean not null,
      state text collate "C" not null,
      waits_for text collate "C",
      attempts integer not null,
      next_at timestamptz,
      last_status integer,
      at timestamptz not null,
      constraint device_resyncs_pk primary key (device_id),
      constraint device_resyncs_account_fk foreign key (account_id) references accounts (id),
      constraint device_resyncs_device_fk foreign key (device_id) references devices (id) on delete cascade,
      constraint device_resyncs_state_check check (state in ('pending', 'sent', 'confirmed', 'failed', 'not-needed')),
      constraint device_resyncs_waits_for_check check (waits_for is null or (state = 'pending' and waits_for in ('registration', 'call-end', 'retry'))),
      constraint device_resyncs_next_at_check check ((next_at is not null) = (state in ('pending', 'sent')))
    )`,
    `create index device_resyncs_due_index on device_resyncs (next_at) where next_at is not null`,
    // Steps that nobody announced are looked for by their time.
    `create index hot_desk_events_at_index on hot_desk_events (at)`,
  ],
};
