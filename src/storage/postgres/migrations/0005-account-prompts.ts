import type { Migration } from './migration.js';

export const ACCOUNT_PROMPTS: Migration = {
  id: '0005-account-prompts',
  statements: [
    // samples: 8000 Hz, mono, 16 bits signed, little-endian.
    `create table account_prompts (
      account_id text collate "C" not null,
      language text collate "C" not null,
      prompt_id text collate "C" not null,
      samples bytea not null,
      duration_ms integer not null,
      uploaded_at timestamptz not null,
      constraint account_prompts_pk primary key (account_id, language, prompt_id),
      constraint account_prompts_account_fk foreign key (account_id) references accounts (id),
      constraint account_prompts_samples_check check (octet_length(samples) > 0 and octet_length(samples) % 2 = 0)
    )`,
  ],
};
