import type { Migration } from './migration.js';

/** What calls cost: prices, what plans include, and what each call came to. Money is micro-units of a currency. */
export const CHARGES: Migration = {
  id: '0020-charges',
  statements: [
    // rate_set names the rows of rates that hold: an import writes new ones and then changes this one word.
    `create table rate_decks (
      id text collate "C" not null,
      account_id text collate "C" not null,
      name text collate "C" not null,
      direction text collate "C" not null,
      trunk_id text collate "C",
      rate_set text collate "C" not null,
      created_at timestamptz not null,
      constraint rate_decks_pk primary key (id),
      constraint rate_decks_account_fk foreign key (account_id) references accounts (id),
      constraint rate_decks_direction_check check (direction in ('outbound', 'inbound'))
    )`,
    `create unique index rate_decks_name_unique on rate_decks (account_id, lower(name))`,
    `create unique index rate_decks_place_unique on rate_decks (account_id, direction, coalesce(trunk_id, ''))`,
    `create table rates (
      account_id text collate "C" not null,
      rate_set text collate "C" not null,
      prefix text collate "C" not null,
      effective_from timestamptz not null,
      destination text collate "C" not null,
      currency text collate "C" not null,
      per_minute bigint not null,
      connect_fee bigint not null,
      first_seconds integer not null,
      next_seconds integer not null,
      included_by jsonb not null,
      written_at timestamptz not null,
      constraint rates_pk primary key (rate_set, prefix, effective_from)
    )`,
    `create table plan_allowances (
      account_id text collate "C" not null,
      plan_code integer not null,
      minutes integer,
      constraint plan_allowances_pk primary key (account_id, plan_code),
      constraint plan_allowances_account_fk foreign key (account_id) references accounts (id)
    )`,

    // Beside the record, and written with its end.
    `create table call_charges (
      call_id text collate "C" not null,
      account_id text collate "C" not null,
      direction text collate "C" not null,
      trunk_id text collate "C",
      extension_id text collate "C",
      user_id text collate "C",
      site_id text collate "C",
      number text collate "C" not null,
      country text collate "C",
      home text collate "C" not null,
      plans jsonb not null,
      billing_number text collate "C" not null,
      forward_billing_number text collate "C" not null,
      started_at timestamptz not null,
      ended_at timestamptz not null,
      duration_ms bigint not null,
      deck_id text collate "C",
      mode text collate "C" not null,
      prefix text collate "C",
      destination text collate "C" not null,
      currency text collate "C" not null,
      per_minute bigint not null,
      connect_fee bigint not null,
      billed_seconds integer not null,
      included_seconds integer not null,
      included_plan integer,
      total bigint not null,
      rated_at timestamptz not null,
      constraint call_charges_pk primary key (call_id),
      constraint call_charges_call_fk foreign key (call_id) references call_records (id) on delete cascade,
      constraint call_charges_mode_check check (mode in ('per-minute', 'included', 'unrated')),
      constraint call_charges_total_check check (total >= 0)
    )`,
    `create index call_charges_time_index on call_charges (account_id, started_at desc, call_id desc)`,
    `create index call_charges_holder_index on call_charges (extension_id, started_at)`,
    `create index call_charges_trunk_index on call_charges (trunk_id, started_at)`,
  ],
};
