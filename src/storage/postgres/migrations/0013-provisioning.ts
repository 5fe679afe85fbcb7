import type { Migration } from './migration.js';

/** Tokens under which phones find their files, as keyed hashes only, and what phones fetched. */
export const PROVISIONING: Migration = {
  id: '0013-provisioning',
  statements: [
    `create table provisioning_tokens (
      hash text collate "C" not null,
      account_id text collate "C" not null,
      device_id text collate "C" not null,
      kind text collate "C" not null,
      rotation integer not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      claimed_by text collate "C",
      first_used_at timestamptz,
      constraint provisioning_tokens_pk primary key (hash),
      constraint provisioning_tokens_account_fk foreign key (account_id) references accounts (id),
      constraint provisioning_tokens_device_fk foreign key (device_id) references devices (id) on delete cascade,
      constraint provisioning_tokens_kind_check check (kind in ('enrol', 'steady')),
      constraint provisioning_tokens_enrol_check check (kind = 'steady' or expires_at is not null)
    )`,
    `create index provisioning_tokens_device_index on provisioning_tokens (device_id)`,
    `create unique index provisioning_tokens_enrol_unique on provisioning_tokens (device_id) where kind = 'enrol'`,
    `create unique index provisioning_tokens_rotation_unique on provisioning_tokens (device_id, rotation) where kind = 'steady'`,
    `create table provisioning_fetches (
      id text collate "C" not null,
      account_id text collate "C" not null,
      device_id text collate "C" not null,
      at timestamptz not null,
      address text collate "C" not null,
      method text collate "C" not null,
      file_name text collate "C" not null,
      token text collate "C" not null,
      outcome text collate "C" not null,
      status integer not null,
      bytes bigint not null,
      whole boolean not null,
      user_agent text collate "C" not null,
      model text collate "C" not null,
      firmware text collate "C" not null,
      constraint provisioning_fetches_pk primary key (id),
      constraint provisioning_fetches_account_fk foreign key (account_id) references accounts (id),
      constraint provisioning_fetches_device_fk foreign key (device_id) references devices (id) on delete cascade
    )`,
    `create index provisioning_fetches_device_index on provisioning_fetches (device_id, id desc)`,
    `create index provisioning_fetches_at_index on provisioning_fetches (at)`,
  ],
};
