import { join } from 'node:path';
import { freePort } from '../support/product-ports.js';
import { runSipp, startSipp, type SippResult } from '../support/sipp.js';
import type { BenchOptions } from './options.js';
import { watch, type UsageDelta } from './process-usage.js';
import type { BenchPhone, Target } from './targets.js';

/** One stage: what was asked for, what came out, what it cost. */
export interface Stage {
  readonly target: string;
  readonly load: 'register' | 'call';
  readonly rate: number;
  readonly reached: number;
  readonly units: number;
  readonly failed: number;
  /** By the load generator, both sides. */
  readonly retransmissions: number;
  /** Milliseconds; whole ones, as sipp counts. */
  readonly latency: Readonly<Record<'p50' | 'p95' | 'p99' | 'max', number>> | null;
  readonly usage: readonly UsageDelta[];
  readonly problems: string;
}

export interface MemoryFigure {
  readonly target: string;
  readonly bindings: number;
  /** Growth per 10,000 bindings, of each process. */
  readonly bytesPer10k: Readonly<Record<string, number>>;
}

/** Answered non-INVITE transactions are kept 64·T1 (RFC 3261 §17.2.2 timer J); after that only bindings remain. */
const TRANSACTIONS_GONE_MS = 34_000;
const EXPIRES = '3600';

const row = (phone: BenchPhone, dialled = ''): readonly string[] =>
  [phone.userName, `[authentication username=${phone.authorizationId} password=${phone.password}]`, phone.domain, dialled];

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const latencyOf = (times: readonly number[]): Stage['latency'] => (times.length === 0 ? null : {
  p50: quantile(times, 0.5), p95: quantile(times, 0.95), p99: quantile(times, 0.99), max: times.at(-1) ?? 0,
});

/** `scenarios` is the folder of the sipp scenarios (test/interop/scenarios). */
export class Loads {
  constructor(private readonly scenarios: string, private readonly options: BenchOptions) {}

  #scenario(name: string): string {
    return join(this.scenarios, `${name}.xml`);
  }

  #register(
    target: Target, phones: readonly BenchPhone[], rate: number, calls: number, contactPort: number, port?: number,
  ): Promise<SippResult> {
    return runSipp({
      scenario: this.#scenario('register'), target: target.sip, rows: phones.map((phone) => row(phone)), calls, rate,
      keys: { contact_port: String(contactPort), expires: EXPIRES }, responseTimes: true, open: 4000,
      limitSeconds: this.options.seconds + 60, ...(port === undefined ? {} : { port }),
    });
  }

  /** Not measured: compilers and caches get warm. */
  async warmUp(target: Target): Promise<void> {
    await this.#register(target, target.phones, 300, 900, 5062);
  }

  async register(target: Target, rate: number): Promise<Stage> {
    const used = watch(target.processes);
    const result = await this.#register(target, target.phones, rate, rate * this.options.seconds, 5062);
    return {
      target: target.name, load: 'register', rate, reached: result.created / result.seconds,
      units: result.succeeded, failed: result.failed, retransmissions: result.retransmissions, latency: latencyOf(result.responseTimes), usage: used(), problems: problems(result),
    };
  }

  async call(target: Target, rate: number): Promise<Stage> {
    const { callee } = target;
    const port = await freePort();
    const registered = await this.#register(target, [callee], 1, 1, port, port);
    if (registered.failed > 0) throw new Error(`the called phone could not register: ${registered.report}`);
    const phones = await startSipp({ scenario: this.#scenario('answer'), port, open: 4000 });
    try {
      const used = watch(target.processes);
      const result = await runSipp({
        scenario: this.#scenario('call'), target: target.sip, rate, calls: rate * this.options.seconds, open: 4000,
        rows: target.callers.map((caller) => row(caller, callee.extension)), authUri: `${callee.extension}@${callee.domain}`,
        extra: ['-d', String(this.options.talkMs)], responseTimes: true, limitSeconds: this.options.seconds + 60,
      });
      const usage = used();
      const answered = await phones.stop();
      return {
        target: target.name, load: 'call', rate,
        reached: result.created / Math.max(0.001, result.seconds - this.options.talkMs / 1000),
        units: result.succeeded, failed: result.failed, retransmissions: result.retransmissions + answered.retransmissions,
        latency: latencyOf(result.responseTimes), usage, problems: problems(result) + problems(answered),
      };
    } finally {
      await phones.stop();
    }
  }

  /**
   * Each phone has one binding already; it gets more, up to five, with other Contact ports. Before and after, answered
   * transactions have gone and the working memory has been grown by the same load, so that bindings are what differs.
   */
  async memory(target: Target): Promise<MemoryFigure> {
    const more = Math.max(1, Math.min(4, Math.round(this.options.bindings / target.phones.length)));
    const perRound = target.phones.length;
    const rounds = async (portOf: (round: number) => number): Promise<void> => {
      for (let round = 1; round <= more; round += 1) await this.#register(target, target.phones, 500, perRound, portOf(round));
    };
    await rounds(() => 5062);
    await pause(TRANSACTIONS_GONE_MS);
    const used = watch(target.processes);
    await rounds((round) => 5062 + round);
    await pause(TRANSACTIONS_GONE_MS);
    const bindings = more * perRound;
    return {
      target: target.name, bindings,
      bytesPer10k: Object.fromEntries(
        used().map(({ name, rssGrowthBytes }) => [name, Math.round((rssGrowthBytes * 10_000) / bindings)])),
    };
  }
}

const problems = (result: SippResult): string => (result.failed > 0 || result.exitCode !== 0 ? `${result.report}\n` : '');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
