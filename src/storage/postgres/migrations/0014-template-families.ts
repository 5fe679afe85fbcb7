import type { Migration } from './migration.js';

/** Families of phones that a template is for; none = whoever understands it. */
export const TEMPLATE_FAMILIES: Migration = {
  id: '0014-template-families',
  statements: [`alter table provision_templates add column families text[] collate "C" not null default '{}'`],
};
