/** `npm run fuzz`: random input for the edge, by time or by count; a finding is written to a file that can be played again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ControlTarget } from './control-target.js';
import { EdgeTarget } from './edge-target.js';
import { framingTarget } from './framing-target.js';
import { parserTarget } from './parser-target.js';
import { seeded } from './random.js';
import type { FuzzInput, FuzzTarget, Piece } from './target.js';

export type TargetName = 'parser' | 'framing' | 'edge' | 'control';

const OPENERS: Readonly<Record<TargetName, () => Promise<FuzzTarget>>> = {
  parser: () => Promise.resolve(parserTarget),
  framing: () => Promise.resolve(framingTarget),
  edge: () => EdgeTarget.open(),
  control: () => ControlTarget.open(),
};
const NAMES = Object.keys(OPENERS) as TargetName[];
/** A finding may need what came before it: so many inputs are kept. */
const KEPT = 30;

export interface FuzzFinding {
  readonly target: TargetName;
  readonly seed: number;
  /** Which case of that seed. */
  readonly round: number;
  readonly what: string;
  /** Whether it happens again on a fresh target with the last input alone. */
  readonly alone: boolean;
  /** Oldest first; the last one showed it. */
  readonly inputs: readonly FuzzInput[];
}

export interface FuzzResult {
  readonly rounds: number;
  readonly finding: FuzzFinding | undefined;
}

const isWanted = (name: string): name is TargetName => Object.hasOwn(OPENERS, name);
const inputOf = (target: FuzzTarget, seed: number, round: number): FuzzInput => target.make(seeded(Math.imul(seed, 2_654_435_761) + round));
const guarded = (target: FuzzTarget, input: FuzzInput): Promise<string | undefined> =>
  Promise.resolve().then(() => target.check(input)).catch((bug: unknown) => `throws: ${bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)}`);

/**
 * Runs one target until `goesOn` says no or something is found.
 * @param goesOn asked before each case with its number
 */
export async function fuzzTarget(name: TargetName, seed: number, goesOn: (round: number) => boolean): Promise<FuzzResult> {
  const target = await OPENERS[name]();
  const inputs: FuzzInput[] = [];
  let round = 0;
  try {
    for (; goesOn(round); round += 1) {
      const input = inputOf(target, seed, round);
      inputs.push(input);
      if (inputs.length > KEPT) inputs.shift();
      const what = await guarded(target, input);
      if (what === undefined) continue;
      const alone = (await playOn(name, [input])) !== undefined;
      return { rounds: round + 1, finding: { target: name, seed, round, what, alone, inputs: alone ? [input] : inputs } };
    }
  } finally {
    await target.close();
  }
  return { rounds: round, finding: undefined };
}

async function playOn(name: TargetName, inputs: readonly FuzzInput[]): Promise<string | undefined> {
  const target = await OPENERS[name]();
  try {
    for (const input of inputs) {
      const what = await guarded(target, input);
      if (what !== undefined) return what;
    }
    return undefined;
  } finally {
    await target.close();
  }
}

const USAGE = `usage: npm run fuzz -- [--seconds N] [--seed N] [--target ${NAMES.join('|')}] [--replay FILE] [--out FOLDER]
  --seconds  for all targets together; default 60
  --seed     of the run; default: taken from the clock and printed
  --target   one of them; default: all in turn
  --replay   plays a finding again
  --out      where findings go; default: the folder for temporary files
`;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** @param argv words behind `--`. @returns exit code: 0 nothing found, 1 a finding, 2 words that make no sense */
export async function fuzz(argv: readonly string[]): Promise<number> {
  let values: Partial<Record<'seconds' | 'seed' | 'target' | 'replay' | 'out', string>> & { readonly help?: boolean };
  try {
    ({ values } = parseArgs({ args: [...argv], options: { seconds: { type: 'string' }, seed: { type: 'string' }, target: { type: 'string' }, replay: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } } }));
  } catch (problem) {
    process.stderr.write(`fuzz: ${problem instanceof Error ? problem.message : String(problem)}\n${USAGE}`);
    return 2;
  }
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const seconds = Number(values.seconds ?? 60);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const wanted = values.target ?? '';
  if (!(seconds > 0) || !Number.isSafeInteger(seed) || (wanted !== '' && !isWanted(wanted))) {
    process.stderr.write(`fuzz: seconds and seed are numbers, the target one of ${NAMES.join(', ')}\n${USAGE}`);
    return 2;
  }
  const unhandled = (bug: unknown): void => {
    say(`unhandled: ${bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)}\nseed ${seed}: play the run again with --seed ${seed}`);
    process.exit(1);
  };
  process.on('unhandledRejection', unhandled);
  process.on('uncaughtException', unhandled);
  if (values.replay !== undefined) return replay(values.replay);

  const names = isWanted(wanted) ? [wanted] : NAMES;
  say(`seed ${seed}; ${names.join(', ')}; ${seconds} s`);
  for (const name of names) {
    const finding = await timed(name, seed, (seconds * 1_000) / names.length);
    if (finding === undefined) continue;
    report(finding, values.out ?? join(tmpdir(), 'cordboard-fuzz'));
    return 1;
  }
  return 0;
}

async function timed(name: TargetName, seed: number, ms: number): Promise<FuzzFinding | undefined> {
  const begun = performance.now();
  let nextLine = begun + 10_000;
  const line = (round: number): void => say(`${name}: ${round} inputs in ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  let rounds = 0;
  const { finding } = await fuzzTarget(name, seed, (round) => {
    rounds = round;
    const now = performance.now();
    if (now > nextLine) {
      line(round);
      nextLine = now + 10_000;
    }
    return now - begun < ms;
  });
  if (finding === undefined) line(rounds);
  return finding;
}

function report(finding: FuzzFinding, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${finding.target}-${finding.seed}-${finding.round}.json`);
  writeFileSync(file, `${JSON.stringify(finding, null, 1)}\n`);
  say(`FOUND by ${finding.target}, input ${finding.round} of seed ${finding.seed}${finding.alone ? '' : ' (not by itself: with what came before)'}:\n${finding.what.slice(0, 4_000)}`);
  say(`written to ${file}\nplay it again: npm run fuzz -- --replay ${file}`);
}

async function replay(file: string): Promise<number> {
  const finding = JSON.parse(readFileSync(file, 'utf8')) as { readonly target: string; readonly inputs: readonly (readonly Piece[])[] };
  if (!isWanted(finding.target)) {
    process.stderr.write(`fuzz: ${file} is no finding of this fuzzer\n`);
    return 2;
  }
  const what = await playOn(finding.target, finding.inputs);
  say(what === undefined ? 'nothing happened' : `again: ${what}`);
  return what === undefined ? 0 : 1;
}
