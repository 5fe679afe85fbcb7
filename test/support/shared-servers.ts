/**
 * What several nodes share, each a process that can be taken away and brought back: a redis-server with the persistence the program's own has,
 * on a port of the loopback, and a PostgreSQL server.
 *
 *   const servers = await startSharedServers(t);
 *   const product = await startProduct({ env: { ...servers.env, NODE_ID: 'a' } });
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Test } from 'tap';
import { beginRedis, type Program } from '../bench/begin-program.js';
import { startPostgresServer, type TestServer } from './postgres-server.js';
import { freePort } from './product-ports.js';

export interface SharedServers {
  /** Settings of every node; its name is its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly postgres: TestServer;
  readonly redis: {
    readonly url: string;
    /** A question of the test's own. */
    ask<T>(question: (redis: Redis) => Promise<T>): Promise<T>;
    signal(name: 'SIGSTOP' | 'SIGCONT'): void;
    /** kill -9; its data stays. */
    kill(): Promise<void>;
    again(): Promise<void>;
  };
}

/** `t` ends them: a test, or whatever else runs them. */
export async function startSharedServers(t: Pick<Test, 'teardown'>): Promise<SharedServers> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-shared-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  let redis: Program = await beginRedis(folder, { port });
  t.teardown(async () => {
    signal('SIGCONT');
    await redis.stop();
  });
  const postgres = await startPostgresServer();
  t.teardown(() => postgres.stop());
  const { host } = postgres.connection;
  const url = `redis://127.0.0.1:${port}`;

  function signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    try {
      process.kill(redis.pid, name);
    } catch {
      // Ended already.
    }
  }
  return {
    env: {
      SECRET_KEY: randomBytes(32).toString('base64'), REDIS_URL: url,
      DATABASE_URL: `postgres://postgres@localhost:5432/postgres?host=${encodeURIComponent(String(host))}`,
      ADMIN_CLIENT_ID: 'tests', ADMIN_CLIENT_SECRET: randomBytes(18).toString('base64url'),
    },
    postgres,
    redis: {
      url, signal,
      async ask(question) {
        const connection = new Redis(url, { lazyConnect: true });
        await connection.connect();
        try {
          return await question(connection);
        } finally {
          connection.disconnect();
        }
      },
      async kill() {
        signal('SIGKILL');
        await redis.ended;
      },
      async again() {
        redis = await beginRedis(folder, { port });
      },
    },
  };
}
