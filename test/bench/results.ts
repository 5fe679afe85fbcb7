/** What a run of the benchmark leaves behind, as docs/bench.json keeps it. */

export const SERVERS = ['cordboard', 'cordboard-on-drachtio', 'drachtio', 'kamailio-1', 'kamailio-2', 'target'] as const;
export type ServerName = (typeof SERVERS)[number];
export const isServer = (word: string): word is ServerName => SERVERS.some((name) => name === word);

export const PARTS = ['rates', 'max', 'latency', 'memory'] as const;
export type Part = (typeof PARTS)[number];
export const isPart = (word: string): word is Part => PARTS.some((name) => name === word);

export const LOADS = ['register', 'call'] as const;
export type LoadName = (typeof LOADS)[number];

/** What one process, or a family of them, used during a stage. */
export interface ProcessUse {
  readonly name: string;
  readonly cpuUs: number;
  /** By thread name; empty where it tells nothing. */
  readonly threads: Readonly<Record<string, number>>;
}

/** One load at one rate: what was asked for, what came out, what it cost. */
export interface Stage {
  readonly server: ServerName;
  readonly load: LoadName;
  readonly rate: number;
  readonly reached: number;
  readonly done: number;
  readonly failed: number;
  /** Asked for and neither done nor failed when time was up. */
  readonly unfinished: number;
  /** By the load generator, both sides. */
  readonly retransmissions: number;
  readonly use: readonly ProcessUse[];
  /** The load generator's own words where something failed. */
  readonly problems: string;
}

/** Milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface MaxRate {
  readonly server: ServerName;
  readonly load: LoadName;
  /** Highest rate without a failure and with less than 0.1 % retransmissions; 0 when none was found. */
  readonly rate: number;
  /** The lowest rate that was not clean; null when the search ended without one. */
  readonly notClean: number | null;
}

export interface Latency {
  readonly server: ServerName;
  readonly load: LoadName;
  readonly rate: number;
  readonly samples: number;
  readonly times: Percentiles;
}

export interface MemoryFigure {
  readonly server: ServerName;
  readonly of: 'bindings' | 'calls';
  readonly count: number;
  /** Growth of each process's share of memory (PSS), after garbage collection. */
  readonly growthBytes: Readonly<Record<string, number>>;
}

export interface GrowthPoint {
  readonly server: ServerName;
  readonly messages: number;
  readonly bytes: Readonly<Record<string, number>>;
}

export interface BenchResults {
  readonly at: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly command: string;
  readonly stages: readonly Stage[];
  readonly max: readonly MaxRate[];
  readonly latency: readonly Latency[];
  readonly memory: readonly MemoryFigure[];
  readonly growth: readonly GrowthPoint[];
}

/** No failure, nothing left over, the rate really reached, and less than 0.1 % of units with a retransmission. */
export function isClean(stage: Stage): boolean {
  return stage.failed === 0 && stage.unfinished === 0 && stage.reached > 0.93 * stage.rate && stage.retransmissions < 0.001 * stage.done;
}

/** CPU microseconds of all processes together for one unit. */
export function cpuEach(stage: Stage): number {
  return stage.use.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / Math.max(1, stage.done);
}

export function percentiles(times: readonly number[]): Percentiles {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
