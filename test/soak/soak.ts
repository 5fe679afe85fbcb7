/** The soak run; scripts/soak.mjs runs it. What it does is in its `--help`. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPhone } from '../support/product-phones.js';
import { startProduct, type Product } from '../support/product.js';
import { drained, memory, noFaults, records, type Check } from './checks.js';
import { Cut, pause } from './cut.js';
import { HELP, readOptions, type SoakOptions } from './options.js';
import { Person, type World } from './person.js';
import { plotPage } from './plot.js';
import { Random } from './random.js';
import { csv, readMetrics, rounded, takeSample, type Sample } from './samples.js';
import type { Edges, Subscriber } from './station.js';
import { Tally } from './tally.js';

export interface SoakResult {
  readonly checks: readonly Check[];
  readonly tally: Tally;
  readonly report: string;
  /** Folder of report.txt, samples.csv and plot.html. */
  readonly out: string;
}

const SAMPLE_MS = 10_000;
const DRAIN_MS = 300_000;
const FIRST_EXTENSION = 2001;

/** The command. `root` is the checkout; returns the exit code: 0 every check passed, 1 one did not, 2 wrong words. */
export async function soakCommand(root: string, words: readonly string[]): Promise<number> {
  const read = readOptions(words);
  if (read.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (read.kind === 'problems') {
    process.stderr.write(`${read.problems.map((problem) => `soak: ${problem}`).join('\n')}\n`);
    return 2;
  }
  const end = new Cut();
  // The first signal ends the living early; checks and report come all the same.
  process.once('SIGINT', () => end.happen());
  process.once('SIGTERM', () => end.happen());
  const { checks, report } = await soak(root, read.options, end, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`\n${report}`);
  return checks.every(({ passed }) => passed) ? 0 : 1;
}

/** Runs it; `say` gets a line at every sample. */
export async function soak(root: string, options: SoakOptions, end: Cut, say: (line: string) => void): Promise<SoakResult> {
  const out = options.out ?? mkdtempSync(join(tmpdir(), 'cordboard-soak-'));
  mkdirSync(out, { recursive: true });
  say(`soak: report, samples and plot go to ${out}`);
  const product = await startProduct({ root, env: { SIP_TLS_PORT: '0', SIP_WS_PORT: '0', SIP_WSS_PORT: '0' } });
  const errors: string[] = [];
  const warnings = new Map<string, number>();
  product.log.follow(({ level, event, raw }) => {
    if (level === 'error' || level === 'fatal' || /\b(uncaught|unhandled)/i.test(raw)) errors.push(raw);
    else if (level === 'warn') warnings.set(event, (warnings.get(event) ?? 0) + 1);
  });
  try {
    const tally = new Tally();
    const subscribers: Subscriber[] = [];
    while (subscribers.length < options.phones) {
      const some = Array.from({ length: Math.min(10, options.phones - subscribers.length) }, (_, at) => String(FIRST_EXTENSION + subscribers.length + at));
      subscribers.push(...await Promise.all(some.map((extension) => addPhone(product, extension))));
    }
    const before = await readMetrics(product);
    say(`${options.phones} phones are there after ${Math.round(process.uptime())} s`);
    const [first = '', ...others] = subscribers.map(({ extension }) => extension);
    const world = (at: number): World => ({
      edges: edgesOf(product), random: new Random(options.seed * 7919 + at), tally, pace: options.pace, vanishing: options.vanishing,
      extensions: [first, ...others],
    });
    const samples = await live(product, subscribers.map((subscriber, at) => new Person(subscriber, world(at))), options, end, tally, say);
    const checks: readonly Check[] = [
      await drained(product, before, options.vanishing ? DRAIN_MS : SAMPLE_MS, options.vanishing),
      ...await noFaults(product, errors),
      await records(product, tally.dialled),
      ...memory(samples, options),
      { name: 'phones saw nothing odd', passed: tally.odd === 0, detail: [`${tally.odd} oddities`, ...tally.oddities].slice(0, tally.odd === 0 ? 0 : 20).join('\n    ') },
    ];
    const report = reportText(options, samples, checks, tally, warnings, out);
    writeFileSync(join(out, 'report.txt'), report);
    writeFileSync(join(out, 'samples.csv'), csv(samples));
    writeFileSync(join(out, 'plot.html'), plotPage(samples, `Soak of ${options.phones} phones, seed ${options.seed}`));
    return { checks, tally, report, out };
  } finally {
    await product.close();
  }
}

async function live(product: Product, people: readonly Person[], options: SoakOptions, end: Cut, tally: Tally, say: (line: string) => void): Promise<readonly Sample[]> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const samples: Sample[] = [];
  const over = new Cut();
  end.whenHappened(() => over.happen());
  const home = Promise.all(people.map((person) => person.live(over)));
  const lengthMs = options.minutes * 60_000;
  const stepMs = Math.min(SAMPLE_MS, lengthMs / 10);
  while (!over.done) {
    const sample = await takeSample(product, seconds());
    const value = (column: string): string => rounded(sample.values.get(column) ?? 0);
    const earlier = samples.at(-1);
    const cpu = earlier === undefined ? 0 : 100 * ((sample.values.get('CPU s') ?? 0) - (earlier.values.get('CPU s') ?? 0)) / (sample.at - earlier.at);
    samples.push(sample);
    say(`${Math.round(sample.at)} s: ${tally.dialled.length} calls dialled, ${tally.of('dialled: 200')} answered; ${value('inbound dialogs')} in progress; `
      + `memory ${value('memory MB')} MB, heap ${value('heap MB')} + ${value('edge heap MB')} MB, CPU ${cpu.toFixed(1)} %; ${tally.odd} oddities`);
    if (!product.alive() || seconds() * 1000 >= lengthMs) over.happen();
    else await pause(Math.min(stepMs, lengthMs - seconds() * 1000), over);
  }
  say('everybody goes home …');
  await home;
  say(`everybody is at home after ${Math.round(seconds() - (samples.at(-1)?.at ?? 0))} s`);
  return samples;
}

function edgesOf(product: Product): Edges {
  const sip = product.log.lines.find(({ event }) => event === 'ready')?.fields['sip'];
  const port = (transport: string): number => (Array.isArray(sip) ? sip.find((each: { transport: string; port: number }) => each.transport === transport)?.port : undefined) ?? product.sip.port;
  const at = (transport: string) => ({ address: product.sip.host, port: port(transport) });
  return { udp: at('udp'), tcp: at('tcp'), tls: at('tls'), ws: at('ws'), wss: at('wss') };
}

function reportText(options: SoakOptions, samples: readonly Sample[], checks: readonly Check[], tally: Tally, warnings: ReadonlyMap<string, number>, out: string): string {
  const [first, last] = [samples[0], samples.at(-1)];
  const cpu = first === undefined || last === undefined ? 0 : 100 * ((last.values.get('CPU s') ?? 0) - (first.values.get('CPU s') ?? 0)) / Math.max(1, last.at - first.at);
  const lines = checks.map(({ name, passed, detail }) => `${passed ? 'ok    ' : 'FAILED'}  ${name}${detail === '' ? '' : `: ${detail}`}`);
  const warned = [...warnings].map(([event, count]) => `  ${count} × ${event}`);
  return [
    `${options.phones} phones, seed ${options.seed}, ${((last?.at ?? 0) / 60).toFixed(1)} minutes, CPU ${cpu.toFixed(1)} % of one core, Node ${process.versions.node}`,
    '', tally.table(), '', ...lines, '', ...(warned.length === 0 ? [] : ['warnings logged:', ...warned, '']), `written to ${out}`, '',
  ].join('\n');
}
