import type { Migration } from './migration.js';

/** Whom roles reach, what custom roles allow, and people who sign in. */
export const ROLE_TARGETS: Migration = {
  id: '0024-role-targets',
  statements: [
    // Null = the permissions of the base role.
    `alter table phone_roles add column permissions jsonb`,
    // True = only the targets count, however few are left.
    `alter table phone_role_members add column targeted boolean not null default false`,
    `alter table api_clients add column targeted boolean not null default false`,
    `create table phone_role_targets (
      account_id text collate "C" not null,
      role_id text collate "C" not null,
      user_id text collate "C" not null,
      site_id text collate "C" not null,
      constraint phone_role_targets_pk primary key (account_id, role_id, user_id, site_id),
      constraint phone_role_targets_member_fk foreign key (account_id, role_id, user_id)
        references phone_role_members (account_id, role_id, user_id) on delete cascade,
      constraint phone_role_targets_site_fk foreign key (site_id) references sites (id) on delete cascade
    )`,
    `create index phone_role_targets_user_index on phone_role_targets (user_id)`,
    `create index phone_role_targets_site_index on phone_role_targets (site_id)`,
    `create table api_client_targets (
      account_id text collate "C" not null,
      client_id text collate "C" not null,
      site_id text collate "C" not null,
      constraint api_client_targets_pk primary key (client_id, site_id),
      constraint api_client_targets_client_fk foreign key (client_id) references api_clients (id) on delete cascade,
      constraint api_client_targets_site_fk foreign key (site_id) references sites (id) on delete cascade
    )`,
    `create index api_client_targets_site_index on api_client_targets (site_id)`,
    // Clients of site administrators reached every site until now, and go on reaching those.
    `update api_clients set targeted = true where role = 'Phone Site Admin'
      or role in (select id from phone_roles where base = 'Phone Site Admin')`,
    `insert into api_client_targets (account_id, client_id, site_id)
      select c.account_id, c.id, s.id from api_clients c join sites s on s.account_id = c.account_id where c.targeted`,
    `update phone_role_members set targeted = true where role_id = 'phone-site-admin'
      or role_id in (select id from phone_roles where base = 'Phone Site Admin')`,
    `create table user_sessions (
      id text collate "C" not null,
      account_id text collate "C" not null,
      user_id text collate "C" not null,
      how text collate "C" not null,
      refresh_hash text collate "C" not null,
      earlier_refresh_hash text collate "C",
      address text collate "C" not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      constraint user_sessions_pk primary key (id),
      constraint user_sessions_user_fk foreign key (user_id) references users (id) on delete cascade
    )`,
    `create index user_sessions_user_index on user_sessions (user_id)`,
    `create index user_sessions_end_index on user_sessions (expires_at)`,
    `create table sign_in_codes (
      id text collate "C" not null,
      account_id text collate "C" not null,
      user_id text collate "C" not null,
      code_hash text collate "C" not null,
      tries integer not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      constraint sign_in_codes_pk primary key (id),
      constraint sign_in_codes_user_fk foreign key (user_id) references users (id) on delete cascade
    )`,
    `create index sign_in_codes_user_index on sign_in_codes (user_id, created_at desc)`,
    `create index sign_in_codes_end_index on sign_in_codes (expires_at)`,
  ],
};
