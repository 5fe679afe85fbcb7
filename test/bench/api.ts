/** The benchmark of the admin API beside registering phones. `npm run bench -- api --help`. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { expectApi } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import { startApiCaller, type ApiTimes } from './api-caller.js';
import { startLatencyProbe } from './latency-probe.js';
import { Loads } from './loads.js';
import { watch } from './process-usage.js';
import { makePhones, processesOf } from './product-target.js';
import { percentiles, type Percentiles, type Stage } from './results.js';
import type { Target } from './target.js';
import { readSizes } from './read-sizes.js';

const HELP = `Usage: npm run bench -- api [--option value …]

Starts the product on an empty folder, adds people, and takes the time of API requests: a page of the list of phone users, one phone
user, and a change of one, in turn, at an even rate. First alone, then beside REGISTERs of sipp (401, then 200, digest, written to
Redis), then the REGISTERs alone, so that it shows what each does to the other.

  --people N      phone users in the account [1000]
  --requests N    API requests a second [30]
  --registers N   registrations a second [1000]
  --seconds N     length of a stage [10]
  --json FILE     writes the figures there
`;

/** Times in milliseconds. */
export interface ApiStage {
  readonly name: string;
  readonly api: { readonly [Kind in keyof ApiTimes]: Percentiles } | null;
  readonly failedRequests: number;
  /** From the REGISTER with credentials to its 200. */
  readonly register: Percentiles | null;
  readonly registers: Pick<Stage, 'reached' | 'failed' | 'unfinished' | 'retransmissions'> | null;
  /** CPU of the program a second, in milliseconds. */
  readonly cpuMs: number;
}

/** Runs it on the build under `root`; returns the exit code: 0 done, 1 a request failed, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const read = readSizes(words, { people: 1000, requests: 30, registers: 1000, seconds: 10 }, HELP);
  if (read.kind === 'exit') return read.code;
  const { size, json } = read;
  const began = loadavg()[0] ?? NaN;
  const stages = await measure(root, size);
  process.stdout.write(`${size.people} phone users, ${size.requests} requests/s, ${size.registers} registrations/s; ${availableParallelism()} processors, load ${
    began.toFixed(1)} to ${(loadavg()[0] ?? NaN).toFixed(1)}\n\n${apiTable(stages)}\n`);
  if (json !== null) writeFileSync(json, `${JSON.stringify({ at: new Date().toISOString(), size, stages }, null, 2)}\n`);
  return stages.some(({ failedRequests }) => failedRequests > 0) ? 1 : 0;
}

/** The figures as a table for people. */
export function apiTable(stages: readonly ApiStage[]): string {
  const shown = (one: Percentiles | null | undefined): string => (one === null || one === undefined ? '–' : `${one.p50.toFixed(1)} / ${one.p95.toFixed(1)}`);
  return ['| stage | list p50 / p95 ms | get | change | REGISTER p50 / p95 ms | reached /s | failed | retransmissions | CPU ms/s |', '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...stages.map(({ name, api, register, registers, cpuMs }) => `| ${name} | ${shown(api?.list)} | ${shown(api?.get)} | ${shown(api?.change)} | ${shown(register)} | ${
      registers?.reached.toFixed(0) ?? '–'} | ${registers ? registers.failed + registers.unfinished : '–'} | ${registers?.retransmissions ?? '–'} | ${cpuMs.toFixed(0)} |`)].join('\n');
}

interface Size {
  readonly people: number;
  readonly requests: number;
  readonly registers: number;
  readonly seconds: number;
}

async function measure(root: string, size: Size): Promise<readonly ApiStage[]> {
  // A script in a hurry is what is measured, not the limits that would hold it back.
  const product = await startProduct({ root, env: { API_RATE_LIMIT_LIGHT: '0', API_RATE_LIMIT_HEAVY: '0' } });
  const loads = new Loads(join(root, 'test', 'interop', 'scenarios'), 1000);
  try {
    const people = await addPeople(product, size.people);
    const target: Target = {
      name: 'cordboard', sip: product.sip, ...await makePhones(product, { phones: 300, callers: 0 }), processes: processesOf(product),
      inspect: () => Promise.resolve([]), stop: () => product.close(),
    };
    const stages: ApiStage[] = [];
    const run = async (name: string, parts: { readonly api: boolean; readonly registers: boolean }): Promise<void> => {
      process.stderr.write(`bench: ${name}\n`);
      stages.push(await stageOf(name, parts, { product, people, target, loads, size }));
    };
    await loads.register(target, { rate: size.registers, units: size.registers });
    await run('API alone', { api: true, registers: false });
    await run('API and REGISTERs', { api: true, registers: true });
    await run('REGISTERs alone', { api: false, registers: true });
    return stages;
  } finally {
    loads.close();
    await product.close();
  }
}

interface Scene {
  readonly product: Product;
  readonly people: readonly string[];
  readonly target: Target;
  readonly loads: Loads;
  readonly size: Size;
}

async function stageOf(name: string, parts: { readonly api: boolean; readonly registers: boolean }, { product, people, target, loads, size }: Scene): Promise<ApiStage> {
  const used = watch(target.processes.slice(0, 1));
  const probe = parts.registers ? await startLatencyProbe(target, 'register') : null;
  const caller = parts.api ? startApiCaller(product, people, size.requests) : null;
  const stage = parts.registers
    ? await loads.register(target, { rate: size.registers, units: size.registers * size.seconds })
    : await new Promise<null>((resolve) => setTimeout(() => resolve(null), size.seconds * 1000));
  const called = await caller?.stop();
  const times = await probe?.stop();
  const cpuUs = used().reduce((sum, one) => sum + one.cpuUs, 0);
  return {
    name, failedRequests: called?.failed ?? 0,
    api: called === undefined ? null : { list: percentiles(called.times.list), get: percentiles(called.times.get), change: percentiles(called.times.change) },
    register: times === undefined ? null : percentiles(times),
    registers: stage, cpuMs: cpuUs / 1000 / size.seconds,
  };
}

/** Ids of that many new phone users. */
async function addPeople(product: Product, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 100) {
    const users = Array.from({ length: Math.min(100, count - from) }, (_, at) => ({
      email: `person${from + at}@bench.example`, first_name: `Person${from + at}`, last_name: 'Bench', extension_number: String(20_000 + from + at), calling_plans: [],
    }));
    const made = await expectApi<readonly { readonly id: string }[]>(product, 201, 'POST', '/v2/phone/users/batch', { users });
    ids.push(...made.map(({ id }) => id));
    process.stderr.write(`bench: ${ids.length} of ${count} people\n`);
  }
  return ids;
}
