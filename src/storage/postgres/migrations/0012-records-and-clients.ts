import type { Migration } from './migration.js';

/** What call records say besides the call itself, roles with members, and what the API keeps of its clients. */
export const RECORDS_AND_CLIENTS: Migration = {
  id: '0012-records-and-clients',
  statements: [
    // Who and where the two sides were when the call was made: people and sites may be renamed or removed later.
    `create sequence call_record_sync`,
    `alter table call_records
      add column caller_about jsonb not null default '{}',
      add column callee_about jsonb not null default '{}',
      add column client_code text collate "C" not null default '',
      add column sync_order bigint not null default nextval('call_record_sync')`,
    `create index call_records_end_index on call_records (account_id, ended_at desc, id desc)`,
    `create index call_records_sync_caller_index on call_records (caller_user_id, sync_order desc)`,
    `create index call_records_sync_callee_index on call_records (callee_user_id, sync_order desc)`,
    `create index call_records_caller_site_index on call_records (caller_site_id, started_at desc)`,
    `create index call_records_callee_site_index on call_records (callee_site_id, started_at desc)`,

    // A person's own history without calls they deleted there; the record itself stays.
    `create table hidden_calls (
      account_id text collate "C" not null,
      user_id text collate "C" not null,
      call_id text collate "C" not null,
      hidden_at timestamptz not null,
      constraint hidden_calls_pk primary key (user_id, call_id),
      constraint hidden_calls_call_fk foreign key (call_id) references call_records (id) on delete cascade
    )`,
    `create index hidden_calls_call_index on hidden_calls (call_id)`,

    `create index audit_log_aggregate_index on audit_log (account_id, aggregate, aggregate_id, at desc, id desc)`,
    `create index audit_log_actor_index on audit_log (account_id, actor, at desc, id desc)`,

    // Copies of the default roles under a name of their own; base is the default role they are copies of.
    `create table phone_roles (
      id text collate "C" not null,
      account_id text collate "C" not null,
      name text collate "C" not null,
      description text collate "C" not null,
      base text collate "C" not null,
      created_at timestamptz not null,
      constraint phone_roles_pk primary key (id),
      constraint phone_roles_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create unique index phone_roles_name_unique on phone_roles (account_id, lower(name))`,
    // role_id is that of a default role, which has no row, or of one of phone_roles.
    `create table phone_role_members (
      account_id text collate "C" not null,
      role_id text collate "C" not null,
      user_id text collate "C" not null,
      added_at timestamptz not null,
      constraint phone_role_members_pk primary key (account_id, role_id, user_id),
      constraint phone_role_members_user_fk foreign key (user_id) references users (id) on delete cascade
    )`,
    `create index phone_role_members_user_index on phone_role_members (user_id)`,

    `alter table api_clients
      add column earlier_secret_hash text collate "C",
      add column earlier_secret_until timestamptz,
      add column last_used_at timestamptz`,
    // Tokens taken back one by one; forgotten when they would have ended anyway.
    `create table revoked_tokens (
      id text collate "C" not null,
      account_id text collate "C" not null,
      client_id text collate "C" not null,
      expires_at timestamptz not null,
      constraint revoked_tokens_pk primary key (id)
    )`,
    `create index revoked_tokens_time_index on revoked_tokens (expires_at)`,

    // Answers kept so that a repeated request changes nothing twice; null answer = the first one is still running.
    `create table idempotent_requests (
      account_id text collate "C" not null,
      client_id text collate "C" not null,
      key text collate "C" not null,
      request_hash text collate "C" not null,
      sealed_answer text collate "C",
      running_until timestamptz not null,
      made_at timestamptz not null,
      constraint idempotent_requests_pk primary key (client_id, key)
    )`,
    `create index idempotent_requests_time_index on idempotent_requests (made_at)`,
  ],
};
