import { readFileSync } from 'node:fs';

/** Resident memory of a process, in bytes. */
export interface ResidentMemory {
  readonly start: number;
  readonly peak: number;
}

const EVERY_MS = 50;

/** proc(5): VmRSS is in kB. */
function residentOf(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
}

/** Looks every 50 ms until the returned function is called, which tells what was seen. The process must live until then. */
export function watchResident(pid: number): () => ResidentMemory {
  const start = residentOf(pid);
  let peak = start;
  const look = (): void => void (peak = Math.max(peak, residentOf(pid)));
  const timer = setInterval(look, EVERY_MS);
  return () => {
    clearInterval(timer);
    look();
    return { start, peak };
  };
}
