import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startDrachtioPeer } from './drachtio-target.js';
import { externalTarget } from './external-target.js';
import { startKamailio } from './kamailio-target.js';
import { startLatencyProbe } from './latency-probe.js';
import { Loads, type LoadSize } from './loads.js';
import { findMaxRate } from './max-rate.js';
import { measureGrowth, measureMemory } from './memory.js';
import type { BenchOptions } from './options.js';
import { watch } from './process-usage.js';
import { startProductTarget } from './product-target.js';
import { isClean, cpuEach, percentiles, LOADS, type GrowthPoint, type Latency, type LoadName, type MaxRate, type MemoryFigure, type ServerName, type Stage } from './results.js';
import { NotHere, type PhoneCounts, type Target } from './target.js';

const WARM_UP: Readonly<Record<LoadName, LoadSize>> = { register: { rate: 1000, units: 3000 }, call: { rate: 100, units: 300, talkMs: 100 } };
/** Searching a maximum without stages measured before starts there. */
const FIRST_GUESS: Readonly<Record<LoadName, number>> = { register: 2000, call: 100 };

/** All parts of a run, in order; `found` fills up meanwhile. */
export class Measurements {
  readonly found = {
    stages: [] as Stage[], max: [] as MaxRate[], latency: [] as Latency[], memory: [] as MemoryFigure[], growth: [] as GrowthPoint[],
  };
  readonly #loads: Loads;

  constructor(private readonly root: string, private readonly options: BenchOptions, private readonly say: (text: string) => void) {
    this.#loads = new Loads(join(root, 'test', 'interop', 'scenarios'), options.talkMs);
  }

  close(): void {
    this.#loads.close();
  }

  async run(): Promise<void> {
    const { options } = this;
    if (options.parts.some((part) => part !== 'memory')) {
      for (const name of options.servers) await this.#with([name], options, async ([target]) => target && this.#speedOf(target));
    }
    if (options.parts.includes('memory')) {
      const counts = { phones: Math.max(1, Math.round(options.bindings / 4)), callers: options.callers };
      await this.#with(options.servers, counts, async (targets) => {
        this.found.memory.push(...await measureMemory(targets, this.#loads, { ...options, ...counts }, this.say));
      });
    }
    if (options.messages > 0) {
      for (const name of options.servers) {
        await this.#with([name], options, async ([target]) => {
          if (target) this.found.growth.push(...await measureGrowth(target, this.#loads, options, this.say));
        });
      }
    }
  }

  /** Starts servers, those that are here, and stops them afterwards. */
  async #with(names: readonly ServerName[], counts: PhoneCounts, work: (targets: readonly Target[]) => Promise<void>): Promise<void> {
    const targets: Target[] = [];
    try {
      for (const name of names) {
        this.say(`${name}: starting`);
        try {
          targets.push(await this.#start(name, counts));
        } catch (error) {
          if (!(error instanceof NotHere)) throw error;
          this.say(`${name}: left out. ${error.message}`);
        }
      }
      await work(targets);
    } finally {
      for (const target of targets) await target.stop();
    }
  }

  #start(name: ServerName, counts: PhoneCounts): Promise<Target> {
    const { drachtioBin, trunks } = this.options;
    const binary = (): string => {
      if (drachtioBin === null) throw new NotHere('--drachtio-bin tells where a drachtio-server is');
      return drachtioBin;
    };
    const starts: Readonly<Record<ServerName, () => Promise<Target>>> = {
      'cordboard': () => startProductTarget(this.root, counts, null, trunks),
      'cordboard-on-drachtio': async () => startProductTarget(this.root, counts, binary(), trunks),
      'drachtio': async () => startDrachtioPeer(counts, binary(), trunks),
      'kamailio-1': () => startKamailio(counts, 1),
      'kamailio-2': () => startKamailio(counts, 2),
      'target': async () => externalTarget(this.options),
    };
    return starts[name]();
  }

  async #speedOf(target: Target): Promise<void> {
    const { parts, registerRates, callRates, seconds } = this.options;
    for (const load of LOADS) {
      const rates = load === 'register' ? registerRates : callRates;
      if (rates.length === 0 || (load === 'call' && target.callers.length === 0)) continue;
      await this.#loads[load](target, WARM_UP[load]);
      const known: Stage[] = [];
      for (const rate of parts.includes('rates') ? rates : []) {
        const stage = await this.#stage(target, load, rate);
        known.push(stage);
        // What is overloaded now is more so at the next rate.
        if (!isClean(stage) && known.length > 1) break;
      }
      if (!parts.includes('max') && !parts.includes('latency')) continue;
      if (known.length === 0) known.push(await this.#stage(target, load, FIRST_GUESS[load]));
      const max = parts.includes('max') ? await findMaxRate(known, (rate) => this.#stage(target, load, rate))
        : { rate: Math.max(0, ...known.filter(isClean).map(({ rate }) => rate)), notClean: null };
      if (parts.includes('max')) this.found.max.push({ server: target.name, load, ...max });
      this.say(`${target.name}: highest clean rate of ${load}: ${max.rate}/s`);
      if (parts.includes('latency') && max.rate > 1) await this.#latency(target, load, Math.floor(max.rate / 2), seconds);
    }
    if (target.account === undefined) return;
    const done = this.found.stages.filter(({ server }) => server === target.name).reduce((sum, stage) => sum + stage.done, 0);
    this.say(`${target.name}: of ${done} calls and those of warming up and latency, ${await target.account(done)}`);
  }

  async #stage(target: Target, load: LoadName, rate: number): Promise<Stage> {
    const { seconds, profile } = this.options;
    const inspectors = profile === null ? [] : await target.inspect();
    for (const inspector of inspectors) await inspector.startProfiles();
    const stage = await this.#loads[load](target, { rate, units: Math.max(1, rate * seconds) });
    for (const inspector of inspectors) await inspector.writeProfiles(profile ?? '', `${target.name}-${load}-${rate}`);
    this.found.stages.push(stage);
    const { done, failed, unfinished, retransmissions } = stage;
    this.say(`${target.name}: ${load} at ${rate}/s: ${cpuEach(stage).toFixed(0)} µs each${isClean(stage) ? '' : `, not clean (${stage.reached.toFixed(0)}/s reached, ${done} done, ${failed} failed, ${unfinished} unfinished, ${retransmissions} retransmissions)`}`);
    if (!isClean(stage)) await this.#settled(target);
    return stage;
  }

  async #latency(target: Target, load: LoadName, rate: number, seconds: number): Promise<void> {
    const phone = load === 'call' ? await this.#loads.answering(target) : null;
    try {
      const crowd = load === 'call'
        ? this.#loads.startCalls(target, { rate, units: rate * seconds }).then(({ ended }) => ended)
        : this.#loads.register(target, { rate, units: rate * seconds });
      // The crowd talks for a second before it ends calls too.
      await pause(1200);
      const probe = await startLatencyProbe(target, load);
      await pause((seconds - 1.5) * 1000);
      const times = await probe.stop();
      await crowd;
      this.found.latency.push({ server: target.name, load, rate, samples: times.length, times: percentiles(times) });
    } finally {
      await phone?.stop();
    }
  }

  /** After an overload: until it has caught up, at most 15 s. */
  async #settled(target: Target): Promise<void> {
    for (let second = 0; second < 15; second += 1) {
      const used = watch(target.processes);
      await pause(1000);
      if (used().reduce((sum, { cpuUs }) => sum + cpuUs, 0) < 100_000) return;
    }
  }
}
