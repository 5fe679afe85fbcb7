import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** A process to watch, under the name it has in the report. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
}

/** CPU time so far in microseconds, of the process and of each kind of its threads; resident memory now in bytes. */
export interface Usage {
  readonly cpuUs: number;
  readonly threads: ReadonlyMap<string, number>;
  readonly rssBytes: number;
}

const tickUs = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const pageBytes = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));

function readStat(path: string): { readonly command: string; readonly cpuUs: number; readonly rssBytes: number } {
  const stat = readFileSync(path, 'latin1');
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  return {
    command: stat.slice(stat.indexOf('(') + 1, end),
    // proc(5): utime and stime are fields 14 and 15, rss is 24; the third field comes right after the command.
    cpuUs: (Number(fields[11]) + Number(fields[12])) * tickUs,
    rssBytes: Number(fields[21]) * pageBytes,
  };
}

/**
 * Reads /proc. Threads are told apart by name: the first is `main`, workers that name themselves show that name, all
 * others (garbage collector, libuv, V8) are `others`.
 */
export function readUsage({ pid }: Watched): Usage {
  const { cpuUs, rssBytes, command } = readStat(`/proc/${pid}/stat`);
  const threads = new Map<string, number>();
  const ids = readdirSync(`/proc/${pid}/task`);
  for (const id of ids) {
    try {
      const thread = readStat(`/proc/${pid}/task/${id}/stat`);
      const unnamed = thread.command === command || /libuv|V8|Signal/.test(thread.command);
      const name = Number(id) === pid ? 'main' : unnamed ? 'others' : thread.command;
      threads.set(name, (threads.get(name) ?? 0) + thread.cpuUs);
    } catch {
      // The thread ended meanwhile; its time is in the process's own.
    }
  }
  return { cpuUs, threads, rssBytes };
}

export interface UsageDelta {
  readonly name: string;
  readonly cpuUs: number;
  readonly threads: Readonly<Record<string, number>>;
  readonly rssBytes: number;
  readonly rssGrowthBytes: number;
}

/** Starts watching; the returned function tells what was used since. */
export function watch(processes: readonly Watched[]): () => readonly UsageDelta[] {
  const before = processes.map(readUsage);
  return () => processes.map((process, at) => {
    const [was, now] = [before[at], readUsage(process)];
    const threads = [...now.threads].map(([name, cpuUs]) => [name, cpuUs - (was?.threads.get(name) ?? 0)] as const);
    return {
      name: process.name, cpuUs: now.cpuUs - (was?.cpuUs ?? 0), threads: Object.fromEntries(threads),
      rssBytes: now.rssBytes, rssGrowthBytes: now.rssBytes - (was?.rssBytes ?? 0),
    };
  });
}
