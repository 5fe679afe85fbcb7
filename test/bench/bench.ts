/** The benchmark; scripts/bench.mjs runs it. What it measures and how is in its `--help`. */
import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { Loads, type MemoryFigure, type Stage } from './loads.js';
import { helpText, readOptions, type BenchOptions } from './options.js';
import { cpuTable, memoryTable, rateTable } from './report.js';
import { externalTarget, startPeerTarget, startProductOnDrachtio, startProductTarget, type Target } from './targets.js';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs it. `root` is the checkout; returns the exit code: 0 all done, 1 some units failed, 2 a wrong option. */
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
  const loads = new Loads(join(root, 'test', 'interop', 'scenarios'), options);
  const stages: Stage[] = [];
  const memory: MemoryFigure[] = [];
  for (const { name, start } of starts(root, options)) {
    say(`${name}: starting …`);
    const target = await start();
    try {
      await run(target, loads, options, stages, memory);
    } finally {
      await target.stop();
    }
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Linux ${release()}, Node ${process.versions.node}`;
  process.stdout.write(`\n${machine}\n\n${rateTable(stages)}\n\n${cpuTable(stages)}\n`);
  if (memory.length > 0) process.stdout.write(`\n${memoryTable(memory)}\n`);
  if (options.json !== null) {
    writeFileSync(options.json, `${JSON.stringify({ at: new Date().toISOString(), machine, options, stages, memory }, null, 2)}\n`);
    say(`written: ${options.json}`);
  }
  const bad = stages.filter(({ problems }) => problems !== '');
  for (const { target, load, rate, problems } of bad) say(`\n${target}, ${load} at ${rate}/s:\n${problems}`);
  return bad.length > 0 ? 1 : 0;
}

function starts(root: string, options: BenchOptions): readonly { readonly name: string; readonly start: () => Promise<Target> }[] {
  const binary = options.drachtioBin;
  const all = [
    { name: 'product', start: () => startProductTarget(root, options) },
    ...(binary === null ? [] : [
      { name: 'product-on-drachtio', start: () => startProductOnDrachtio(root, options, binary) },
      { name: 'peer', start: () => startPeerTarget(options, binary) },
    ]),
    ...(options.target === null ? [] : [{ name: 'target', start: async () => externalTarget(options) }]),
  ];
  return all.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
}

async function run(target: Target, loads: Loads, options: BenchOptions, stages: Stage[], memory: MemoryFigure[]): Promise<void> {
  await loads.warmUp(target);
  for (const rate of options.registerRates) {
    say(`  ${rate} registrations a second …`);
    stages.push(await loads.register(target, rate));
  }
  for (const rate of target.callers.length > 0 ? options.callRates : []) {
    say(`  ${rate} calls a second …`);
    stages.push(await loads.call(target, rate));
  }
  if (!options.memory) return;
  say('  memory …');
  memory.push(await loads.memory(target));
}
