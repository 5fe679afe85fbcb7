/** The benchmark; scripts/bench.mjs runs it. What it measures and how is in its `--help`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { Measurements } from './measurements.js';
import { helpText, readOptions, type BenchOptions } from './options.js';
import { writePages } from './pages.js';
import { minutesOf } from './plan.js';
import { reportText } from './report.js';
import type { BenchResults } from './results.js';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs it. `root` is the checkout; returns the exit code: 0 all done, 1 nothing was measured, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const read = readOptions(words);
  if (read.kind === 'help') {
    process.stdout.write(helpText());
    return 0;
  }
  if (read.kind === 'problems') {
    for (const problem of read.problems) say(`bench: ${problem}`);
    return 2;
  }
  const { options } = read;
  const docs = join(root, 'docs');
  if (options.render) {
    writePages(docs, JSON.parse(readFileSync(join(docs, 'bench.json'), 'utf8')) as BenchResults);
    return 0;
  }
  const began = performance.now();
  const clock = (text: string): void => say(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${text}`);
  say(`bench: ${options.servers.join(', ')}; this takes about ${minutesOf(options)} minutes`);
  const measured = new Measurements(root, options, clock);
  try {
    await measured.run();
  } finally {
    measured.close();
  }
  const results: BenchResults = {
    at: new Date().toISOString(), machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Linux ${release()}`,
    versions: versions(options), command: commandOf(words), ...measured.found,
  };
  process.stdout.write(`\n${results.machine}, ${Object.values(results.versions).join(', ')}\n\n${reportText(results)}\n`);
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
  if (options.write) {
    writeFileSync(join(docs, 'bench.json'), `${JSON.stringify(results, null, 1)}\n`);
    writePages(docs, results);
  }
  for (const { server, load, rate, problems } of results.stages) if (problems !== '') say(`\n${server}, ${load} at ${rate}/s:\n${problems}`);
  return results.stages.length + results.memory.length + results.growth.length > 0 ? 0 : 1;
}

/** The command to repeat it; where programs and files lie is this machine's business. */
function commandOf(words: readonly string[]): string {
  const said = words.join(' ').replace(/(--drachtio-bin)[ =]\S+/, '$1 PATH').replace(/ ?--(json|profile)[ =]\S+/g, '');
  return `npm run bench -- ${said}`.trim();
}

function versions(options: BenchOptions): Readonly<Record<string, string>> {
  const of = (program: string, args: readonly string[], pattern: RegExp): string => {
    try {
      return pattern.exec(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))?.[1] ?? '';
    } catch {
      return '';
    }
  };
  const found = {
    node: `Node.js ${process.versions.node}`,
    redis: of('redis-server', ['--version'], /v=(\S+)/),
    drachtio: options.drachtioBin === null ? '' : of(options.drachtioBin, ['--version'], /(\S+)/),
    kamailio: of('/usr/sbin/kamailio', ['-v'], /kamailio (\S+)/),
  };
  return Object.fromEntries(Object.entries(found).filter(([, text]) => text !== '')
    .map(([name, text]) => [name, name === 'node' ? text : `${name} ${text}`]));
}
