import type { Migration } from './migration.js';

/** Outbound countries and regions with their exceptions; blocked lists of extensions beside the account's. */
export const CALL_RULES: Migration = {
  id: '0007-call-rules',
  statements: [
    `alter table blocked_numbers
      add column type text collate "C" not null default 'block',
      add column country text collate "C",
      add column search text collate "C" not null default '',
      add constraint blocked_numbers_type_check check (type in ('block', 'threat'))`,
    `update blocked_numbers set search = number || E'\\n' || lower(comment)`,
    `create index blocked_numbers_place_index on blocked_numbers (account_id, scope, scope_id, id)`,
    // Statistics group by number what all extensions block.
    `create index blocked_numbers_extensions_index on blocked_numbers (account_id, number, match)
      where scope = 'extension' and direction = 'inbound'`,

    // A place without a row for a country inherits. The place is named without foreign key: it is one of three tables.
    `create table outbound_country_rules (
      account_id text collate "C" not null,
      scope text collate "C" not null,
      scope_id text collate "C" not null,
      country text collate "C" not null,
      rule text collate "C" not null,
      constraint outbound_country_rules_pk primary key (account_id, scope, scope_id, country),
      constraint outbound_country_rules_account_fk foreign key (account_id) references accounts (id),
      constraint outbound_country_rules_scope_check check (scope in ('account', 'site', 'extension')),
      constraint outbound_country_rules_rule_check check (rule in ('allow', 'block'))
    )`,
    `create index outbound_country_rules_place_index on outbound_country_rules (scope_id, country)`,

    `create table outbound_exceptions (
      id text collate "C" not null,
      account_id text collate "C" not null,
      scope text collate "C" not null,
      scope_id text collate "C" not null,
      country text collate "C" not null,
      number text collate "C" not null,
      match text collate "C" not null,
      rule text collate "C" not null,
      comment text collate "C" not null,
      status text collate "C" not null,
      search text collate "C" not null,
      created_at timestamptz not null,
      constraint outbound_exceptions_pk primary key (id),
      constraint outbound_exceptions_account_fk foreign key (account_id) references accounts (id),
      constraint outbound_exceptions_number_unique unique (account_id, scope, scope_id, number, match),
      constraint outbound_exceptions_scope_check check (scope in ('account', 'site', 'extension')),
      constraint outbound_exceptions_match_check check (match in ('number', 'prefix')),
      constraint outbound_exceptions_rule_check check (rule in ('allow', 'block')),
      constraint outbound_exceptions_status_check check (status in ('active', 'inactive'))
    )`,
    `create index outbound_exceptions_place_index on outbound_exceptions (account_id, scope, scope_id, id)`,
  ],
};
