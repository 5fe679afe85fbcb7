import { readFileSync, readdirSync } from 'node:fs';

/** One process as /proc tells it. */
export interface SeenProcess {
  readonly pid: number;
  /** Start time in clock ticks since boot: with the pid it names a process for ever. */
  readonly startTicks: string;
  readonly command: string;
}

/** That process now; null when it is gone, a zombie, or another one has its number. Linux only. */
export function seeProcess(pid: number): SeenProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' ').trim();
    return { pid, startTicks: fields[19] ?? '', command };
  } catch {
    return null;
  }
}

/** Whether the very same process still runs. */
export function stillRuns(process: SeenProcess): boolean {
  return seeProcess(process.pid)?.startTicks === process.startTicks;
}

/** All children of a process and theirs, detached ones too. */
export function descendants(pid: number): readonly SeenProcess[] {
  const found: SeenProcess[] = [];
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').trim();
      for (const child of children === '' ? [] : children.split(' ').map(Number)) {
        const seen = seeProcess(child);
        if (seen) found.push(seen, ...descendants(child));
      }
    }
  } catch {
    // The process ended while it was read: it has no children any more.
  }
  return found;
}

/** Ends those of the given processes that still run, each by its own number. */
export function endLeftovers(processes: readonly SeenProcess[]): readonly SeenProcess[] {
  const left = processes.filter(stillRuns);
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  return left;
}

const guarded = new Map<number, SeenProcess>();
process.once('exit', () => {
  for (const seen of [...guarded.values()].filter(stillRuns)) endLeftovers([...descendants(seen.pid), seen]);
});

/** Should this process end before it cleaned up, the given one and all its children end with it. */
export function endWithUs(pid: number | undefined): void {
  const seen = pid === undefined ? null : seeProcess(pid);
  if (seen) guarded.set(seen.pid, seen);
}
