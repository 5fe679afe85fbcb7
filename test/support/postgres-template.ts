/**
 * A PGlite data folder with the schema in it, made once per version, schema and machine: making one takes seconds and 800 MB,
 * copying it neither. Tests of the schema's own making do without.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { migrate, MIGRATIONS } from '../../src/storage/postgres/migrations/migrate.js';
import { createTestLog } from './redis.js';

/** Copies the folder to `target`, which must not be there yet. */
export async function copyMigratedDataDir(target: string): Promise<void> {
  cpSync(await template(), target, { recursive: true });
}

async function template(): Promise<string> {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  const schema = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `cordboard-test-pglite-${version}-${schema}-${process.getuid?.() ?? 'user'}`);
  if (existsSync(folder)) return folder;
  const making = mkdtempSync(join(tmpdir(), 'cb-pglite-template-'));
  try {
    const data = join(making, 'data');
    mkdirSync(data, { mode: 0o700 });
    await (await PGlite.create(data)).close();
    await bringUp(data, join(making, 's'));
    renameSync(data, folder);
  } catch (error) {
    // Another test file was faster; its folder is as good.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}

async function bringUp(dataDir: string, socketDir: string): Promise<void> {
  const log = createTestLog();
  let failure: Error | undefined;
  const embedded = await startEmbeddedPostgres({ dataDir, socketDir, log, onFailure: (error) => void (failure = error) });
  const db = createDatabase({ connection: embedded.connection, embedded: true, log });
  await migrate(db);
  await db.close();
  await embedded.stop();
  if (failure !== undefined) throw failure;
}
