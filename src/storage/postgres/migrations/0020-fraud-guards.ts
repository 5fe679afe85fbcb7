import type { Migration } from './migration.js';

/** Guards on calls to the telephone network, and what they found. */
export const FRAUD_GUARDS: Migration = {
  id: '0020-fraud-guards',
  statements: [
    `create table fraud_guards (
      id text collate "C" not null,
      account_id text collate "C" not null,
      name text collate "C" not null,
      enabled boolean not null,
      metric text collate "C" not null,
      destinations jsonb not null,
      site_id text collate "C",
      extension_id text collate "C",
      warning bigint,
      critical bigint,
      currency text collate "C" not null,
      hours jsonb,
      hold_minutes integer not null,
      created_at timestamptz not null,
      constraint fraud_guards_pk primary key (id),
      constraint fraud_guards_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create unique index fraud_guards_name_unique on fraud_guards (account_id, lower(name))`,
    // Outlives guard and caller.
    `create table fraud_incidents (
      id text collate "C" not null,
      account_id text collate "C" not null,
      guard_id text collate "C" not null,
      guard_name text collate "C" not null,
      metric text collate "C" not null,
      level text collate "C" not null,
      extension_id text collate "C" not null,
      caller_name text collate "C" not null,
      number text collate "C" not null,
      value bigint not null,
      threshold bigint not null,
      at timestamptz not null,
      held_until timestamptz,
      lifted_at timestamptz,
      lifted_by text collate "C" not null,
      constraint fraud_incidents_pk primary key (id),
      constraint fraud_incidents_level_check check (level in ('warning', 'critical'))
    )`,
    `create index fraud_incidents_time_index on fraud_incidents (account_id, at desc, id desc)`,
    `create index fraud_incidents_guard_index on fraud_incidents (guard_id, extension_id, at desc)`,
  ],
};
