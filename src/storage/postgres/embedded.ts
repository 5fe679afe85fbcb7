import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PoolConfig } from 'pg';
import type { Log } from '../../ports/runtime.js';

/** What the worker thread is told at its start. */
export interface EmbeddedOrder {
  readonly dataDir: string;
  readonly socketPath: string;
}

/** What the worker thread says. */
export type EmbeddedReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly message: string };

export interface EmbeddedPostgresOptions {
  /** Folder of the database files; created 0700 when missing. The caller holds the lock that keeps a second process out. */
  readonly dataDir: string;
  /** Folder of the Unix socket, this process's own; created 0700. Short: a socket path holds 107 bytes at most. */
  readonly socketDir: string;
  readonly log: Log;
  /** Called once when the engine dies by itself after the start: the process must end. */
  readonly onFailure: (error: Error) => void;
}

export interface EmbeddedPostgres {
  /** Settings for `createDatabase({ connection, embedded: true })`. */
  readonly connection: PoolConfig;
  /** Closes the files cleanly and ends the thread; idempotent. Close the pool first. */
  stop(): Promise<void>;
}

/** pg finds a server on a Unix socket by folder and port, with this file name. */
const SOCKET_PORT = 5432;
const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;
const SOCKET_PATH_BYTES = 107;
const STOP_MS = 4000;

/**
 * Starts PGlite in a thread of its own behind a Unix socket that speaks PostgreSQL's protocol. Resolves when it takes
 * connections (first start ~3 s, later ~0.5 s). All its clients share one session and are served one transaction at a time:
 * no advisory locks, SET, temporary tables, named statements, LISTEN. Rejects when the files cannot be opened.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const socketPath = join(options.socketDir, SOCKET_NAME);
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES) {
    throw new Error(`the socket path ${socketPath} is longer than ${SOCKET_PATH_BYTES} bytes: choose a shorter folder`);
  }
  for (const folder of [options.dataDir, options.socketDir]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
  const order: EmbeddedOrder = { dataDir: options.dataDir, socketPath };
  // Beside this file: compiled, both are .js; under a TypeScript loader, both are .ts.
  const entry = new URL(import.meta.url.endsWith('.ts') ? './embedded-worker.ts' : './embedded-worker.js', import.meta.url);
  const startedAt = performance.now();
  const worker = new Worker(entry, { workerData: order, name: 'postgres' });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  let phase: 'starting' | 'serving' | 'ended' = 'starting';
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error): void => {
      const before = phase;
      phase = 'ended';
      void worker.terminate();
      if (before === 'starting') reject(new Error(`embedded PostgreSQL did not start: ${error.message}`, { cause: error }));
      if (before === 'serving') options.onFailure(error);
    };
    worker.on('message', (message: EmbeddedReport) => {
      if (message.kind === 'failed') failed(new Error(message.message));
      if (message.kind !== 'ready') return;
      phase = 'serving';
      resolve();
    });
    worker.on('error', failed);
    worker.on('exit', () => failed(new Error('the thread of embedded PostgreSQL ended')));
  });
  options.log.info('postgres-embedded-ready', { startMs: Math.round(performance.now() - startedAt) });

  const stop = async (): Promise<void> => {
    if (phase === 'serving') {
      phase = 'ended';
      worker.postMessage('stop');
    }
    const forced = setTimeout(() => {
      options.log.warn('postgres-embedded-stop-forced', { afterMs: STOP_MS });
      void worker.terminate();
    }, STOP_MS);
    await exited;
    clearTimeout(forced);
  };
  return {
    connection: { host: options.socketDir, port: SOCKET_PORT, user: 'postgres', database: 'postgres', password: '' },
    stop,
  };
}
