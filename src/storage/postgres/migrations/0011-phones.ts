import type { Migration } from './migration.js';

const ON_WHAT_IS_THERE: readonly string[] = [
  `alter table common_areas add column department text collate "C" not null default ''`,
  `alter table common_areas add column cost_center text collate "C" not null default ''`,
  `alter table device_resyncs add column restart boolean not null default false`,
  `create index devices_template_index on devices (provision_template_id) where provision_template_id is not null`,
];

const CONFIGURATIONS: readonly string[] = [
  `create table device_configurations (
    device_id text collate "C" not null,
    account_id text collate "C" not null,
    generation bigint not null,
    changed_at timestamptz not null,
    requested_generation bigint not null default 0,
    requested_at timestamptz,
    delivered_generation bigint not null default 0,
    delivered_at timestamptz,
    constraint device_configurations_pk primary key (device_id),
    constraint device_configurations_account_fk foreign key (account_id) references accounts (id),
    constraint device_configurations_device_fk foreign key (device_id) references devices (id) on delete cascade,
    constraint device_configurations_requested_check check ((requested_generation = 0) = (requested_at is null)),
    constraint device_configurations_delivered_check check ((delivered_generation = 0) = (delivered_at is null))
  )`,
  `insert into device_configurations (device_id, account_id, generation, changed_at) select id, account_id, 1, created_at from devices`,
];

const TEMPLATES: readonly string[] = [
  `create table provision_templates (
    id text collate "C" not null,
    account_id text collate "C" not null,
    name text collate "C" not null,
    description text collate "C" not null,
    content text collate "C" not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint provision_templates_pk primary key (id),
    constraint provision_templates_account_fk foreign key (account_id) references accounts (id)
  )`,
  `create unique index provision_templates_name_unique on provision_templates (account_id, lower(name))`,
  `create table provision_template_versions (
    account_id text collate "C" not null,
    template_id text collate "C" not null,
    version integer not null,
    content text collate "C" not null,
    created_at timestamptz not null,
    created_by text collate "C" not null,
    constraint provision_template_versions_pk primary key (template_id, version),
    constraint provision_template_versions_account_fk foreign key (account_id) references accounts (id),
    constraint provision_template_versions_template_fk foreign key (template_id) references provision_templates (id) on delete cascade
  )`,
  `create table firmware_rules (
    id text collate "C" not null,
    account_id text collate "C" not null,
    site_id text collate "C",
    device_type text collate "C" not null,
    device_model text collate "C" not null,
    version text collate "C" not null,
    created_at timestamptz not null,
    constraint firmware_rules_pk primary key (id),
    constraint firmware_rules_account_fk foreign key (account_id) references accounts (id),
    constraint firmware_rules_site_fk foreign key (site_id) references sites (id) on delete cascade
  )`,
  `create index firmware_rules_site_index on firmware_rules (site_id)`,
  `create unique index firmware_rules_model_unique on firmware_rules (account_id, coalesce(site_id, ''), device_type, device_model)`,
];

const KEYS: readonly string[] = [
  `create table line_keys (
    id text collate "C" not null,
    account_id text collate "C" not null,
    extension_id text collate "C" not null,
    position integer not null,
    type text collate "C" not null,
    alias text collate "C" not null,
    target_extension_id text collate "C",
    speed_dial_number text collate "C" not null,
    retrieval_code text collate "C" not null,
    outbound_caller_id text collate "C" not null,
    constraint line_keys_pk primary key (id),
    constraint line_keys_account_fk foreign key (account_id) references accounts (id),
    constraint line_keys_extension_fk foreign key (extension_id) references extensions (id) on delete cascade,
    constraint line_keys_position_unique unique (extension_id, position),
    constraint line_keys_position_check check (position between 1 and 300),
    constraint line_keys_target_check check ((type = 'blf') = (target_extension_id is not null))
  )`,
  `create index line_keys_target_index on line_keys (target_extension_id) where target_extension_id is not null`,
  `create table device_line_positions (
    account_id text collate "C" not null,
    device_id text collate "C" not null,
    position integer not null,
    extension_id text collate "C" not null,
    constraint device_line_positions_pk primary key (device_id, position),
    constraint device_line_positions_account_fk foreign key (account_id) references accounts (id),
    constraint device_line_positions_device_fk foreign key (device_id) references devices (id) on delete cascade
  )`,
];

const ACTIVATION: readonly string[] = [
  `create table activation_codes (
    common_area_id text collate "C" not null,
    account_id text collate "C" not null,
    hash text collate "C" not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    used_at timestamptz,
    device_id text collate "C",
    constraint activation_codes_pk primary key (common_area_id),
    constraint activation_codes_account_fk foreign key (account_id) references accounts (id),
    constraint activation_codes_common_area_fk foreign key (common_area_id) references common_areas (id) on delete cascade,
    constraint activation_codes_hash_unique unique (account_id, hash),
    constraint activation_codes_used_check check ((used_at is null) = (device_id is null))
  )`,
];

export const PHONES: Migration = {
  id: '0011-phones',
  statements: [...ON_WHAT_IS_THERE, ...CONFIGURATIONS, ...TEMPLATES, ...KEYS, ...ACTIVATION],
};
