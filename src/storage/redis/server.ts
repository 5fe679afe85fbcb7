import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../ports/runtime.js';
import { shortConnection, type RedisTarget } from './connection-options.js';
import { infoField } from './continuity.js';
import { removeOrphan } from './server-orphan.js';

export interface PrivateRedis {
  /** For `createRedisClient`. */
  readonly target: RedisTarget;
  readonly pid: number;
  /** SHUTDOWN, then waits for the end; insists after 3 s. Idempotent. */
  stop(): Promise<void>;
}

export type PrivateRedisOutcome =
  | { readonly kind: 'started'; readonly server: PrivateRedis }
  /** There is no redis-server on this machine; the text names the package. */
  | { readonly kind: 'not-installed'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

export interface PrivateRedisOptions {
  /** The append-only file lives in `<dataDir>/redis`. The caller holds the lock of this folder. */
  readonly dataDir: string;
  /** Short path for the socket (a Unix socket path has at most 107 bytes); made 0700. */
  readonly socketDir: string;
  readonly log: Log;
  /** The server died by itself: the process must end. Not called for `stop`. */
  readonly onExit?: (text: string) => void;
  /** Program to run; `redis-server` of the PATH by default. */
  readonly program?: string;
  /** A large append-only file takes its time to be read. */
  readonly startTimeoutMs?: number;
}

/** macOS has 103, Linux 107. */
const SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;
const STOP_PATIENCE_MS = 3000;

/** Starts our own redis-server: Unix socket only, append-only file synced each second, no eviction. */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedisOutcome> {
  const { socketDir, log, program = 'redis-server', startTimeoutMs = 60_000 } = options;
  const folder = join(options.dataDir, 'redis');
  const socketPath = join(socketDir, 'redis.sock');
  const pidFile = join(folder, 'redis.pid');
  const logFile = join(folder, 'redis.log');
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES) {
    const text = `The socket path ${socketPath} is longer than ${SOCKET_PATH_BYTES} bytes. Set TMPDIR to a shorter folder.`;
    return { kind: 'failed', text };
  }
  for (const made of [folder, socketDir]) {
    mkdirSync(made, { recursive: true, mode: 0o700 });
    chmodSync(made, 0o700);
  }
  const obstacle = await removeOrphan({ socketPath, folder, pidFile, log });
  if (obstacle !== null) return { kind: 'failed', text: obstacle };

  const output = openSync(logFile, 'a', 0o600);
  const child = spawn(program, serverArguments({ folder, socketPath, pidFile, logFile }), {
    // A process group of its own: Ctrl-C must not end it before us.
    detached: true,
    cwd: folder,
    stdio: ['ignore', output, output],
    // Our environment may hold secrets, and Redis needs none of it.
    env: { PATH: process.env['PATH'] },
  });
  closeSync(output);
  let stopping = false;
  let exit: string | null = null;
  let missing = false;
  child.on('error', (error) => {
    missing = 'code' in error && error.code === 'ENOENT';
    exit ??= `${program} could not be started: ${error.message}`;
  });
  child.on('exit', (code, signal) => {
    exit ??= `redis-server ended by itself (${signal ?? `code ${String(code)}`}). ${lastLine(logFile)}`.trim();
    if (started && !stopping) options.onExit?.(exit);
  });
  let started = false;

  const deadline = performance.now() + startTimeoutMs;
  while (!(await isReady(socketPath))) {
    if (missing) return { kind: 'not-installed', text: missingText() };
    if (exit !== null) return { kind: 'failed', text: exit };
    if (performance.now() >= deadline) {
      stopping = true;
      child.kill('SIGKILL');
      const text = `redis-server did not answer at ${socketPath} within ${startTimeoutMs / 1000} s. ${lastLine(logFile)}`;
      return { kind: 'failed', text };
    }
    await delay(25);
  }
  const { pid } = child;
  if (exit !== null || pid === undefined) return { kind: 'failed', text: exit ?? 'redis-server has no process id.' };
  started = true;
  child.unref();

  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    stopping = true;
    await endChild(child, socketPath);
  };
  return { kind: 'started', server: { target: { kind: 'socket', path: socketPath }, pid, stop: () => (stopped ??= stop()) } };
}

function serverArguments(place: {
  readonly folder: string; readonly socketPath: string; readonly pidFile: string; readonly logFile: string;
}): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    'port': '0',
    'unixsocket': place.socketPath,
    'unixsocketperm': '600',
    'dir': place.folder,
    'pidfile': place.pidFile,
    'logfile': place.logFile,
    'loglevel': 'warning',
    'daemonize': 'no',
    // Live state may lose a second, no more (appendfsync), and must never lose a key to eviction.
    'appendonly': 'yes',
    'appendfsync': 'everysec',
    'save': '',
    'maxmemory': '0',
    'maxclients': '256',
    'databases': '1',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** One look: connected, and the append-only file is read (INFO is answered while loading). */
async function isReady(socketPath: string): Promise<boolean> {
  const redis = shortConnection(socketPath);
  try {
    await redis.connect();
    return infoField(await redis.info('persistence'), 'loading') === '0';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

async function endChild(child: ChildProcess, socketPath: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.ref();
  const insist = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  const redis = shortConnection(socketPath);
  try {
    await redis.connect();
    await redis.shutdown('NOSAVE');
  } catch {
    // The connection ends with the server; one that does not listen any more gets the signal.
    child.kill('SIGTERM');
  }
  redis.disconnect();
  await gone;
  clearTimeout(insist);
}

/** What Redis said last, for the message. */
function lastLine(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
}

function missingText(): string {
  const remedy = process.platform === 'darwin'
    ? 'brew install redis'
    : 'apt-get install redis-server (Debian, Ubuntu), dnf install redis (Fedora, RHEL), apk add redis (Alpine)';
  return `redis-server was not found on the PATH. Install it: ${remedy}; or set REDIS_URL to a Redis server.`;
}
