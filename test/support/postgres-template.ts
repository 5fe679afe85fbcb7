/**
 * Data folders with the schema in them, of PGlite and of the PostgreSQL server, made once per version, schema and machine: making
 * one takes seconds, and 800 MB for PGlite; copying it neither. Tests of the schema's own making do without.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { PoolConfig } from 'pg';
import { createDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { migrate, MIGRATIONS } from '../../src/storage/postgres/migrations/migrate.js';
import { madeOnce } from './made-once.js';
import { findPostgresServer, startPostgresServer, type TestServer } from './postgres-server.js';
import { createTestLog } from './redis.js';

/** Files of `template1` and `template0`, a third of all: nobody connects to them. */
const UNUSED_DATABASES: ReadonlySet<string> = new Set([join('base', '1'), join('base', '4')]);

/** Copies PGlite's folder to `target`, which must not be there yet. */
export async function copyMigratedDataDir(target: string): Promise<void> {
  copyFolder(await embeddedTemplate(), target, '');
}

/** A server on a copy of its folder. */
export async function startMigratedServer(): Promise<TestServer> {
  return startPostgresServer({ dataDir: await serverTemplate() });
}

/** `cpSync` without its questions about every file, which cost more than the copies. */
function copyFolder(from: string, to: string, path: string): void {
  mkdirSync(join(to, path), { recursive: true, mode: 0o700 });
  if (UNUSED_DATABASES.has(path)) return;
  for (const entry of readdirSync(join(from, path), { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) copyFolder(from, to, inner);
    else copyFileSync(join(from, inner), join(to, inner));
  }
}

const schema = (): string => createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 12);

function embeddedTemplate(): Promise<string> {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  return madeOnce(`pglite-${version}-${schema()}`, async (folder) => {
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    await (await PGlite.create(dataDir)).close();
    let failure: Error | undefined;
    const embedded = await startEmbeddedPostgres({ dataDir, socketDir: join(folder, 's'), log: createTestLog(), onFailure: (error) => void (failure = error) });
    await bringUp(embedded.connection, true);
    await embedded.stop();
    if (failure !== undefined) throw failure;
    return dataDir;
  });
}

function serverTemplate(): Promise<string> {
  const version = execFileSync(join(findPostgresServer() ?? '', 'postgres'), ['--version'], { encoding: 'utf8' }).replace(/[^\w.]+/g, '-');
  return madeOnce(`${version}${schema()}`, async (folder) => {
    const server = await startPostgresServer();
    await bringUp(server.connection, false);
    await server.halt();
    const dataDir = join(folder, 'data');
    execFileSync('cp', ['-a', server.dataDir, dataDir]);
    await server.stop();
    return dataDir;
  });
}

async function bringUp(connection: PoolConfig, embedded: boolean): Promise<void> {
  const db = createDatabase({ connection, embedded, log: createTestLog() });
  await migrate(db);
  await db.close();
}
