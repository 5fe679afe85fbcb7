import type { Migration } from './migration.js';

export const PHONE_NUMBERS: Migration = {
  id: '0006-phone-numbers',
  statements: [
    // Whoever a number is assigned to is an extension, so that queues and receptionists need no change here.
    `create table phone_numbers (
      id text collate "C" not null,
      account_id text collate "C" not null,
      number text collate "C" not null,
      country text collate "C",
      number_type text collate "C" not null,
      source text collate "C" not null,
      status text collate "C" not null,
      site_id text collate "C" not null,
      extension_id text collate "C",
      assigned_order integer,
      incoming boolean not null,
      outgoing boolean not null,
      carrier text collate "C" not null,
      display_name text collate "C" not null,
      emergency_address_id text collate "C",
      emergency_address_status integer not null,
      sip_group_id text collate "C" not null,
      search text collate "C" not null,
      created_at timestamptz not null,
      constraint phone_numbers_pk primary key (id),
      constraint phone_numbers_account_fk foreign key (account_id) references accounts (id),
      constraint phone_numbers_site_fk foreign key (site_id) references sites (id),
      constraint phone_numbers_extension_fk foreign key (extension_id) references extensions (id) deferrable initially deferred,
      constraint phone_numbers_number_unique unique (account_id, number),
      constraint phone_numbers_order_unique unique (extension_id, assigned_order),
      constraint phone_numbers_number_check check (number ~ '^\\+[1-9][0-9]{4,14}$'),
      constraint phone_numbers_number_type_check check (number_type in ('toll', 'tollfree', 'international')),
      constraint phone_numbers_source_check check (source in ('external', 'internal')),
      constraint phone_numbers_status_check check (status in ('available', 'pending')),
      constraint phone_numbers_assigned_check check ((extension_id is null) = (assigned_order is null))
    )`,
    `create index phone_numbers_account_index on phone_numbers (account_id, id)`,
    `create index phone_numbers_free_index on phone_numbers (account_id, id) where extension_id is null`,
    `create index phone_numbers_site_index on phone_numbers (site_id, id)`,

    // scope_id is an account's, a site's or an extension's.
    `create table customized_numbers (
      id text collate "C" not null,
      account_id text collate "C" not null,
      scope text collate "C" not null,
      scope_id text collate "C" not null,
      phone_number_id text collate "C" not null,
      created_at timestamptz not null,
      constraint customized_numbers_pk primary key (id),
      constraint customized_numbers_account_fk foreign key (account_id) references accounts (id),
      constraint customized_numbers_number_fk foreign key (phone_number_id) references phone_numbers (id) on delete cascade,
      constraint customized_numbers_number_unique unique (scope_id, phone_number_id),
      constraint customized_numbers_scope_check check (scope in ('account', 'site', 'extension'))
    )`,
    `create index customized_numbers_number_index on customized_numbers (phone_number_id)`,

    // phone_number_id null: the number is withheld.
    `create table caller_id_choices (
      extension_id text collate "C" not null,
      account_id text collate "C" not null,
      phone_number_id text collate "C",
      constraint caller_id_choices_pk primary key (extension_id),
      constraint caller_id_choices_account_fk foreign key (account_id) references accounts (id),
      constraint caller_id_choices_extension_fk foreign key (extension_id) references extensions (id) on delete cascade,
      constraint caller_id_choices_number_fk foreign key (phone_number_id) references phone_numbers (id) on delete cascade
    )`,
    `create index caller_id_choices_number_index on caller_id_choices (phone_number_id)`,
  ],
};
