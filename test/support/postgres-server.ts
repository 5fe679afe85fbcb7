/** A real PostgreSQL server in a temporary folder, on a Unix socket, without a port. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PoolConfig } from 'pg';

const DEBIAN = '/usr/lib/postgresql';

export interface TestServer {
  readonly connection: PoolConfig;
  /** The folder of its database files. */
  readonly dataDir: string;
  /** Ends the server and keeps its data: connections break, new ones are refused. */
  halt(): Promise<void>;
  /** Starts it again after `halt`. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

/** The folder of `initdb` and `postgres`, the newest on Debian first; null where there is none. */
export function findPostgresServer(): string | null {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)).map((name) => join(DEBIAN, name, 'bin')) : [];
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return [...debian, ...path].find((bin) => ['initdb', 'postgres'].every((name) => existsSync(join(bin, name)))) ?? null;
}

/**
 * Starts it on a copy of the data folder given, or on one that it initialises; PostgreSQL refuses to run as root, so root hands it to
 * `postgres` or `nobody`.
 */
export async function startPostgresServer(options: { readonly dataDir?: string } = {}): Promise<TestServer> {
  const bin = findPostgresServer();
  if (bin === null) throw new Error('no PostgreSQL server found');
  const folder = mkdtempSync(join(tmpdir(), 'cb-pg-'));
  const runAs = otherUser();
  if (runAs.uid !== undefined) chownSync(folder, runAs.uid, runAs.gid);
  const data = join(folder, 'data');
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' };
  // Another sort order than PGlite's: what depends on the locale shows.
  const locale = ['--locale-provider=icu', '--icu-locale=en-US'];
  const initialise = (extra: readonly string[]): void => {
    execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...extra], {
      cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], ...runAs,
    });
  };
  if (options.dataDir !== undefined) execFileSync('cp', ['-a', options.dataDir, data]);
  else {
    try {
      initialise(locale);
    } catch {
      // Built without ICU.
      rmSync(data, { recursive: true, force: true });
      initialise([]);
    }
  }
  const start = async (): Promise<{ readonly end: (signal: 'SIGINT' | 'SIGQUIT') => Promise<void> }> => {
    const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'], {
      cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], ...runAs,
    });
    const killed = (): void => void server.kill('SIGKILL');
    process.once('exit', killed);
    const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
    await new Promise<void>((resolve, reject) => {
      const said: string[] = [];
      createInterface({ input: server.stderr }).on('line', (line) => {
        said.push(line);
        if (line.includes('ready to accept connections')) resolve();
      });
      server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said.join('\n')}`)));
    });
    return {
      end: async (signal) => {
        server.kill(signal);
        await exited;
        process.off('exit', killed);
      },
    };
  };
  let running: Awaited<ReturnType<typeof start>> | null = await start();
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    await running?.end(signal);
    running = null;
  };
  return {
    connection: { host: folder, port: 5432, user: 'postgres', database: 'postgres' },
    dataDir: data,
    halt: () => end('SIGINT'),
    again: async () => {
      running ??= await start();
    },
    stop: async () => {
      // Immediate shutdown: nothing of it is kept.
      await end('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function otherUser(): { readonly uid: number; readonly gid: number } | { readonly uid?: undefined; readonly gid?: undefined } {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const number = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: number('-u'), gid: number('-g') };
    } catch {
      // No such user.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody');
}
