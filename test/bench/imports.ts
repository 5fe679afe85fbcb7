/** The benchmark of imports and of the charges export beside registering phones. `npm run bench -- imports --help`. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Phase } from './beside-registers.js';
import { chargesDownload, type ChargesDownload } from './charges-download.js';
import { importPhases } from './import-phases.js';
import { Loads } from './loads.js';

const HELP = `Usage: npm run bench -- imports [--option value …]

Starts the product on an empty folder with its embedded PostgreSQL, and has a CSV of people uploaded, planned and applied while phones register
(401, then 200, digest, written to Redis). Each size has a program of its own, so that their memory compares. Then charges of calls are written to
the database of another one and downloaded as one CSV, beside REGISTERs as well. CPU time and memory are the program's, with its database.

  --rows LIST          people of a file, one or more sizes; 0 = no import [10000]
  --register-rate N    registrations a second [1000]
  --seconds N          length of the phase without an import [10]
  --plan-seconds N     a plan that is not made by then is measured as far as it is, and not applied [300]
  --apply-seconds N    as far as it is applied by then is what is measured; 0 = not applied [120]
  --charges N          charges that are downloaded; 0 = none [100000]
  --json FILE          writes the figures there
`;

export interface ImportFigures {
  readonly rows: number;
  readonly phases: readonly Phase[];
}

/** Runs it on the build under `root`; returns the exit code: 0 done, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const text = (fallback: string) => ({ type: 'string', default: fallback } as const);
  const options = {
    'rows': text('10000'), 'register-rate': text('1000'), 'seconds': text('10'), 'plan-seconds': text('300'), 'apply-seconds': text('120'), 'charges': text('100000'),
    'json': { type: 'string' }, 'help': { type: 'boolean' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options }));
    for (const name of ['register-rate', 'seconds', 'plan-seconds'] as const) {
      if (!/^[1-9]\d*$/.test(values[name])) throw new Error(`--${name} ${values[name]}: a whole number above 0 is needed`);
    }
    for (const name of ['apply-seconds', 'charges'] as const) if (!/^\d+$/.test(values[name])) throw new Error(`--${name} ${values[name]}: a whole number is needed`);
    if (!/^\d+(,\d+)*$/.test(values.rows)) throw new Error(`--rows ${values.rows}: whole numbers are needed, with commas between them`);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  const [registerRate, charges] = [Number(values['register-rate']), Number(values.charges)];
  const limits = { registerRate, seconds: Number(values.seconds), planSeconds: Number(values['plan-seconds']), applySeconds: Number(values['apply-seconds']) };
  const began = loadavg()[0] ?? NaN;
  const loads = new Loads(join(root, 'test', 'interop', 'scenarios'), 1000);
  const imports: ImportFigures[] = [];
  let download: ChargesDownload | null = null;
  try {
    for (const rows of values.rows.split(',').map(Number).filter((one) => one > 0)) imports.push({ rows, phases: await importPhases(root, loads, { ...limits, rows }) });
    if (charges > 0) download = await chargesDownload(root, loads, { charges, registerRate });
  } finally {
    loads.close();
  }
  process.stdout.write(`${registerRate} registrations/s; ${availableParallelism()} processors, load ${began.toFixed(1)} to ${(loadavg()[0] ?? NaN).toFixed(1)}\n\n${importsText(imports, download)}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ at: new Date().toISOString(), limits, imports, download }, null, 2)}\n`);
  return 0;
}

const MB = 1_000_000;
const megabytes = (bytes: number): string => (bytes / MB).toFixed(0);

/** The figures as tables for people. CPU of a row is what the phase used beyond what the REGISTERs alone did in as much time. */
export function importsText(imports: readonly ImportFigures[], download: ChargesDownload | null): string {
  const tables = imports.map(({ rows, phases }) => {
    const [alone] = phases;
    const idle = alone === undefined ? 0 : alone.cpuUs / alone.seconds;
    const [start, peak] = [alone?.memory.start ?? 0, Math.max(...phases.map(({ memory }) => memory.peak))];
    return [`${rows} rows:`, '', ...HEAD, ...phases.map((phase) => line(phase, idle)), '', `Resident memory grew by ${megabytes(peak - start)} MB from ${megabytes(start)} MB.`, ''].join('\n');
  });
  if (download === null) return tables.join('\n');
  const { phase, firstByteMs, bytes } = download;
  return [...tables, ...HEAD, line(phase, 0), '', `First byte after ${firstByteMs.toFixed(0)} ms, ${(bytes / MB).toFixed(1)} MB in ${phase.seconds.toFixed(1)} s; CPU time here includes that of the REGISTERs.`].join('\n');
}

const HEAD = [
  '| phase | rows | s | rows/s | CPU µs a row | REGISTER p50 / p95 / p99 ms | reached /s | failed | retransmissions | resident MB, start | peak |',
  '|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
] as const;

function line({ name, rows, seconds, cpuUs, memory, registers: { times, reached, failed, retransmissions } }: Phase, idleUs: number): string {
  const work = rows === 0 ? ['–', '–'] : [(rows / seconds).toFixed(0), ((cpuUs - idleUs * seconds) / rows).toFixed(0)];
  const register = [times.p50, times.p95, times.p99].map((one) => one.toFixed(1)).join(' / ');
  return `| ${[name, rows === 0 ? '–' : rows, seconds.toFixed(1), ...work, register, reached.toFixed(0), failed, retransmissions, megabytes(memory.start), megabytes(memory.peak)].join(' | ')} |`;
}
