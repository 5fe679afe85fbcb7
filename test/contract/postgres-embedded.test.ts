import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import t from 'tap';
import type { Test } from 'tap';
import { asId } from '../../src/domain/ids.js';
import type { AccountId } from '../../src/domain/ids.js';
import { createDatabase } from '../../src/storage/postgres/database.js';
import type { PostgresDatabase } from '../../src/storage/postgres/database.js';
import { startEmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import type { EmbeddedPostgres } from '../../src/storage/postgres/embedded.js';
import { MIGRATIONS, migrate } from '../../src/storage/postgres/migrations/migrate.js';
import { createStores } from '../../src/storage/postgres/stores.js';
import { createTestLog } from '../support/redis.js';
import { runnable } from '../support/repository.js';

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'cb-pgl-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function start(t: Test, folder: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDir: join(folder, 'data'), socketDir: join(folder, 's'), log: createTestLog(), onFailure: (error) => void t.fail(error.message),
  });
}

function connect(embedded: EmbeddedPostgres): PostgresDatabase {
  return createDatabase({ connection: embedded.connection, embedded: true, log: createTestLog() });
}

t.test('kill -9 of the process keeps every committed row, and the next start needs no help', { timeout: 180_000 }, async (t) => {
  const folder = folderOf(t);
  const program = fileURLToPath(runnable('test/support/postgres-committer'));
  const child = spawn(process.execPath, [...process.execArgv, program, join(folder, 'data'), join(folder, 's')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const committed: AccountId[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    committed.push(asId<AccountId>(line));
    if (committed.length === 50) child.kill('SIGKILL');
  }
  t.same(await exited, [null, 'SIGKILL']);
  t.ok(committed.length >= 50);
  t.ok(existsSync(join(folder, 's', '.s.PGSQL.5432')), 'the stale socket is there');
  const embedded = await start(t, folder);
  const db = connect(embedded);
  t.same(await migrate(db), [], 'the schema is whole');
  const rows = await db.queries.selectFrom('accounts').select(['id', 'config_version']).execute();
  const found = new Map(rows.map((row) => [row.id, row.config_version]));
  t.same(committed.filter((id) => found.get(id) !== 1), [], 'every row told is there, with its event');
  await db.close();
  await embedded.stop();
});

t.test('folders and socket are private; stop is idempotent, and a clean stop reopens', { timeout: 120_000 }, async (t) => {
  const folder = folderOf(t);
  // A first creation that was killed half-way left this behind.
  mkdirSync(join(folder, 'data', 'base'), { recursive: true });
  writeFileSync(join(folder, 'data', 'PG_VERSION'), '18\n');
  writeFileSync(join(folder, 'data.creating'), '');
  const first = await start(t, folder);
  for (const path of ['data', 's', join('s', '.s.PGSQL.5432')]) t.equal(lstatSync(join(folder, path)).mode & 0o777, 0o700, path);
  t.notOk(existsSync(join(folder, 'data.creating')), 'the creation is finished');
  const db = connect(first);
  t.same(await migrate(db), MIGRATIONS.map((migration) => migration.id));
  await db.close();
  await Promise.all([first.stop(), first.stop()]);
  await first.stop();
  const second = await start(t, folder);
  const again = connect(second);
  t.same(await migrate(again), []);
  t.equal(await createStores(again).accounts.first(), null);
  await again.close();
  await second.stop();
});

t.test('what cannot start says why', async (t) => {
  const folder = folderOf(t);
  await t.rejects(start(t, join(folder, 'x'.repeat(100))), /longer than 107 bytes/);
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'data', 'PG_VERSION'), 'nonsense\n');
  await t.rejects(start(t, folder), /did not start/);
});
