import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import type { ProcessUse } from './results.js';

/** A process to watch, or a family of them, under the name it has in the report. */
export interface Watched {
  readonly name: string;
  readonly pids: readonly number[];
}

interface Usage {
  readonly cpuUs: number;
  readonly threads: ReadonlyMap<string, number>;
}

const tickUs = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function readStat(path: string): { readonly command: string; readonly cpuUs: number } {
  const stat = readFileSync(path, 'latin1');
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  // proc(5): utime and stime are fields 14 and 15; the third field comes right after the command.
  return { command: stat.slice(stat.indexOf('(') + 1, end), cpuUs: (Number(fields[11]) + Number(fields[12])) * tickUs };
}

/**
 * Reads /proc. Threads are told apart by name: the first is `main`, workers that name themselves show that name, all
 * others (garbage collector, libuv, V8) are `others`.
 */
export function readUsage(pids: readonly number[]): Usage {
  const threads = new Map<string, number>();
  let cpuUs = 0;
  for (const pid of pids) {
    const whole = readStat(`/proc/${pid}/stat`);
    cpuUs += whole.cpuUs;
    for (const id of readdirSync(`/proc/${pid}/task`)) {
      try {
        const thread = readStat(`/proc/${pid}/task/${id}/stat`);
        const unnamed = thread.command === whole.command || /libuv|V8|Signal/.test(thread.command);
        const name = Number(id) === pid ? 'main' : unnamed ? 'others' : thread.command;
        threads.set(name, (threads.get(name) ?? 0) + thread.cpuUs);
      } catch {
        // The thread ended meanwhile; its time is in the process's own.
      }
    }
  }
  return { cpuUs, threads };
}

/** Starts watching; the returned function tells what was used since. */
export function watch(processes: readonly Watched[]): () => readonly ProcessUse[] {
  const before = processes.map(({ pids }) => readUsage(pids));
  return () => processes.map(({ name, pids }, at) => {
    const [was, now] = [before[at], readUsage(pids)];
    const threads = [...now.threads].map(([thread, cpuUs]) => [thread, cpuUs - (was?.threads.get(thread) ?? 0)] as const)
      .filter(([, cpuUs]) => cpuUs > 0);
    return { name, cpuUs: now.cpuUs - (was?.cpuUs ?? 0), threads: threads.length < 2 ? {} : Object.fromEntries(threads) };
  });
}

/** Bytes of memory by process; pages shared by several count in shares, so that families of processes add up. */
export function memoryOf(processes: readonly Watched[]): ReadonlyMap<string, number> {
  const share = (pid: number): number => 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
  return new Map(processes.map(({ name, pids }) => [name, pids.reduce((sum, pid) => sum + share(pid), 0)]));
}
