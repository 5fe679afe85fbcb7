import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { createRedisClient, type RedisClient } from '../../src/storage/redis/client.js';
import { startPrivateRedis, type PrivateRedis } from '../../src/storage/redis/server.js';
import { isAlive, waitUntilGone } from '../../src/storage/redis/server-process.js';
import { createTestLog } from '../support/redis.js';

interface Place {
  readonly dataDir: string;
  readonly socketDir: string;
  readonly log: ReturnType<typeof createTestLog>;
}

function place(t: { teardown(fn: () => void): void }): Place {
  const folder = mkdtempSync(join(tmpdir(), 'cb-server-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return { dataDir: join(folder, 'data'), socketDir: join(folder, 's'), log: createTestLog() };
}

async function start(t: { teardown(fn: () => unknown): void }, options: Parameters<typeof startPrivateRedis>[0]): Promise<PrivateRedis> {
  const outcome = await startPrivateRedis(options);
  if (outcome.kind !== 'started') throw new Error(outcome.text);
  const { server } = outcome;
  t.teardown(() => server.stop());
  return server;
}

async function connect(t: { teardown(fn: () => void): void }, server: PrivateRedis): Promise<RedisClient> {
  const client = createRedisClient({ target: server.target, log: createTestLog() });
  t.teardown(() => client.close());
  t.teardown(() => undefined);
  const outcome = await client.connect(5000);
  if (outcome.kind !== 'connected') throw new Error(outcome.text);
  return client;
}

/** What the append-only files of a server hold now. */
function appendedTo(dataDir: string): string {
  const folder = join(dataDir, 'redis', 'appendonlydir');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1')).join('');
}

t.test('starts closed to others, keeps data over a stop, and leaves no process', async (t) => {
  const where = place(t);
  let exits = 0;
  const server = await start(t, { ...where, onExit: () => { exits += 1; } });
  const client = await connect(t, server);
  const setting = async (name: string) => (await client.ask((raw) => raw.config('GET', name)) as readonly string[])[1];
  t.same(
    await Promise.all(['port', 'appendonly', 'appendfsync', 'save', 'maxmemory'].map(setting)),
    ['0', 'yes', 'everysec', '', '0'],
  );
  t.equal(statSync(where.socketDir).mode & 0o777, 0o700);
  t.equal(statSync(join(where.dataDir, 'redis')).mode & 0o777, 0o700);
  t.equal(statSync(join(where.socketDir, 'redis.sock')).mode & 0o777, 0o600);
  await client.ask((raw) => raw.set('kept', '1'));
  await Promise.all([server.stop(), server.stop()]);
  t.notOk(isAlive(server.pid));
  t.equal(exits, 0, 'a stop is no accident');

  const again = await start(t, where);
  t.equal(await (await connect(t, again)).ask((raw) => raw.get('kept')), '1');
});

t.test('Linux: a process group of its own, and none of our environment', { skip: process.platform === 'linux' ? false : 'needs /proc' }, async (t) => {
  process.env['CORDBOARD_TEST_SECRET'] = 'hidden';
  t.teardown(() => delete process.env['CORDBOARD_TEST_SECRET']);
  const server = await start(t, place(t));
  const group = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
  t.equal(group, String(server.pid));
  t.notMatch(readFileSync(`/proc/${server.pid}/environ`, 'utf8'), 'hidden');
});

t.test('a server that dies is told', async (t) => {
  let tell: (text: string) => void = () => undefined;
  const told = new Promise<string>((resolve) => { tell = resolve; });
  const server = await start(t, { ...place(t), onExit: (text) => tell(text) });
  process.kill(server.pid, 'SIGKILL');
  t.match(await told, /redis-server ended by itself \(SIGKILL\)/);
  await server.stop();
});

t.test('a missing program is an outcome that names the remedy', async (t) => {
  const outcome = await startPrivateRedis({ ...place(t), program: 'redis-server-that-is-not-there' });
  t.equal(outcome.kind, 'not-installed');
  t.match(outcome.kind === 'not-installed' && outcome.text, /redis-server.*REDIS_URL/);
});

t.test('a program that ends at once is an outcome', async (t) => {
  const outcome = await startPrivateRedis({ ...place(t), program: 'false' });
  t.equal(outcome.kind, 'failed');
  t.match(outcome.kind === 'failed' && outcome.text, /ended by itself \(code 1\)/);
});

t.test('a socket path too long is an outcome', async (t) => {
  const where = place(t);
  const outcome = await startPrivateRedis({ ...where, socketDir: join(where.socketDir, 'x'.repeat(120)) });
  t.match(outcome.kind === 'failed' && outcome.text, /longer than .* TMPDIR/);
});

const ORPHANS: readonly { readonly rule: string; readonly hung: boolean; readonly otherSocket: boolean }[] = [
  { rule: 'on our socket', hung: false, otherSocket: false },
  { rule: 'on our data, but another socket', hung: false, otherSocket: true },
  { rule: 'that hangs', hung: true, otherSocket: false },
];

for (const { rule, hung, otherSocket } of ORPHANS) {
  t.test(`an orphan ${rule} is ended and replaced, its data kept`, async (t) => {
    const where = place(t);
    const orphan = await start(t, where);
    const client = await connect(t, orphan);
    await client.ask((raw) => raw.set('kept', '1'));
    client.close();
    // With `appendfsync everysec` a write waits for a sync that is under way, on a busy disk for long.
    while (!appendedTo(where.dataDir).includes('kept')) await new Promise((resolve) => setImmediate(resolve));
    if (hung) process.kill(orphan.pid, 'SIGSTOP');
    const server = await start(t, otherSocket ? { ...where, socketDir: `${where.socketDir}2` } : where);
    t.not(server.pid, orphan.pid);
    t.ok(await waitUntilGone(orphan.pid, 1000));
    t.equal(await (await connect(t, server)).ask((raw) => raw.get('kept')), '1');
    t.ok(where.log.lines.some(({ event }) => event === 'ending the redis-server of an earlier run'));
  });
}

t.test('two instances beside each other do not meet', async (t) => {
  const one = await start(t, place(t));
  const two = await start(t, place(t));
  t.not(one.pid, two.pid);
  await two.stop();
  t.ok(isAlive(one.pid));
});

t.test('a client is refused, not hung, where nobody answers', async (t) => {
  const client = createRedisClient({ target: { kind: 'url', url: 'redis://user:hidden@127.0.0.1:1/' }, log: createTestLog() });
  t.teardown(() => client.close());
  const outcome = await client.connect(300);
  t.match(outcome.kind === 'refused' && outcome.text, /redis:\/\/127\.0\.0\.1:1\/ does not answer.*ECONNREFUSED/);
  t.notMatch(outcome, /hidden/);
});
