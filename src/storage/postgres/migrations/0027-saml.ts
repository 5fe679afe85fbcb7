import type { Migration } from './migration.js';

/** How people sign in by an identity provider, and what of it may happen once. */
export const SAML: Migration = {
  id: '0027-saml',
  statements: [
    `create table saml_settings (
      account_id text collate "C" not null,
      settings jsonb not null,
      updated_at timestamptz not null,
      constraint saml_settings_pk primary key (account_id),
      constraint saml_settings_account_fk foreign key (account_id) references accounts (id) on delete cascade
    )`,
    `create table saml_requests (
      id text collate "C" not null,
      account_id text collate "C" not null,
      back jsonb,
      expires_at timestamptz not null,
      constraint saml_requests_pk primary key (id)
    )`,
    `create index saml_requests_end_index on saml_requests (expires_at)`,
    `create table saml_assertions (
      account_id text collate "C" not null,
      id text collate "C" not null,
      expires_at timestamptz not null,
      constraint saml_assertions_pk primary key (account_id, id)
    )`,
    `create index saml_assertions_end_index on saml_assertions (expires_at)`,
    `create table saml_codes (
      code_hash text collate "C" not null,
      account_id text collate "C" not null,
      user_id text collate "C" not null,
      back jsonb,
      expires_at timestamptz not null,
      constraint saml_codes_pk primary key (code_hash),
      constraint saml_codes_user_fk foreign key (user_id) references users (id) on delete cascade
    )`,
    `create index saml_codes_user_index on saml_codes (user_id)`,
    `create index saml_codes_end_index on saml_codes (expires_at)`,
  ],
};
