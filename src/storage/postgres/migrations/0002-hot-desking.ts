import type { Migration } from './migration.js';

const ON_WHAT_IS_THERE: readonly string[] = [
  `alter table phone_users add column hot_desk_allowed boolean not null default true`,
  `alter table devices add column locked boolean not null default false`,
  `alter table sites add column prompt_language text collate "C"`,
  // The phone of a caller is asked for by hot desking: is it in a call, and when was it used last?
  `alter table call_records add column caller_device_id text collate "C" generated always as (caller ->> 'deviceId') stored`,
  `create index call_records_caller_device_index on call_records (caller_device_id, started_at desc) where caller_device_id is not null`,
  `create index call_records_answered_by_index on call_records (answered_by, started_at desc) where answered_by is not null`,
];

/** Like call history, sessions refer to people and phones without foreign keys, since they outlive them. */
const SESSIONS: readonly string[] = [
  `create sequence hot_desk_fence as bigint`,
  `create table hot_desk_sessions (
    id text collate "C" not null,
    account_id text collate "C" not null,
    device_id text collate "C" not null,
    user_id text collate "C" not null,
    extension_id text collate "C" not null,
    state text collate "C" not null,
    fence bigint not null,
    started_at timestamptz not null,
    ends_at timestamptz,
    ends_by text collate "C",
    idle_ends_at timestamptz,
    draining_since timestamptz,
    ended_at timestamptz,
    cause text collate "C",
    via text collate "C" not null,
    started_by text collate "C" not null,
    ended_by text collate "C",
    constraint hot_desk_sessions_pk primary key (id),
    constraint hot_desk_sessions_account_fk foreign key (account_id) references accounts (id),
    constraint hot_desk_sessions_fence_unique unique (fence),
    constraint hot_desk_sessions_state_check check (state in ('active', 'draining', 'ended')),
    constraint hot_desk_sessions_via_check check (via in ('phone', 'api')),
    constraint hot_desk_sessions_ends_check check ((ends_at is null) = (ends_by is null)),
    constraint hot_desk_sessions_cause_check check ((state = 'active') = (cause is null)),
    constraint hot_desk_sessions_ended_check check ((state = 'ended') = (ended_at is not null))
  )`,
  // The database itself keeps the two rules of hot desking.
  `create unique index hot_desk_sessions_device_unique on hot_desk_sessions (device_id) where state = 'active'`,
  `create unique index hot_desk_sessions_user_unique on hot_desk_sessions (user_id) where state = 'active'`,
  `create index hot_desk_sessions_ends_index on hot_desk_sessions (ends_at) where state = 'active' and ends_at is not null`,
  `create index hot_desk_sessions_idle_index on hot_desk_sessions (idle_ends_at) where state = 'active' and idle_ends_at is not null`,
  `create index hot_desk_sessions_draining_index on hot_desk_sessions (draining_since) where state = 'draining'`,
  `create index hot_desk_sessions_live_index on hot_desk_sessions (id) where state <> 'ended'`,
  `create index hot_desk_sessions_account_index on hot_desk_sessions (account_id, started_at desc, id desc)`,
  `create index hot_desk_sessions_device_index on hot_desk_sessions (device_id, started_at desc, id desc)`,
  `create index hot_desk_sessions_user_index on hot_desk_sessions (user_id, started_at desc, id desc)`,

  `create table hot_desk_events (
    id text collate "C" not null,
    account_id text collate "C" not null,
    sequence bigint not null,
    session_id text collate "C" not null,
    device_id text collate "C" not null,
    user_id text collate "C" not null,
    kind text collate "C" not null,
    cause text collate "C",
    at timestamptz not null,
    actor text collate "C" not null,
    handed_on boolean not null default false,
    constraint hot_desk_events_pk primary key (id),
    constraint hot_desk_events_account_fk foreign key (account_id) references accounts (id),
    constraint hot_desk_events_session_fk foreign key (session_id) references hot_desk_sessions (id) deferrable initially deferred,
    constraint hot_desk_events_sequence_unique unique (sequence),
    constraint hot_desk_events_step_unique unique (session_id, kind),
    constraint hot_desk_events_kind_check check (kind in ('signed_in', 'draining', 'signed_out')),
    constraint hot_desk_events_cause_check check ((kind = 'signed_in') = (cause is null))
  )`,
  `create index hot_desk_events_account_index on hot_desk_events (account_id, sequence)`,
  `create index hot_desk_events_device_index on hot_desk_events (device_id, sequence)`,
  `create index hot_desk_events_waiting_index on hot_desk_events (sequence) where not handed_on`,
];

const PINS: readonly string[] = [
  `create table pins (
    account_id text collate "C" not null,
    holder_kind text collate "C" not null,
    holder_id text collate "C" not null,
    hash text collate "C" not null,
    set_at timestamptz not null,
    constraint pins_pk primary key (holder_id, holder_kind),
    constraint pins_account_fk foreign key (account_id) references accounts (id),
    constraint pins_holder_check check (holder_kind in ('user', 'common_area'))
  )`,
  `create table sign_in_failures (
    id text collate "C" not null,
    account_id text collate "C" not null,
    device_id text collate "C" not null,
    extension_key text collate "C" not null,
    at timestamptz not null,
    constraint sign_in_failures_pk primary key (id),
    constraint sign_in_failures_account_fk foreign key (account_id) references accounts (id)
  )`,
  `create index sign_in_failures_device_index on sign_in_failures (device_id, at)`,
  `create index sign_in_failures_extension_index on sign_in_failures (extension_key, at)`,
  `create index sign_in_failures_at_index on sign_in_failures (at)`,
  // Scope 'device' has the empty key, so that one rule serves both.
  `create table sign_in_locks (
    account_id text collate "C" not null,
    scope text collate "C" not null,
    device_id text collate "C" not null,
    extension_key text collate "C" not null,
    until timestamptz not null,
    level integer not null,
    at timestamptz not null,
    constraint sign_in_locks_pk primary key (device_id, extension_key),
    constraint sign_in_locks_account_fk foreign key (account_id) references accounts (id),
    constraint sign_in_locks_scope_check check ((scope = 'device') = (extension_key = '') and scope in ('pair', 'device'))
  )`,
  `create index sign_in_locks_account_index on sign_in_locks (account_id, until)`,
  `create index sign_in_locks_extension_index on sign_in_locks (extension_key)`,
];

export const HOT_DESKING: Migration = {
  id: '0002-hot-desking',
  statements: [...ON_WHAT_IS_THERE, ...SESSIONS, ...PINS],
};
