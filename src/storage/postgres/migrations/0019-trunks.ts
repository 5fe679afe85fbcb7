import type { Migration } from './migration.js';

/** Ways to the telephone network, what goes where, and patterns of numbers that lead to a trunk. */
export const TRUNKS: Migration = {
  id: '0019-trunks',
  statements: [
    `create table trunks (
      id text collate "C" not null,
      account_id text collate "C" not null,
      name text collate "C" not null,
      enabled boolean not null,
      country text collate "C" not null,
      authentication jsonb not null,
      sealed_password text collate "C" not null,
      gateways jsonb not null,
      border jsonb not null,
      media jsonb not null,
      limits jsonb not null,
      session_expires_seconds integer not null,
      probe_seconds integer not null,
      version integer not null,
      constraint trunks_pk primary key (id),
      constraint trunks_account_fk foreign key (account_id) references accounts (id),
      constraint trunks_name_unique unique (account_id, name)
    )`,
    `create table trunk_routes (
      id text collate "C" not null,
      account_id text collate "C" not null,
      trunk_id text collate "C" not null,
      site_id text collate "C",
      prefix text collate "C" not null,
      priority integer not null,
      weight integer not null,
      emergency boolean not null,
      constraint trunk_routes_pk primary key (id),
      constraint trunk_routes_account_fk foreign key (account_id) references accounts (id),
      constraint trunk_routes_trunk_fk foreign key (trunk_id) references trunks (id) on delete cascade,
      constraint trunk_routes_site_fk foreign key (site_id) references sites (id) on delete cascade
    )`,
    `create index trunk_routes_trunk_index on trunk_routes (trunk_id)`,
    `create index trunk_routes_site_index on trunk_routes (site_id)`,
    `create table routing_rules (
      id text collate "C" not null,
      account_id text collate "C" not null,
      site_id text collate "C",
      name text collate "C" not null,
      number_pattern text collate "C" not null,
      translation text collate "C" not null,
      trunk_id text collate "C",
      position integer not null,
      constraint routing_rules_pk primary key (id),
      constraint routing_rules_account_fk foreign key (account_id) references accounts (id),
      constraint routing_rules_site_fk foreign key (site_id) references sites (id) on delete cascade,
      constraint routing_rules_trunk_fk foreign key (trunk_id) references trunks (id) on delete set null
    )`,
    `create index routing_rules_account_index on routing_rules (account_id, position, id)`,
    `create index routing_rules_site_index on routing_rules (site_id)`,
    `create index routing_rules_trunk_index on routing_rules (trunk_id)`,
  ],
};
