import type { Migration } from './migration.js';

/** Activation codes are of an extension, a user's too, and are typed at a phone. */
export const PHONE_ACTIVATION: Migration = {
  id: '0016-phone-activation',
  statements: [
    `alter table activation_codes add column extension_id text collate "C"`,
    `update activation_codes a set extension_id = c.extension_id from common_areas c where c.id = a.common_area_id`,
    `alter table activation_codes alter column extension_id set not null`,
    `alter table activation_codes drop constraint activation_codes_pk`,
    `alter table activation_codes alter column common_area_id drop not null`,
    `alter table activation_codes add constraint activation_codes_pk primary key (extension_id)`,
    `alter table activation_codes add constraint activation_codes_extension_fk foreign key (extension_id) references extensions (id) on delete cascade`,
    `alter table activation_codes add constraint activation_codes_common_area_unique unique (common_area_id)`,
  ],
};
