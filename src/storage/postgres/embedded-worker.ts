import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { EmbeddedOrder, EmbeddedReport } from './embedded.js';

try {
  // The thread's name in `top -H` and /proc on Linux; Node 20 gives workers none.
  writeFileSync('/proc/thread-self/comm', 'pglite');
} catch {
  // Another system: the thread goes without a name.
}

/** Connections the socket takes; the pool uses one, the rest is room for one that replaces a broken one. */
const MAX_CONNECTIONS = 8;

function report(message: EmbeddedReport): void {
  parentPort?.postMessage(message);
}

/**
 * PGlite whose engine faults end the worker. A statement's error is an answer on the wire; what throws here is the engine
 * itself, after which the socket's queue serves nobody: the process must hear of it.
 */
class GuardedPGlite extends PGlite {
  override async execProtocolRawStream(...args: Parameters<PGlite['execProtocolRawStream']>): Promise<void> {
    try {
      await super.execProtocolRawStream(...args);
    } catch (error) {
      fail(error);
      throw error;
    }
  }
}

function fail(error: unknown): void {
  report({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}

async function serve(order: EmbeddedOrder): Promise<void> {
  const unfinished = `${order.dataDir}.creating`;
  // The mark outlives a kill during the first creation; until it is gone nothing was stored, so starting over loses nothing.
  if (existsSync(unfinished)) rmSync(order.dataDir, { recursive: true, force: true });
  if (!existsSync(join(order.dataDir, 'PG_VERSION'))) writeFileSync(unfinished, '', { mode: 0o600 });
  const database = new GuardedPGlite(order.dataDir);
  await database.waitReady;
  rmSync(unfinished, { force: true });
  chmodSync(order.dataDir, 0o700);
  rmSync(order.socketPath, { force: true });
  const server = new PGLiteSocketServer({ db: database, path: order.socketPath, maxConnections: MAX_CONNECTIONS });
  await server.start();
  chmodSync(order.socketPath, 0o700);
  parentPort?.once('message', () => {
    void server.stop().then(() => database.close()).then(
      () => {
        report({ kind: 'stopped' });
        parentPort?.close();
      },
      fail,
    );
  });
  report({ kind: 'ready' });
}

serve(workerData as EmbeddedOrder).catch(fail);
