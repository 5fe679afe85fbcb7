import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/product-ports.js';
import { runSipp, startSipp, type Sipp, type SippResult } from '../support/sipp.js';
import { watch } from './process-usage.js';
import type { LoadName, Stage } from './results.js';
import type { BenchPhone, Target } from './target.js';

export interface LoadSize {
  /** Units a second. */
  readonly rate: number;
  readonly units: number;
  /** Calls only; default that of the options. */
  readonly talkMs?: number;
}

const EXPIRES = '3600';
/** A server that is behind gets this long to finish; sipp would wait for 32 s of retransmissions. */
const PATIENCE_SECONDS = 3;
const OPEN = 15_000;

const row = (phone: BenchPhone, dialled = ''): readonly string[] =>
  [phone.userName, `[authentication username=${phone.authorizationId} password=${phone.password}]`, phone.domain, dialled];

/** sipp as a crowd of phones. */
export class Loads {
  readonly #scenarios = mkdtempSync(join(tmpdir(), 'cordboard-bench-scenarios-'));
  /** Phones register from the same ports all along, so that each has one binding. */
  readonly #ports = new WeakMap<Target, { readonly phones: number; readonly callee: number }>();

  /** `scenarios` is the folder of the sipp scenarios (test/interop/scenarios). */
  constructor(scenarios: string, private readonly talkMs: number) {
    for (const name of ['register.xml', 'call.xml', 'answer.xml']) {
      // The tests' checks of each message cost the load generator more than sending it.
      const lean = readFileSync(join(scenarios, name), 'utf8').replace(/<action>.*?<\/action>/gs, '')
        .replace(/(scenario name="register".*)/s, (text) => text.replaceAll('<recv response="100" optional="true" />', ''));
      writeFileSync(join(this.#scenarios, name), lean);
    }
  }

  close(): void {
    rmSync(this.#scenarios, { recursive: true, force: true });
  }

  async #portsOf(target: Target): Promise<{ readonly phones: number; readonly callee: number }> {
    const ports = this.#ports.get(target) ?? { phones: await freePort(), callee: await freePort() };
    this.#ports.set(target, ports);
    return ports;
  }

  /** Phones register from one port, the same each time; from another port they get a binding more. */
  async register(target: Target, { rate, units }: LoadSize, port?: number, phones: readonly BenchPhone[] = target.phones): Promise<Stage> {
    const from = port ?? (await this.#portsOf(target)).phones;
    const used = watch(target.processes);
    const result = await runSipp({
      scenario: join(this.#scenarios, 'register.xml'), target: target.sip, rows: phones.map((phone) => row(phone)), calls: units, rate,
      keys: { contact_port: String(from), expires: EXPIRES }, open: OPEN, limitSeconds: units / rate + PATIENCE_SECONDS, port: from,
    });
    return stageOf(target, 'register', { rate, units }, used(), [result], result.seconds);
  }

  /** REGISTERs at an even rate until they are stopped, from the port of `register`. */
  async startRegisters(target: Target, rate: number): Promise<Sipp> {
    const { phones: port } = await this.#portsOf(target);
    return startSipp({
      scenario: join(this.#scenarios, 'register.xml'), target: target.sip, rows: target.phones.map((phone) => row(phone)), rate,
      keys: { contact_port: String(port), expires: EXPIRES }, open: OPEN, port,
    });
  }

  /** The called phone registers and answers, or the carrier does; `stop` ends it. */
  async answering(target: Target): Promise<Sipp> {
    if (target.carrierPort !== undefined) return startSipp({ scenario: join(this.#scenarios, 'answer.xml'), port: target.carrierPort, open: OPEN });
    const port = (await this.#portsOf(target)).callee;
    for (let tries = 1; ; tries += 1) {
      const { failed, unfinished, problems } = await this.register(target, { rate: 1, units: 1 }, port, [target.callee]);
      if (failed + unfinished === 0) break;
      // After a load beyond what the server takes it may still be refusing work for a while.
      if (tries === 3) throw new Error(`the called phone could not register: ${problems}`);
    }
    return startSipp({ scenario: join(this.#scenarios, 'answer.xml'), port, open: OPEN });
  }

  async call(target: Target, size: LoadSize): Promise<Stage> {
    const talkMs = size.talkMs ?? this.talkMs;
    const phone = await this.answering(target);
    try {
      const used = watch(target.processes);
      const result = await (await this.startCalls(target, { ...size, talkMs })).ended;
      const use = used();
      return stageOf(target, 'call', size, use, [result, await phone.stop()], result.seconds - talkMs / 1000);
    } finally {
      await phone.stop();
    }
  }

  /** Calls to the called phone, which answers already. */
  startCalls(target: Target, { rate, units, talkMs = this.talkMs }: LoadSize): Promise<Sipp> {
    const { callee } = target;
    return startSipp({
      scenario: join(this.#scenarios, 'call.xml'), target: target.sip, rate, calls: units, open: OPEN,
      rows: target.callers.map((caller) => row(caller, callee.extension)), authUri: `${callee.extension}@${callee.domain}`,
      extra: ['-d', String(talkMs)], limitSeconds: units / rate + talkMs / 1000 + PATIENCE_SECONDS,
    });
  }
}

function stageOf(
  target: Target, load: LoadName, { rate, units }: LoadSize, use: Stage['use'], [made, ...answered]: readonly SippResult[], seconds: number,
): Stage {
  const { succeeded = 0, failed = 0 } = made ?? {};
  const all = [...(made ? [made] : []), ...answered];
  const bad = made?.exitCode !== 0 || failed > 0;
  return {
    server: target.name, load, rate, reached: succeeded / Math.max(0.001, seconds), done: succeeded, failed,
    unfinished: Math.max(0, units - succeeded - failed), use,
    retransmissions: all.reduce((sum, { retransmissions }) => sum + retransmissions, 0),
    problems: bad ? all.map(({ report }) => report.slice(0, 600)).join('\n') : '',
  };
}
