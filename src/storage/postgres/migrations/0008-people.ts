import type { Migration } from './migration.js';

export const PEOPLE: Migration = {
  id: '0008-people',
  statements: [
    // The content may hold a PIN: sealed, and gone once the mail is sent or given up.
    `create table mails (
      id text collate "C" not null,
      account_id text collate "C" not null,
      recipient text collate "C" not null,
      template text collate "C" not null,
      language text collate "C" not null,
      sealed_content text collate "C",
      state text collate "C" not null,
      attempts integer not null,
      next_at timestamptz not null,
      last_error text collate "C" not null,
      created_at timestamptz not null,
      sent_at timestamptz,
      constraint mails_pk primary key (id),
      constraint mails_account_fk foreign key (account_id) references accounts (id),
      constraint mails_state_check check (state in ('pending', 'sent', 'failed')),
      constraint mails_content_check check ((state = 'pending') = (sealed_content is not null)),
      constraint mails_sent_check check ((state = 'sent') = (sent_at is not null))
    )`,
    `create index mails_due_index on mails (next_at) where state = 'pending'`,
    `create index mails_list_index on mails (account_id, id desc)`,
    `create index mails_made_index on mails (created_at) where state <> 'pending'`,

    // What a profile holds besides names: shown and kept, decided by nobody.
    `alter table users add column profile jsonb not null default '{}'`,
    // Who assists a person, may hear a person's voicemail or recordings, or is on the person's intercom.
    `create table user_members (
      id text collate "C" not null,
      account_id text collate "C" not null,
      user_id text collate "C" not null,
      kind text collate "C" not null,
      member_id text collate "C" not null,
      rights jsonb not null,
      created_at timestamptz not null,
      constraint user_members_pk primary key (id),
      constraint user_members_account_fk foreign key (account_id) references accounts (id),
      constraint user_members_user_fk foreign key (user_id) references phone_users (id) on delete cascade,
      constraint user_members_member_fk foreign key (member_id) references extensions (id) on delete cascade,
      constraint user_members_member_unique unique (user_id, kind, member_id)
    )`,
    `create index user_members_member_index on user_members (member_id)`,
    // Bundles: everything that one name assigns at once.
    `create table licence_packages (
      id text collate "C" not null,
      account_id text collate "C" not null,
      name text collate "C" not null,
      codes jsonb not null,
      created_at timestamptz not null,
      constraint licence_packages_pk primary key (id),
      constraint licence_packages_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create unique index licence_packages_name_unique on licence_packages (account_id, lower(name))`,
    `alter table users add column licence_package_id text collate "C"`,
    `alter table users add constraint users_licence_package_fk foreign key (licence_package_id) references licence_packages (id)`,
    `create index users_licence_package_index on users (licence_package_id) where licence_package_id is not null`,
    `alter table plan_assignments drop constraint plan_assignments_kind_check`,
    `alter table plan_assignments add constraint plan_assignments_kind_check check (kind in ('calling-plan', 'package', 'add-on'))`,
    `create index phone_users_status_index on phone_users (account_id, status, id)`,
    `create index users_status_index on users (account_id, status, id)`,
  ],
};
