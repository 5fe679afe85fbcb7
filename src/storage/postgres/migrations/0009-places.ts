import type { Migration } from './migration.js';

export const PLACES: Migration = {
  id: '0009-places',
  statements: [
    `alter table sites
      add column caller_id_name text collate "C" not null default '',
      add column sip_zone_id text collate "C" not null default '',
      add column short_extension_ranges jsonb not null default '[]',
      add column india jsonb`,
    // Content is that of the template's own shape; a PIN in it is sealed apart.
    `create table setting_templates (
      id text collate "C" not null,
      account_id text collate "C" not null,
      site_id text collate "C",
      type text collate "C" not null,
      name text collate "C" not null,
      description text collate "C" not null,
      content jsonb not null,
      sealed_pin text collate "C",
      created_at timestamptz not null,
      constraint setting_templates_pk primary key (id),
      constraint setting_templates_account_fk foreign key (account_id) references accounts (id),
      constraint setting_templates_site_fk foreign key (site_id) references sites (id),
      constraint setting_templates_type_check check (type in ('user', 'common_area'))
    )`,
    `create unique index setting_templates_name_unique on setting_templates (account_id, type, lower(name))`,
    `create index setting_templates_account_index on setting_templates (account_id, id)`,
    `create index setting_templates_site_index on setting_templates (site_id) where site_id is not null`,
    // Events name the place alone.
    `create index settings_place_index on settings (scope_id)`,
  ],
};
