import type { Migration } from './migration.js';

/** Emergency addresses and locations, external contacts, alerts. */
export const SAFETY: Migration = {
  id: '0010-safety',
  statements: [
    `create table emergency_addresses (
      id text collate "C" not null,
      account_id text collate "C" not null,
      site_id text collate "C" not null,
      user_id text collate "C",
      address_line1 text collate "C" not null,
      address_line2 text collate "C" not null,
      city text collate "C" not null,
      state_code text collate "C" not null,
      zip text collate "C" not null,
      country text collate "C" not null,
      vat_number text collate "C" not null,
      is_default boolean not null,
      search text collate "C" not null,
      created_at timestamptz not null,
      constraint emergency_addresses_pk primary key (id),
      constraint emergency_addresses_account_fk foreign key (account_id) references accounts (id),
      constraint emergency_addresses_site_fk foreign key (site_id) references sites (id) on delete cascade,
      constraint emergency_addresses_user_fk foreign key (user_id) references phone_users (id) on delete cascade,
      constraint emergency_addresses_default_check check (user_id is null or not is_default)
    )`,
    `create index emergency_addresses_account_index on emergency_addresses (account_id, id)`,
    `create index emergency_addresses_site_index on emergency_addresses (site_id)`,
    `create index emergency_addresses_user_index on emergency_addresses (user_id)`,
    `create unique index emergency_addresses_default_unique on emergency_addresses (site_id) where is_default`,
    // The address that a site had becomes its first one, under the site's id.
    `insert into emergency_addresses (id, account_id, site_id, user_id, address_line1, address_line2, city, state_code, zip, country, vat_number,
        is_default, search, created_at)
      select id, account_id, id, null, a ->> 'addressLine1', a ->> 'addressLine2', a ->> 'city', a ->> 'stateCode', a ->> 'zip', a ->> 'country', '', true,
        lower(concat_ws(E'\\n', a ->> 'addressLine1', a ->> 'addressLine2', a ->> 'city', a ->> 'stateCode', a ->> 'zip')), created_at
      from (select id, account_id, created_at, default_emergency_address as a from sites) s where a is not null`,

    `create table emergency_address_uses (
      account_id text collate "C" not null,
      address_id text collate "C" not null,
      user_id text collate "C",
      common_area_id text collate "C",
      device_id text collate "C",
      constraint emergency_address_uses_address_fk foreign key (address_id) references emergency_addresses (id) on delete cascade,
      constraint emergency_address_uses_user_fk foreign key (user_id) references phone_users (id) on delete cascade,
      constraint emergency_address_uses_common_area_fk foreign key (common_area_id) references common_areas (id) on delete cascade,
      constraint emergency_address_uses_device_fk foreign key (device_id) references devices (id) on delete cascade,
      constraint emergency_address_uses_user_unique unique (user_id),
      constraint emergency_address_uses_common_area_unique unique (common_area_id),
      constraint emergency_address_uses_device_unique unique (device_id),
      constraint emergency_address_uses_holder_check check (num_nonnulls(user_id, common_area_id, device_id) = 1)
    )`,
    `create index emergency_address_uses_address_index on emergency_address_uses (address_id)`,

    `create table emergency_locations (
      id text collate "C" not null,
      account_id text collate "C" not null,
      site_id text collate "C" not null,
      identifier text collate "C",
      name text collate "C" not null,
      parent_id text collate "C",
      emergency_address_id text collate "C" not null,
      elin text collate "C" not null,
      elin_phone_number_id text collate "C" not null,
      bssids text[] collate "C" not null,
      network_switches jsonb not null,
      private_networks text[] collate "C" not null,
      public_networks text[] collate "C" not null,
      sip_group text collate "C" not null,
      minimum_match_criteria boolean not null,
      created_at timestamptz not null,
      constraint emergency_locations_pk primary key (id),
      constraint emergency_locations_account_fk foreign key (account_id) references accounts (id),
      constraint emergency_locations_site_fk foreign key (site_id) references sites (id) on delete cascade,
      constraint emergency_locations_parent_fk foreign key (parent_id) references emergency_locations (id) on delete cascade,
      constraint emergency_locations_address_fk foreign key (emergency_address_id) references emergency_addresses (id) on delete cascade,
      constraint emergency_locations_identifier_unique unique (account_id, identifier)
    )`,
    `create index emergency_locations_account_index on emergency_locations (account_id, id)`,
    `create index emergency_locations_site_index on emergency_locations (site_id)`,
    `create index emergency_locations_parent_index on emergency_locations (parent_id)`,
    `create index emergency_locations_address_index on emergency_locations (emergency_address_id)`,

    `create table external_contacts (
      id text collate "C" not null,
      account_id text collate "C" not null,
      customer_id text collate "C",
      name text collate "C" not null,
      description text collate "C" not null,
      email text collate "C" not null,
      extension_number text collate "C",
      routing_path text collate "C" not null,
      auto_call_recorded boolean not null,
      search text collate "C" not null,
      created_at timestamptz not null,
      constraint external_contacts_pk primary key (id),
      constraint external_contacts_account_fk foreign key (account_id) references accounts (id),
      constraint external_contacts_customer_unique unique (account_id, customer_id),
      constraint external_contacts_extension_unique unique (account_id, extension_number)
    )`,
    `create index external_contacts_account_index on external_contacts (account_id, id)`,
    `create table external_contact_numbers (
      account_id text collate "C" not null,
      contact_id text collate "C" not null,
      number text collate "C" not null,
      position integer not null,
      constraint external_contact_numbers_pk primary key (contact_id, position),
      constraint external_contact_numbers_contact_fk foreign key (contact_id) references external_contacts (id) on delete cascade,
      constraint external_contact_numbers_number_unique unique (account_id, number)
    )`,

    `create table alert_settings (
      id text collate "C" not null,
      account_id text collate "C" not null,
      name text collate "C" not null,
      rule integer not null,
      target_type integer not null,
      target_ids text[] collate "C" not null,
      conditions jsonb not null,
      time_frame jsonb,
      frequency_minutes integer not null,
      email_recipients text[] collate "C" not null,
      chat_channels jsonb not null,
      sealed_chat_tokens text collate "C" not null,
      active boolean not null,
      created_at timestamptz not null,
      constraint alert_settings_pk primary key (id),
      constraint alert_settings_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create index alert_settings_account_index on alert_settings (account_id, id)`,
    // The history outlives the settings it came of.
    `create table alerts (
      id text collate "C" not null,
      account_id text collate "C" not null,
      setting_id text collate "C" not null,
      setting_name text collate "C" not null,
      rule integer not null,
      opened_at timestamptz not null,
      closed_at timestamptz,
      subjects jsonb not null,
      subject_count integer not null,
      text text collate "C" not null,
      notified_at timestamptz,
      constraint alerts_pk primary key (id),
      constraint alerts_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create unique index alerts_open_unique on alerts (setting_id) where closed_at is null`,
    `create index alerts_list_index on alerts (account_id, id desc)`,
    `create index alerts_setting_index on alerts (setting_id, id desc)`,
    // What was last known of each phone that was ever there; the alerts tell of changes.
    `create table device_presence (
      device_id text collate "C" not null,
      account_id text collate "C" not null,
      online boolean not null,
      since timestamptz not null,
      constraint device_presence_pk primary key (device_id),
      constraint device_presence_device_fk foreign key (device_id) references devices (id) on delete cascade
    )`,
    // Emergency calls that people were told of, once each.
    `create table emergency_notices (
      call_id text collate "C" not null,
      account_id text collate "C" not null,
      at timestamptz not null,
      constraint emergency_notices_pk primary key (call_id)
    )`,
    `alter table call_records add column emergency_desk jsonb`,
    `create index call_records_emergency_index on call_records (started_at) where emergency`,
  ],
};
