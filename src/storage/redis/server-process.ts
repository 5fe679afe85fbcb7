import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process of that id exists (a zombie of ours has been reaped by Node before its exit is told). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Resolves to true as soon as `pid` is gone, to false after `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() >= deadline) return false;
    await delay(20);
  }
  return true;
}

/**
 * Whether `pid` is a redis-server whose working folder is `folder`: Redis changes to its data folder, so this cannot be
 * another instance's, nor a stranger with a recycled id. Null where the system does not tell (no /proc).
 */
export function isRedisIn(pid: number, folder: string): boolean | null {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('redis-server')) return false;
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return isAlive(pid) ? null : false;
  }
}

/** The id in a pid file; null when there is none. */
export function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** Asks to end, and insists after `patienceMs`; false when it is still there. */
export async function endProcess(pid: number, patienceMs: number): Promise<boolean> {
  signal(pid, 'SIGTERM');
  if (await waitUntilGone(pid, patienceMs)) return true;
  signal(pid, 'SIGKILL');
  return waitUntilGone(pid, 2000);
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}
