import type { Migration } from './migration.js';

/** People and groups as identity providers know them, what these asked for people, and their long-lived tokens. */
export const SCIM: Migration = {
  id: '0026-scim',
  statements: [
    `create table scim_profiles (
      user_id text collate "C" not null,
      account_id text collate "C" not null,
      user_name text collate "C" not null,
      external_id text collate "C" not null,
      attributes jsonb not null,
      updated_at timestamptz not null,
      constraint scim_profiles_pk primary key (user_id),
      constraint scim_profiles_account_fk foreign key (account_id) references accounts (id),
      constraint scim_profiles_user_fk foreign key (user_id) references users (id) on delete cascade
    )`,
    `create unique index scim_profiles_name_unique on scim_profiles (account_id, lower(user_name))`,
    `create index scim_profiles_external_index on scim_profiles (account_id, external_id) where external_id <> ''`,
    `create table scim_groups (
      id text collate "C" not null,
      account_id text collate "C" not null,
      display_name text collate "C" not null,
      external_id text collate "C" not null,
      created_at timestamptz not null,
      updated_at timestamptz not null,
      constraint scim_groups_pk primary key (id),
      constraint scim_groups_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create index scim_groups_name_index on scim_groups (account_id, lower(display_name))`,
    `create index scim_groups_external_index on scim_groups (account_id, external_id) where external_id <> ''`,
    `create table scim_group_members (
      account_id text collate "C" not null,
      group_id text collate "C" not null,
      user_id text collate "C" not null,
      constraint scim_group_members_pk primary key (group_id, user_id),
      constraint scim_group_members_account_fk foreign key (account_id) references accounts (id),
      constraint scim_group_members_group_fk foreign key (group_id) references scim_groups (id) on delete cascade,
      constraint scim_group_members_user_fk foreign key (user_id) references users (id) on delete cascade
    )`,
    `create index scim_group_members_user_index on scim_group_members (user_id)`,
    // By the name of the group: it may be made before the group comes.
    `create table group_mappings (
      id text collate "C" not null,
      account_id text collate "C" not null,
      group_name text collate "C" not null,
      entitlements jsonb not null,
      created_at timestamptz not null,
      constraint group_mappings_pk primary key (id),
      constraint group_mappings_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create unique index group_mappings_name_unique on group_mappings (account_id, lower(group_name))`,
    `create table grantable_roles (
      account_id text collate "C" not null,
      role_id text collate "C" not null,
      constraint grantable_roles_pk primary key (account_id, role_id),
      constraint grantable_roles_account_fk foreign key (account_id) references accounts (id)
    )`,
    // The token itself is nowhere kept.
    `create table scim_tokens (
      id text collate "C" not null,
      account_id text collate "C" not null,
      client_id text collate "C" not null,
      name text collate "C" not null,
      token_hash text collate "C" not null,
      generation integer not null,
      created_at timestamptz not null,
      expires_at timestamptz,
      last_used_at timestamptz,
      constraint scim_tokens_pk primary key (id),
      constraint scim_tokens_account_fk foreign key (account_id) references accounts (id),
      constraint scim_tokens_client_fk foreign key (client_id) references api_clients (id) on delete cascade
    )`,
    `create unique index scim_tokens_hash_unique on scim_tokens (token_hash)`,
    `create index scim_tokens_client_index on scim_tokens (client_id)`,
    // What was asked for people: written with the person, applied after, and kept while it could not be.
    `create table entitlement_wishes (
      id text collate "C" not null,
      account_id text collate "C" not null,
      user_id text collate "C" not null,
      attribute text collate "C" not null,
      wish jsonb not null,
      source text collate "C" not null,
      state text collate "C" not null,
      asked_by text collate "C" not null,
      request_id text collate "C" not null,
      asked_at timestamptz not null,
      reason text collate "C" not null,
      tries integer not null,
      tried_at timestamptz,
      tried_version integer,
      settled_at timestamptz,
      constraint entitlement_wishes_pk primary key (id),
      constraint entitlement_wishes_account_fk foreign key (account_id) references accounts (id),
      constraint entitlement_wishes_user_fk foreign key (user_id) references users (id) on delete cascade,
      constraint entitlement_wishes_state_check check (state in ('pending', 'open', 'resolved', 'dismissed'))
    )`,
    `create index entitlement_wishes_user_index on entitlement_wishes (user_id, state)`,
    `create index entitlement_wishes_list_index on entitlement_wishes (account_id, state, id)`,
    `create index entitlement_wishes_due_index on entitlement_wishes (account_id, tried_version) where state in ('pending', 'open')`,
  ],
};
