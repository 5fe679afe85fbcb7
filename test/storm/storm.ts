import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { createDatabase, type PostgresDatabase } from '../../src/storage/postgres/database.js';
import { migrate } from '../../src/storage/postgres/migrations/migrate.js';
import { createRedisClient } from '../../src/storage/redis/client.js';
import { createConfigHint } from '../../src/storage/redis/config-hint.js';
import { startPrivateRedis } from '../../src/storage/redis/server.js';
import { furnish, hotDeskNode, movableClock } from '../support/hot-desk-office.js';
import { brokenRules, castOf, seeded, storm } from '../support/hot-desk-storm.js';
import { startPostgresServer } from '../support/postgres-server.js';
import { createTestLog } from '../support/redis.js';
import { readOptions, USAGE } from './options.js';
import { stormCalls } from './storm-calls.js';
import type { ChildOrders } from './storm-child.js';
import { runnable } from '../support/repository.js';

/** Rules are asked after so many operations of this process. */
const ROUND = 500;

/** Runs the long storm; resolves with the exit code. */
export async function runStorm(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) {
    process.stdout.write(USAGE);
    return 2;
  }
  const { operations, seed, calls } = options;
  if (calls > 0) return stormCalls(calls);
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-storm-'));
  const log = createTestLog();
  const server = await startPostgresServer();
  const redis = await startPrivateRedis({ dataDir: join(folder, 'data'), socketDir: join(folder, 's'), log });
  if (redis.kind !== 'started') throw new Error(redis.text);
  const client = createRedisClient({ target: redis.server.target, log });
  await client.connect(10_000);
  const flusher = client.open('commands');
  await flusher.connect();
  const random = seeded(seed);
  const keys = { pin: randomBytes(32), box: randomBytes(32) };
  const clock = movableClock();
  const databases = [0, 1].map(() => createDatabase({ connection: server.connection, embedded: false, log }));
  const hints = databases.map((_, n) => createConfigHint({ client, nodeId: `node-${n}`, log }));
  try {
    const [database] = databases;
    if (database === undefined) throw new Error('no database');
    await migrate(database);
    const nodes = await Promise.all(databases.map((one, n) => hotDeskNode(one, clock, keys, `node-${n}`, { pinCost: 16, onCommit: () => hints[n]?.tell() })));
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    const office = await furnish(first);
    const cast = await castOf(first, office, { people: 30, devices: 20 });
    await Promise.all(nodes.map((node) => node.directory.load()));
    hints.forEach((hint, n) => hint.listen(() => void nodes[n]?.directory.catchUp().catch(() => undefined)));

    const figures = { operations: 0, byChild: 0, signedIn: 0, refused: 0, faults: 0, kills: 0, flushes: 0, checks: 0 };
    const startedAt = performance.now();
    while (figures.operations + figures.byChild < operations) {
      const child = startChild({
        connection: server.connection, keys: { pin: keys.pin.toString('hex'), box: keys.box.toString('hex') }, cast, actor: office.actor,
        seed: seed + figures.kills + 1, at: clock.now(),
      }, (done, signedIn) => {
        figures.byChild += done;
        figures.signedIn += signedIn;
      });
      const round = await storm(nodes, cast, office.actor, { random, operations: ROUND, atOnce: 6 });
      figures.operations += round.operations;
      figures.signedIn += round.signedIn;
      figures.refused += round.refused;
      figures.faults += round.faults;
      if (random() < 0.5) {
        await flusher.flushall();
        figures.flushes += 1;
      }
      await child.kill();
      figures.kills += 1;
      await quiet(database);
      const broken = await brokenRules(database, nodes, cast);
      figures.checks += 1;
      if (figures.checks % 10 === 0) process.stderr.write(`${figures.operations + figures.byChild} operations, ${figures.checks} checks\n`);
      if (broken.length > 0) {
        process.stdout.write(`seed ${seed}: after ${figures.operations + figures.byChild} operations\n${broken.slice(0, 20).join('\n')}\n`);
        return 1;
      }
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const sessions = await database.queries.selectFrom('hot_desk_sessions').select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
    process.stdout.write(`${JSON.stringify({ seed, seconds, sessions: sessions.n, ...figures, broken: 0 })}\n`);
    return 0;
  } finally {
    for (const hint of hints) hint.close();
    flusher.disconnect();
    client.close();
    await Promise.all(databases.map((one) => one.close()));
    await redis.server.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function startChild(orders: ChildOrders, onBatch: (operations: number, signedIn: number) => void): { kill(): Promise<void> } {
  const path = fileURLToPath(runnable('test/storm/storm-child'));
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, path, JSON.stringify(orders)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.stdout === null) throw new Error('the child has no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [operations = 0, signedIn = 0] = line.split(' ').map(Number);
    onBatch(operations, signedIn);
  });
  return {
    kill: async () => {
      if (child.exitCode !== null) throw new Error(`the child ended by itself with ${child.exitCode}`);
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Resolves when the server has ended what the killed process had begun. */
async function quiet(database: PostgresDatabase): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ readonly n: number }>`
      select count(*) as n from pg_stat_activity where application_name = 'cordboard' and state <> 'idle' and pid <> pg_backend_pid()`.execute(database.queries);
    if (rows[0]?.n === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
