import type { Migration } from './migration.js';
import { ADMINISTRATION } from './0001-initial-administration.js';
import { CALLS_AND_EVENTS } from './0001-initial-records.js';

/**
 * Sorted and compared text is COLLATE "C" everywhere, so that order, uniqueness and `lower` are the same on PGlite and on
 * any server. References that two rows of one transaction hold to each other are checked at commit.
 */
const IDENTITY: readonly string[] = [
  `create table accounts (
    id text collate "C" not null,
    name text collate "C" not null,
    sip_domain text collate "C" not null,
    country text collate "C" not null,
    policy jsonb not null,
    config_version bigint not null default 0,
    created_at timestamptz not null,
    constraint accounts_pk primary key (id),
    constraint accounts_country_check check (country ~ '^[A-Z]{2}$'),
    constraint accounts_config_version_check check (config_version >= 0)
  )`,
  `create unique index accounts_sip_domain_unique on accounts (lower(sip_domain))`,

  `create table sites (
    id text collate "C" not null,
    account_id text collate "C" not null,
    name text collate "C" not null,
    is_main boolean not null,
    site_code text collate "C",
    short_extension_length integer not null,
    country text collate "C" not null,
    time_zone text collate "C",
    auto_receptionist_name text collate "C" not null,
    default_emergency_address jsonb,
    created_at timestamptz not null,
    constraint sites_pk primary key (id),
    constraint sites_account_fk foreign key (account_id) references accounts (id),
    constraint sites_country_check check (country ~ '^[A-Z]{2}$')
  )`,
  `create unique index sites_name_unique on sites (account_id, lower(name))`,
  `create unique index sites_code_unique on sites (account_id, site_code)`,
  `create unique index sites_main_unique on sites (account_id) where is_main`,

  `create table users (
    id text collate "C" not null,
    account_id text collate "C" not null,
    email text collate "C" not null,
    first_name text collate "C" not null,
    last_name text collate "C" not null,
    display_name text collate "C" not null,
    type integer not null,
    status text collate "C" not null,
    department text collate "C" not null,
    cost_center text collate "C" not null,
    job_title text collate "C" not null,
    location text collate "C" not null,
    time_zone text collate "C" not null,
    language text collate "C" not null,
    search text collate "C" not null,
    created_at timestamptz not null,
    constraint users_pk primary key (id),
    constraint users_account_fk foreign key (account_id) references accounts (id),
    constraint users_status_check check (status in ('active', 'inactive'))
  )`,
  `create unique index users_email_unique on users (account_id, lower(email))`,
  `create index users_account_index on users (account_id, id)`,

  `create table extensions (
    id text collate "C" not null,
    account_id text collate "C" not null,
    site_id text collate "C" not null,
    number text collate "C" not null,
    owner_kind text collate "C" not null,
    owner_id text collate "C" not null,
    constraint extensions_pk primary key (id),
    constraint extensions_account_fk foreign key (account_id) references accounts (id),
    constraint extensions_site_fk foreign key (site_id) references sites (id),
    constraint extensions_number_unique unique (account_id, site_id, number),
    constraint extensions_owner_unique unique (owner_id, owner_kind),
    constraint extensions_number_check check (number ~ '^[0-9]+$'),
    constraint extensions_owner_kind_check check (owner_kind in ('user', 'common_area'))
  )`,
  `create index extensions_account_index on extensions (account_id, number)`,
  `create index extensions_site_index on extensions (site_id)`,

  `create table phone_users (
    id text collate "C" not null,
    account_id text collate "C" not null,
    site_id text collate "C" not null,
    extension_id text collate "C" not null,
    status text collate "C" not null,
    international_calling boolean not null,
    area_code text collate "C" not null,
    created_at timestamptz not null,
    constraint phone_users_pk primary key (id),
    constraint phone_users_user_fk foreign key (id) references users (id),
    constraint phone_users_account_fk foreign key (account_id) references accounts (id),
    constraint phone_users_site_fk foreign key (site_id) references sites (id),
    constraint phone_users_extension_fk foreign key (extension_id) references extensions (id)
      deferrable initially deferred,
    constraint phone_users_extension_unique unique (extension_id),
    constraint phone_users_status_check check (status in ('active', 'deactivated'))
  )`,
  `create index phone_users_account_index on phone_users (account_id, id)`,
  `create index phone_users_site_index on phone_users (site_id)`,

  `create table common_areas (
    id text collate "C" not null,
    account_id text collate "C" not null,
    site_id text collate "C" not null,
    extension_id text collate "C" not null,
    display_name text collate "C" not null,
    status text collate "C" not null,
    international_calling boolean not null,
    area_code text collate "C" not null,
    country text collate "C",
    time_zone text collate "C",
    created_at timestamptz not null,
    constraint common_areas_pk primary key (id),
    constraint common_areas_account_fk foreign key (account_id) references accounts (id),
    constraint common_areas_site_fk foreign key (site_id) references sites (id),
    constraint common_areas_extension_fk foreign key (extension_id) references extensions (id)
      deferrable initially deferred,
    constraint common_areas_extension_unique unique (extension_id),
    constraint common_areas_status_check check (status in ('active', 'deactivated'))
  )`,
  `create index common_areas_account_index on common_areas (account_id, id)`,
  `create index common_areas_site_index on common_areas (site_id)`,
];

