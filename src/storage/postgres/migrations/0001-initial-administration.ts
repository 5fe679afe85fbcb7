/** What administrators set beside people, places and phones. */
export const ADMINISTRATION: readonly string[] = [
  `create table settings (
    account_id text collate "C" not null,
    scope text collate "C" not null,
    scope_id text collate "C" not null,
    key text collate "C" not null,
    value jsonb not null,
    locked boolean not null default false,
    constraint settings_pk primary key (account_id, scope, scope_id, key),
    constraint settings_account_fk foreign key (account_id) references accounts (id),
    constraint settings_scope_check check (scope in ('account', 'site', 'extension', 'device'))
  )`,

  `create table api_clients (
    id text collate "C" not null,
    account_id text collate "C" not null,
    name text collate "C" not null,
    secret_hash text collate "C" not null,
    role text collate "C" not null,
    generation integer not null,
    disabled boolean not null,
    created_at timestamptz not null,
    constraint api_clients_pk primary key (id),
    constraint api_clients_account_fk foreign key (account_id) references accounts (id)
  )`,
  `create index api_clients_account_index on api_clients (account_id, id)`,

  `create table blocked_numbers (
    id text collate "C" not null,
    account_id text collate "C" not null,
    scope text collate "C" not null,
    scope_id text collate "C" not null,
    direction text collate "C" not null,
    number text collate "C" not null,
    match text collate "C" not null,
    comment text collate "C" not null,
    status text collate "C" not null,
    created_at timestamptz not null,
    constraint blocked_numbers_pk primary key (id),
    constraint blocked_numbers_account_fk foreign key (account_id) references accounts (id),
    constraint blocked_numbers_number_unique unique (account_id, scope, scope_id, direction, number, match),
    constraint blocked_numbers_scope_check check (scope in ('account', 'site', 'extension')),
    constraint blocked_numbers_direction_check check (direction in ('inbound', 'outbound')),
    constraint blocked_numbers_match_check check (match in ('number', 'prefix')),
    constraint blocked_numbers_status_check check (status in ('active', 'inactive'))
  )`,
  `create index blocked_numbers_account_index on blocked_numbers (account_id, id)`,
];
