import { sql } from 'kysely';
import { UniqueViolation } from '../../../ports/admin-stores.js';
import type { PostgresDatabase } from '../database.js';
import { INITIAL } from './0001-initial.js';
import { HOT_DESKING } from './0002-hot-desking.js';
import { WEBHOOKS } from './0003-webhooks.js';
import { DEVICE_RESYNCS } from './0004-device-resyncs.js';
import { ACCOUNT_PROMPTS } from './0005-account-prompts.js';
import { PHONE_NUMBERS } from './0006-phone-numbers.js';
import { CALL_RULES } from './0007-call-rules.js';
import { PEOPLE } from './0008-people.js';
import { PLACES } from './0009-places.js';
import { SAFETY } from './0010-safety.js';
import { PHONES } from './0011-phones.js';
import { RECORDS_AND_CLIENTS } from './0012-records-and-clients.js';
import { PROVISIONING } from './0013-provisioning.js';
import { FIRMWARE_IMAGES } from './0014-firmware-images.js';
import { TEMPLATE_FAMILIES } from './0014-template-families.js';
import { RESYNC_CAMPAIGNS } from './0015-resync-campaigns.js';
import { PHONE_ACTIVATION } from './0016-phone-activation.js';
import { REDIRECT_SERVICES } from './0016-redirect-services.js';
import { PHONE_FILES } from './0017-phone-files.js';
import { TRUNKS } from './0019-trunks.js';
import { CHARGES } from './0020-charges.js';
import { FRAUD_GUARDS } from './0020-fraud-guards.js';
import { CALL_QUALITY } from './0022-call-quality.js';
import { FORWARDS } from './0023-forwards.js';
import { ROLE_TARGETS } from './0024-roles.js';
import { IMPORTS } from './0025-imports.js';
import { SCIM } from './0026-scim.js';
import type { Migration } from './migration.js';

/** In order, one a line; an id is added in the order of its number. */
export const MIGRATIONS: readonly Migration[] = [
  INITIAL,
  HOT_DESKING,
  WEBHOOKS,
  DEVICE_RESYNCS,
  ACCOUNT_PROMPTS,
  PHONE_NUMBERS,
  CALL_RULES,
  PEOPLE,
  PLACES,
  SAFETY,
  PHONES,
  RECORDS_AND_CLIENTS,
  PROVISIONING,
  TEMPLATE_FAMILIES,
  FIRMWARE_IMAGES,
  RESYNC_CAMPAIGNS,
  PHONE_ACTIVATION,
  REDIRECT_SERVICES,
  PHONE_FILES,
  TRUNKS,
  CHARGES,
  FRAUD_GUARDS,
  CALL_QUALITY,
  FORWARDS,
  ROLE_TARGETS,
  IMPORTS,
  SCIM,
];

/**
 * Brings the schema up to date; does nothing when it is. Safe when several nodes start at once: the record table is the lock.
 * Returns the ids applied now. Throws when the database was made by a newer version, and StorageFault.
 */
export async function migrate(db: PostgresDatabase, migrations: readonly Migration[] = MIGRATIONS): Promise<readonly string[]> {
  await ensureRecordTable(db);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await applyOnce(db, migration)) applied.push(migration.id);
  }
  await refuseUnknown(db, migrations);
  if (applied.length > 0) db.log.info('postgres-migrated', { applied });
  return applied;
}

async function ensureRecordTable(db: PostgresDatabase): Promise<void> {
  const create = sql`create table if not exists schema_migrations (
    id text collate "C" primary key, applied_at timestamptz not null default now())`;
  try {
    await create.execute(db.queries);
  } catch (error) {
    // Two nodes creating it at once: IF NOT EXISTS does not cover the catalog's own unique index.
    if (!(error instanceof UniqueViolation)) throw error;
    await create.execute(db.queries);
  }
}

async function applyOnce(db: PostgresDatabase, migration: Migration): Promise<boolean> {
  return db.queries.transaction().execute(async (queries) => {
    await sql`lock table schema_migrations in exclusive mode`.execute(queries);
    const done = await queries.selectFrom('schema_migrations').select('id').where('id', '=', migration.id).executeTakeFirst();
    if (done !== undefined) return false;
    for (const statement of migration.statements) await sql.raw(statement).execute(queries);
    await queries.insertInto('schema_migrations').values({ id: migration.id }).execute();
    return true;
  });
}

async function refuseUnknown(db: PostgresDatabase, migrations: readonly Migration[]): Promise<void> {
  const known = new Set(migrations.map((migration) => migration.id));
  const rows = await db.queries.selectFrom('schema_migrations').select('id').orderBy('id').execute();
  const unknown = rows.map((row) => row.id).filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new Error(`the database was made by a newer version (steps ${unknown.join(', ')}): start that version, or restore a backup`);
  }
}
