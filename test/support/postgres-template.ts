/**
 * A PGlite data folder with the schema in it, made once per version, schema and machine: making one takes seconds and 800 MB,
 * copying it neither. Tests of the schema's own making do without.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { createDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { migrate, MIGRATIONS } from '../../src/storage/postgres/migrations/migrate.js';
import { createTestLog } from './redis.js';

/** Files of `template1` and `template0`, a third of all: nobody connects to them. */
const UNUSED_DATABASES: ReadonlySet<string> = new Set([join('base', '1'), join('base', '4')]);

/** Who makes the folder is given this long; then it was killed. */
const MAKING_MS = 120_000;

/** Copies the folder to `target`, which must not be there yet. */
export async function copyMigratedDataDir(target: string): Promise<void> {
  copyFolder(await template(), target, '');
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

async function template(): Promise<string> {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  const schema = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 12);
  const folder = join(tmpdir(), `cordboard-test-pglite-${version}-${schema}-${process.getuid?.() ?? 'user'}`);
  while (!existsSync(folder)) {
    if (await alone(`${folder}.making`, () => make(folder)) === 'busy') await pause(100);
  }
  return folder;
}

/** Runs it unless another test file is at it, which leaves a mark of that name; the mark of a killed one lapses. */
async function alone(mark: string, run: () => Promise<void>): Promise<'done' | 'busy'> {
  try {
    mkdirSync(mark);
  } catch {
    const since = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > MAKING_MS) rmSync(mark, { recursive: true, force: true });
    return 'busy';
  }
  try {
    await run();
  } finally {
    rmSync(mark, { recursive: true, force: true });
  }
  return 'done';
}

async function make(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const making = mkdtempSync(join(tmpdir(), 'cb-pglite-template-'));
  try {
    const data = join(making, 'data');
    mkdirSync(data, { mode: 0o700 });
    await (await PGlite.create(data)).close();
    await bringUp(data, join(making, 's'));
    renameSync(data, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
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
