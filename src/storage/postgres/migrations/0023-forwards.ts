import type { Migration } from './migration.js';

/** Calls that are sent on: by an extension's call handling, by a number that leads outside; and numbers that a carrier made over to the account. */
export const FORWARDS: Migration = {
  id: '0023-forwards',
  statements: [
    // id is the extension's.
    `create table call_handlings (
      id text collate "C" not null,
      account_id text collate "C" not null,
      hours jsonb not null,
      business jsonb not null,
      closed jsonb not null,
      constraint call_handlings_pk primary key (id),
      constraint call_handlings_account_fk foreign key (account_id) references accounts (id),
      constraint call_handlings_extension_fk foreign key (id) references extensions (id) on delete cascade
    )`,
    `create index call_handlings_account_index on call_handlings (account_id)`,
    // id is the number's; extension_id who had it then.
    `create table number_forwards (
      id text collate "C" not null,
      account_id text collate "C" not null,
      extension_id text collate "C" not null,
      number text collate "C" not null,
      description text collate "C" not null,
      constraint number_forwards_pk primary key (id),
      constraint number_forwards_account_fk foreign key (account_id) references accounts (id),
      constraint number_forwards_number_fk foreign key (id) references phone_numbers (id) on delete cascade,
      constraint number_forwards_number_check check (number ~ '^\\+[1-9][0-9]{4,14}$')
    )`,
    // id is the number's.
    `create table peering_numbers (
      id text collate "C" not null,
      account_id text collate "C" not null,
      billing_reference_id text collate "C" not null,
      service_info text collate "C" not null,
      constraint peering_numbers_pk primary key (id),
      constraint peering_numbers_account_fk foreign key (account_id) references accounts (id),
      constraint peering_numbers_number_fk foreign key (id) references phone_numbers (id) on delete cascade
    )`,
    `create index peering_numbers_account_index on peering_numbers (account_id, id)`,
    // Of a call that somebody sent on to the telephone network: which call it was, and by which number it had come.
    `alter table call_records add column forwarded jsonb`,
  ],
};
