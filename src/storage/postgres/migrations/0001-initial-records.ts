/**
 * What grows: calls, changes, announcements. Call history refers to people and phones by id without foreign keys, since it
 * outlives them, and since a call event must never be refused.
 */
export const CALLS_AND_EVENTS: readonly string[] = [
  `create table call_records (
    id text collate "C" not null,
    account_id text collate "C" not null,
    node_id text collate "C" not null,
    sip_call_id text collate "C" not null,
    direction text collate "C" not null,
    dialled text collate "C" not null,
    caller jsonb not null,
    callee jsonb not null,
    caller_user_id text collate "C",
    callee_user_id text collate "C",
    caller_site_id text collate "C",
    callee_site_id text collate "C",
    emergency boolean not null,
    started_at timestamptz not null,
    answered_at timestamptz,
    ended_at timestamptz,
    cause text collate "C",
    reason text collate "C",
    status integer,
    answered_by text collate "C",
    legs jsonb not null,
    hold_ms bigint not null,
    search text collate "C" not null,
    constraint call_records_pk primary key (id)
  )`,
  `create index call_records_time_index on call_records (account_id, started_at desc, id desc)`,
  `create index call_records_caller_index on call_records (caller_user_id, started_at desc)`,
  `create index call_records_callee_index on call_records (callee_user_id, started_at desc)`,
  `create index call_records_open_index on call_records (id) where ended_at is null`,

  `create table call_events (
    stream_id text collate "C" not null,
    call_id text collate "C" not null,
    account_id text collate "C" not null,
    kind text collate "C" not null,
    at timestamptz not null,
    event jsonb not null,
    constraint call_events_pk primary key (stream_id)
  )`,
  `create index call_events_call_index on call_events (call_id)`,
  `create index call_events_at_index on call_events (at)`,

  // One row, locked by whoever folds: two nodes that each hold events of one new call must not both miss the other's.
  `create table call_fold_turn (
    id integer not null,
    constraint call_fold_turn_pk primary key (id),
    constraint call_fold_turn_check check (id = 1)
  )`,
  `insert into call_fold_turn (id) values (1)`,

  `create table audit_log (
    id text collate "C" not null,
    account_id text collate "C" not null,
    at timestamptz not null,
    actor text collate "C" not null,
    address text collate "C" not null,
    request_id text collate "C" not null,
    aggregate text collate "C" not null,
    aggregate_id text collate "C" not null,
    action text collate "C" not null,
    before jsonb,
    after jsonb,
    constraint audit_log_pk primary key (id),
    constraint audit_log_account_fk foreign key (account_id) references accounts (id)
  )`,
  `create index audit_log_time_index on audit_log (account_id, at desc, id desc)`,

  `create table outbox (
    id text collate "C" not null,
    account_id text collate "C" not null,
    aggregate text collate "C" not null,
    aggregate_id text collate "C" not null,
    change text collate "C" not null,
    version bigint not null,
    at timestamptz not null,
    claimed_until timestamptz not null,
    sent_at timestamptz,
    constraint outbox_pk primary key (id),
    constraint outbox_account_fk foreign key (account_id) references accounts (id),
    constraint outbox_version_unique unique (account_id, version),
    constraint outbox_change_check check (change in ('created', 'updated', 'deleted'))
  )`,
  `create index outbox_unsent_index on outbox (account_id, version) where sent_at is null`,
];