const PLANS: readonly string[] = [
  `create table plan_assignments (
    account_id text collate "C" not null,
    user_id text collate "C",
    common_area_id text collate "C",
    kind text collate "C" not null,
    code integer not null,
    position integer not null,
    constraint plan_assignments_account_fk foreign key (account_id) references accounts (id),
    constraint plan_assignments_user_fk foreign key (user_id) references phone_users (id) on delete cascade,
    constraint plan_assignments_common_area_fk foreign key (common_area_id) references common_areas (id) on delete cascade,
    constraint plan_assignments_user_unique unique (user_id, code),
    constraint plan_assignments_common_area_unique unique (common_area_id, code),
    constraint plan_assignments_holder_check check (num_nonnulls(user_id, common_area_id) = 1),
    constraint plan_assignments_kind_check check (kind in ('calling-plan', 'package'))
  )`,
  `create index plan_assignments_code_index on plan_assignments (account_id, code)`,

  `create table plan_seats (
    account_id text collate "C" not null,
    code integer not null,
    subscribed integer not null,
    constraint plan_seats_pk primary key (account_id, code),
    constraint plan_seats_account_fk foreign key (account_id) references accounts (id),
    constraint plan_seats_subscribed_check check (subscribed >= 0)
  )`,
];

const DEVICES: readonly string[] = [
  `create table devices (
    id text collate "C" not null,
    account_id text collate "C" not null,
    site_id text collate "C" not null,
    display_name text collate "C" not null,
    mac_address text collate "C" not null,
    type text collate "C" not null,
    model text collate "C" not null,
    user_name text collate "C" not null,
    sealed_password text collate "C" not null,
    hot_desking text collate "C" not null,
    digest_algorithms jsonb,
    provision_template_id text collate "C",
    search text collate "C" not null,
    created_at timestamptz not null,
    constraint devices_pk primary key (id),
    constraint devices_account_fk foreign key (account_id) references accounts (id),
    constraint devices_site_fk foreign key (site_id) references sites (id),
    constraint devices_mac_unique unique (account_id, mac_address),
    constraint devices_user_name_unique unique (account_id, user_name),
    constraint devices_mac_check check (mac_address ~ '^[0-9a-f]{12}$'),
    constraint devices_hot_desking_check check (hot_desking in ('on', 'off', 'unsupported'))
  )`,
  `create index devices_account_index on devices (account_id, id)`,
  `create index devices_site_index on devices (site_id)`,

  `create table device_assignees (
    account_id text collate "C" not null,
    device_id text collate "C" not null,
    extension_id text collate "C" not null,
    position integer not null,
    constraint device_assignees_pk primary key (device_id, position),
    constraint device_assignees_account_fk foreign key (account_id) references accounts (id),
    constraint device_assignees_device_fk foreign key (device_id) references devices (id) on delete cascade,
    constraint device_assignees_extension_fk foreign key (extension_id) references extensions (id)
      deferrable initially deferred,
    constraint device_assignees_extension_unique unique (device_id, extension_id)
  )`,
  `create index device_assignees_extension_index on device_assignees (extension_id)`,
];

export const INITIAL: Migration = {
  id: '0001-initial',
  statements: [...IDENTITY, ...PLANS, ...DEVICES, ...ADMINISTRATION, ...CALLS_AND_EVENTS],
};
