import type { Migration } from './migration.js';

/** Where phones find the firmware of a rule ('' = they are told nothing), and which share of them is told. */
export const FIRMWARE_IMAGES: Migration = {
  id: '0014-firmware-images',
  statements: [
    `alter table firmware_rules add column image_url text collate "C" not null default ''`,
    `alter table firmware_rules add column percent integer not null default 100 constraint firmware_rules_percent_check check (percent between 0 and 100)`,
  ],
};
