import { existsSync, rmSync } from 'node:fs';
import type { Log } from '../../ports/runtime.js';
import { shortConnection } from './connection-options.js';
import { infoField } from './continuity.js';
import { endProcess, isRedisIn, readPid, waitUntilGone } from './server-process.js';

const PATIENCE_MS = 5000;

/**
 * Ends the redis-server that a killed process of ours left behind, found by its pid file or its socket; two servers on one
 * append-only file would destroy it. The caller holds the lock of DATA_DIR, so nobody else's server can be there.
 * Answers null when the place is free, else what to do about it.
 */
export async function removeOrphan(place: {
  readonly socketPath: string; readonly folder: string; readonly pidFile: string; readonly log: Log;
}): Promise<string | null> {
  const { socketPath, folder, pidFile, log } = place;
  const candidates = new Set<number>();
  const recorded = readPid(pidFile);
  if (recorded !== null && isRedisIn(recorded, folder) === true) candidates.add(recorded);
  if (existsSync(socketPath)) {
    const listening = await shutDown(socketPath);
    if (listening !== null) candidates.add(listening);
  }
  for (const pid of candidates) {
    log.warn('ending the redis-server of an earlier run', { pid });
    // By its socket it may be ending already; a signal is only for one that is certainly ours.
    const gone = isRedisIn(pid, folder) === true ? await endProcess(pid, PATIENCE_MS) : await waitUntilGone(pid, PATIENCE_MS);
    if (!gone) return `A redis-server of an earlier run (process ${pid}) does not end. End it, then start again.`;
  }
  rmSync(socketPath, { force: true });
  rmSync(pidFile, { force: true });
  return null;
}

/** SHUTDOWN to whoever listens at the socket; its process id, or null when nobody does. */
async function shutDown(socketPath: string): Promise<number | null> {
  const redis = shortConnection(socketPath);
  try {
    await redis.connect();
    const pid = Number.parseInt(infoField(await redis.info('server'), 'process_id'), 10);
    await redis.shutdown('NOSAVE').catch(() => undefined);
    return pid > 1 ? pid : null;
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}
