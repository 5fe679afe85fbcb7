import type { Migration } from './migration.js';

export const WEBHOOKS: Migration = {
  id: '0003-webhooks',
  statements: [
    `create table webhooks (
      id text collate "C" not null,
      account_id text collate "C" not null,
      url text collate "C" not null,
      sealed_secret text collate "C" not null,
      events text[] collate "C" not null,
      active boolean not null,
      verified_at timestamptz,
      created_at timestamptz not null,
      constraint webhooks_pk primary key (id),
      constraint webhooks_account_fk foreign key (account_id) references accounts (id)
    )`,
    `create index webhooks_account_index on webhooks (account_id, id)`,
    // Sessions and events are named without foreign keys: deliveries are kept for weeks, those for longer or shorter.
    `create table webhook_deliveries (
      id text collate "C" not null,
      account_id text collate "C" not null,
      webhook_id text collate "C" not null,
      event_id text collate "C" not null,
      type text collate "C" not null,
      session_id text collate "C" not null,
      sequence bigint not null,
      body text collate "C" not null,
      state text collate "C" not null,
      attempts integer not null,
      next_at timestamptz not null,
      last_status integer,
      last_error text collate "C" not null,
      created_at timestamptz not null,
      delivered_at timestamptz,
      constraint webhook_deliveries_pk primary key (id),
      constraint webhook_deliveries_webhook_fk foreign key (webhook_id) references webhooks (id) on delete cascade,
      constraint webhook_deliveries_event_unique unique (webhook_id, event_id),
      constraint webhook_deliveries_state_check check (state in ('pending', 'delivered', 'failed')),
      constraint webhook_deliveries_delivered_check check ((state = 'delivered') = (delivered_at is not null))
    )`,
    `create index webhook_deliveries_due_index on webhook_deliveries (next_at) where state = 'pending'`,
    `create index webhook_deliveries_order_index on webhook_deliveries (webhook_id, session_id, sequence) where state = 'pending'`,
    `create index webhook_deliveries_list_index on webhook_deliveries (webhook_id, id desc)`,
    `create index webhook_deliveries_made_index on webhook_deliveries (created_at) where state <> 'pending'`,
    `create index hot_desk_events_session_waiting_index on hot_desk_events (session_id, sequence) where not handed_on`,
  ],
};
