import type { Migration } from './migration.js';

/** Files of changes with the plan of each row, and what undoes it. */
export const IMPORTS: Migration = {
  id: '0025-imports',
  statements: [
    `create table imports (
      id text collate "C" not null,
      account_id text collate "C" not null,
      kind text collate "C" not null,
      site_id text collate "C",
      copy_from text collate "C",
      notify boolean not null,
      state text collate "C" not null,
      staged boolean not null,
      rows integer not null,
      cursor integer not null,
      counts jsonb not null,
      applied_rows integer not null,
      seats jsonb,
      faulty_rows text collate "C" not null,
      planned_version bigint not null,
      problems jsonb not null,
      created_at timestamptz not null,
      created_by text collate "C" not null,
      asked_by text collate "C" not null,
      applied_at timestamptz,
      ended_at timestamptz,
      busy_until timestamptz,
      constraint imports_pk primary key (id),
      constraint imports_account_fk foreign key (account_id) references accounts (id),
      constraint imports_kind_check check (kind in ('users', 'common_areas', 'devices', 'phone_numbers')),
      constraint imports_state_check check (
        state in ('parsing', 'planned', 'applying', 'rolling_back', 'applied', 'undoing', 'undone', 'discarded', 'failed')),
      constraint imports_faulty_rows_check check (faulty_rows in ('refuse', 'ignore'))
    )`,
    `create index imports_account_index on imports (account_id, id desc)`,
    `create index imports_work_index on imports (busy_until) where state in ('parsing', 'applying', 'rolling_back', 'undoing')`,
    // `journal`: the entries as they were written, before and after; null = the row is not in force.
    `create table import_rows (
      import_id text collate "C" not null,
      account_id text collate "C" not null,
      row integer not null,
      cells jsonb not null,
      chosen jsonb not null,
      action text collate "C" not null,
      subject text collate "C" not null,
      changes jsonb not null,
      problems jsonb not null,
      warnings jsonb not null,
      journal jsonb,
      constraint import_rows_pk primary key (import_id, row),
      constraint import_rows_account_fk foreign key (account_id) references accounts (id),
      constraint import_rows_import_fk foreign key (import_id) references imports (id) on delete cascade,
      constraint import_rows_action_check check (action in ('', 'add', 'update', 'unchanged', 'error'))
    )`,
    `create index import_rows_action_index on import_rows (import_id, action, row)`,
    `create index import_rows_journal_index on import_rows (import_id, row) where journal is not null`,
    `create table import_claims (
      import_id text collate "C" not null,
      account_id text collate "C" not null,
      key text collate "C" not null,
      row integer not null,
      constraint import_claims_pk primary key (import_id, key),
      constraint import_claims_account_fk foreign key (account_id) references accounts (id),
      constraint import_claims_import_fk foreign key (import_id) references imports (id) on delete cascade
    )`,
  ],
};
