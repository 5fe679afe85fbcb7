import type { Migration } from './migration.js';

/** Makers' redirect services: the account's access to each, and which phones they are told of. A listing outlives its device. */
export const REDIRECT_SERVICES: Migration = {
  id: '0016-redirect-services',
  statements: [
    `create table redirect_services (
      account_id text collate "C" not null,
      vendor text collate "C" not null,
      access_key_id text collate "C" not null,
      sealed_secret text collate "C" not null,
      active boolean not null,
      updated_at timestamptz not null,
      constraint redirect_services_pk primary key (account_id, vendor),
      constraint redirect_services_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create table redirect_listings (
      account_id text collate "C" not null,
      mac_address text collate "C" not null,
      vendor text collate "C" not null,
      device_id text collate "C" not null,
      state text collate "C" not null,
      attempts integer not null,
      next_at timestamptz,
      reason text collate "C" not null,
      detail text collate "C" not null,
      updated_at timestamptz not null,
      constraint redirect_listings_pk primary key (account_id, mac_address),
      constraint redirect_listings_account_fk foreign key (account_id) references accounts (id),
      constraint redirect_listings_state_check check (state in ('wanted', 'listed', 'failed', 'leaving'))
    )`,
    `create index redirect_listings_due_index on redirect_listings (next_at) where next_at is not null`,
  ],
};
