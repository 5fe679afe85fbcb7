import type { Migration } from './migration.js';

const RULES: readonly string[] = [
  `alter table firmware_rules add column more_models text[] collate "C" not null default '{}'`,
  `alter table firmware_rules add column from_version text collate "C" not null default ''`,
  `alter table firmware_rules add column to_version text collate "C" not null default ''`,
  `alter table firmware_rules add column image_file text collate "C" not null default ''`,
  `alter table firmware_rules add column hours text collate "C" not null default ''`,
  `alter table firmware_rules add column weekdays text[] collate "C" not null default '{}'`,
  `alter table firmware_rules add constraint firmware_rules_image_check check (image_url = '' or image_file = '')`,
  // Several for one model where they are for phones that run different versions now.
  `drop index firmware_rules_model_unique`,
  `create unique index firmware_rules_model_unique on firmware_rules (account_id, coalesce(site_id, ''), device_type, device_model, from_version)`,
  `alter table device_configurations add column firmware_told text collate "C" not null default ''`,
];

const IMAGES: readonly string[] = [
  `create table firmware_images (
    id text collate "C" not null,
    account_id text collate "C" not null,
    vendor text collate "C" not null,
    version text collate "C" not null,
    file_name text collate "C" not null,
    bytes bigint not null,
    sha256 text collate "C" not null,
    complete boolean not null,
    uploaded_at timestamptz not null,
    uploaded_by text collate "C" not null,
    constraint firmware_images_pk primary key (id),
    constraint firmware_images_account_fk foreign key (account_id) references accounts (id),
    constraint firmware_images_sha256_check check (not complete or length(sha256) = 64)
  )`,
  `create unique index firmware_images_name_unique on firmware_images (account_id, vendor, version, lower(file_name)) where complete`,
  `create table firmware_image_chunks (
    account_id text collate "C" not null,
    image_id text collate "C" not null,
    number integer not null,
    data bytea not null,
    constraint firmware_image_chunks_pk primary key (image_id, number),
    constraint firmware_image_chunks_account_fk foreign key (account_id) references accounts (id),
    constraint firmware_image_chunks_image_fk foreign key (image_id) references firmware_images (id) on delete cascade
  )`,
  // Images are compressed already.
  `alter table firmware_image_chunks alter column data set storage external`,
];

const TRUST: readonly string[] = [
  `create table provisioning_hosts (
    account_id text collate "C" not null,
    host text collate "C" not null,
    note text collate "C" not null,
    created_at timestamptz not null,
    constraint provisioning_hosts_pk primary key (account_id, host),
    constraint provisioning_hosts_account_fk foreign key (account_id) references accounts (id)
  )`,
  `create table device_authorities (
    id text collate "C" not null,
    account_id text collate "C" not null,
    vendor text collate "C" not null,
    name text collate "C" not null,
    fingerprint text collate "C" not null,
    pem text collate "C" not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    constraint device_authorities_pk primary key (id),
    constraint device_authorities_account_fk foreign key (account_id) references accounts (id)
  )`,
  `create unique index device_authorities_fingerprint_unique on device_authorities (account_id, vendor, fingerprint)`,
  `alter table provisioning_tokens add column credentials_at timestamptz`,
];

/**
 * Firmware rules by version, models and hours, and images of ours; hosts that phones may be sent to; authorities of phones'
 * certificates, and since when a phone has its credentials.
 */
export const PHONE_FILES: Migration = { id: '0017-phone-files', statements: [...RULES, ...IMAGES, ...TRUST] };
