/**
 * PostgreSQL for contract tests, in both of its forms: PGlite behind a socket, and a server found on this machine.
 *
 *   await onEveryPostgres(t, async (t, postgres) => {
 *     const db = await postgres.open(t);
 *   });
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import type { Test } from 'tap';
import { createDatabase } from '../../src/storage/postgres/database.js';
import type { DatabaseOptions, PostgresDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { migrate } from '../../src/storage/postgres/migrations/migrate.js';
import { findPostgresServer } from './postgres-server.js';
import { copyMigratedDataDir, startMigratedServer } from './postgres-template.js';
import { createTestLog } from './redis.js';

export interface TestPostgres {
  readonly kind: 'embedded' | 'server';
  readonly connection: PoolConfig;
  readonly log: ReturnType<typeof createTestLog>;
  /** A pool of its own on the migrated database, closed with the test given. */
  open(t: Test, options?: Partial<DatabaseOptions>): Promise<PostgresDatabase>;
}

/**
 * Runs the suite on PGlite and on a server, each a subtest with a fresh, migrated database. Where no server is installed the
 * second is skipped aloud, and fails where `CI` is set and `REQUIRE_POSTGRES=1`.
 */
export async function onEveryPostgres(t: Test, suite: (t: Test, postgres: TestPostgres) => Promise<void>): Promise<void> {
  await t.test('embedded PostgreSQL', async (t) => suite(t, await startTestEmbedded(t)));
  const server = findPostgresServer();
  if (server !== null) {
    await t.test('PostgreSQL server', async (t) => suite(t, await startTestServer(t)));
    return;
  }
  const missing = 'no PostgreSQL server found (PATH, /usr/lib/postgresql/*/bin): apt-get install postgresql';
  if (process.env['CI'] && process.env['REQUIRE_POSTGRES'] === '1') t.fail(missing);
  else await t.test('PostgreSQL server', { skip: missing }, async () => undefined);
}

/** PGlite in its thread behind a socket in a temporary folder; stopped and removed with the test. */
export async function startTestEmbedded(t: Test): Promise<TestPostgres> {
  const log = createTestLog();
  const folder = mkdtempSync(join(tmpdir(), 'cb-pglite-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const dataDir = join(folder, 'data');
  await copyMigratedDataDir(dataDir);
  const embedded = await startEmbeddedPostgres({
    dataDir, socketDir: join(folder, 's'), log, onFailure: (error) => void t.fail('embedded PostgreSQL died', { reason: error.message }),
  });
  t.teardown(() => embedded.stop());
  return migrated('embedded', embedded.connection, log);
}

/** A server of the test's own on a Unix socket; stopped and removed with the test. */
export async function startTestServer(t: Test): Promise<TestPostgres> {
  const server = await startMigratedServer();
  t.teardown(() => server.stop());
  return migrated('server', server.connection, createTestLog());
}

async function migrated(kind: TestPostgres['kind'], connection: PoolConfig, log: TestPostgres['log']): Promise<TestPostgres> {
  const open: TestPostgres['open'] = async (t, options) => {
    const db = createDatabase({ connection, embedded: kind === 'embedded', log, ...options });
    t.teardown(() => db.close());
    return db;
  };
  const db = createDatabase({ connection, embedded: kind === 'embedded', log });
  await migrate(db);
  await db.close();
  return { kind, connection, log, open };
}
