import { setTimeout as pause } from 'node:timers/promises';
import type { Product } from '../support/product.js';
import { startLatencyProbe } from './latency-probe.js';
import type { Loads } from './loads.js';
import { watch } from './process-usage.js';
import { makePhones, processesOf } from './product-target.js';
import { watchResident, type ResidentMemory } from './resident-memory.js';
import { percentiles, type Percentiles } from './results.js';
import type { Target } from './target.js';

/** REGISTERs of sipp during one phase. */
export interface RegistersBeside {
  /** Milliseconds from the request with credentials to its 200. */
  readonly times: Percentiles;
  readonly reached: number;
  /** Refused, given up, or without an answer in the end. */
  readonly failed: number;
  readonly retransmissions: number;
}

export interface Phase {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
  /** Of the program, with its database, microseconds. */
  readonly cpuUs: number;
  readonly memory: ResidentMemory;
  readonly registers: RegistersBeside;
}

/** The load runs for so long before anything is measured. */
const WARM_MS = 2000;
const PATIENCE_MS = 10_000;
const PHONES = 300;

export interface Scene {
  readonly product: Product;
  readonly target: Target;
  readonly loads: Loads;
  /** REGISTERs a second. */
  readonly rate: number;
}

/** Phones that register, once each to begin with. One target all along: its phones keep their port, and a phone has five contacts at most. */
export async function sceneOf(product: Product, loads: Loads, rate: number): Promise<Scene> {
  const target: Target = {
    name: 'cordboard', sip: product.sip, ...await makePhones(product, { phones: PHONES, callers: 0 }), inspect: () => Promise.resolve([]), stop: () => product.close(),
    // Started again it has other ones.
    get processes() { return processesOf(product); },
  };
  await loads.register(target, { rate, units: PHONES });
  return { product, target, loads, rate };
}

/** Does the work while phones register, and measures both; `work` tells how many rows it did. */
export async function besideRegisters(scene: Scene, name: string, work: () => Promise<number>): Promise<Phase> {
  process.stderr.write(`bench: ${name}\n`);
  const { target } = scene;
  const sipp = await scene.loads.startRegisters(target, scene.rate);
  await pause(WARM_MS);
  const probe = await startLatencyProbe(target, 'register');
  const used = watch(target.processes.slice(0, 1));
  const resident = watchResident(scene.product.pid);
  const began = performance.now();
  const rows = await work();
  const seconds = (performance.now() - began) / 1000;
  const cpuUs = used().reduce((sum, one) => sum + one.cpuUs, 0);
  const memory = resident();
  const times = percentiles(await probe.stop());
  const load = await sipp.stop(PATIENCE_MS);
  if (load.failed > 0) process.stderr.write(`bench: ${load.report.slice(0, 400)}\n${complaintsOf(scene.product)}\n`);
  return {
    name, rows, seconds, cpuUs, memory,
    registers: { times, reached: load.succeeded / load.seconds, failed: load.created - load.succeeded, retransmissions: load.retransmissions },
  };
}

/** What the program warned of so far, how often. */
function complaintsOf({ log }: Product): string {
  const counts = new Map<string, number>();
  for (const { level, event, fields } of log.lines) {
    if (level !== 'warn' && level !== 'error') continue;
    const key = `${event} ${JSON.stringify(fields['reason'] ?? fields['err'] ?? '').slice(0, 200)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([event, count]) => `  ${count} × ${event}`).join('\n');
}
