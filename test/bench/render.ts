/** The benchmark of phones' files: how fast they are rendered. `npm run bench -- render --help`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { PhoneFacts } from '../../src/domain/provisioning/compose-configuration.js';
import type { PhoneModel } from '../../src/domain/provisioning/phone-model.js';
import type { PhoneFiles } from '../../src/ports/phone-files.js';
import { PHONE_FACTS } from '../support/phone-facts.js';

const HELP = `Usage: npm run bench -- render [--seconds N] [--json FILE]

Composes the configuration of a phone and renders its files again and again, each for another phone: the model of every family that
has most keys, then all of them in turn.

  --seconds N   for each of them [2]
  --json FILE   writes the figures there
`;

/** What was measured of one model. */
export interface RenderFigures {
  readonly model: string;
  readonly files: number;
  readonly filesPerSecond: number;
  /** Of one processor, composing included. */
  readonly cpuUsPerFile: number;
  readonly bytesPerFile: number;
}

type Renderer = typeof import('../../src/rendering/phone-renderer.js');
type Composer = typeof import('../../src/domain/provisioning/compose-configuration.js');

/** Runs it on the build under `root`; returns the exit code: 0 done, 2 a wrong option. */
export async function bench(root: string, words: readonly string[]): Promise<number> {
  const options = { seconds: { type: 'string', default: '2' }, json: { type: 'string' }, help: { type: 'boolean' } } as const;
  let values;
  try {
    ({ values } = parseArgs({ args: [...words], options }));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return 2;
  }
  const seconds = Number(values.seconds);
  if (values.help === true || !(seconds > 0)) {
    process.stdout.write(HELP);
    return values.help === true ? 0 : 2;
  }
  const built = <T>(path: string): Promise<T> => import(pathToFileURL(join(root, 'dist', path)).href) as Promise<T>;
  const { createPhoneFiles } = await built<Renderer>('src/rendering/phone-renderer.js');
  const { composeConfiguration } = await built<Composer>('src/domain/provisioning/compose-configuration.js');
  const began = performance.now();
  const files = createPhoneFiles(join(root, 'provisioning-templates'));
  process.stdout.write(`${files.models.length} models loaded in ${(performance.now() - began).toFixed(0)} ms\n`);
  const figures: RenderFigures[] = [];
  for (const [name, models] of [...largest(files), ['all', files.models] as const]) {
    const one = measure(name, models, files, composeConfiguration, seconds);
    figures.push(one);
    process.stdout.write(`${one.model.padEnd(24)} ${one.filesPerSecond.toFixed(0).padStart(6)} files/s  ${one.cpuUsPerFile.toFixed(0).padStart(6)} µs CPU a file  ${one.bytesPerFile.toFixed(0).padStart(6)} bytes\n`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

function largest({ models }: PhoneFiles): readonly (readonly [string, readonly PhoneModel[]])[] {
  const families = [...new Set(models.map(({ templateFamily }) => templateFamily))];
  return families.flatMap((family) => {
    const [most] = models.filter(({ templateFamily }) => templateFamily === family).sort((a, b) => b.keySlots - a.keySlots);
    return most === undefined ? [] : [[`${most.maker} ${most.model}`, [most]] as const];
  });
}

function measure(name: string, models: readonly PhoneModel[], files: PhoneFiles, compose: Composer['composeConfiguration'], seconds: number): RenderFigures {
  let [count, bytes] = [0, 0];
  const round = (until: number): void => {
    for (let phone = 0; performance.now() < until; phone += 1) {
      const model = models[phone % models.length];
      if (model === undefined) return;
      const macAddress = phone.toString(16).padStart(12, '0');
      const facts: PhoneFacts = { ...PHONE_FACTS, device: { ...PHONE_FACTS.device, macAddress, userName: `u${phone}` } };
      const { configuration } = compose(facts, model);
      for (const { file } of files.filesOf(model, macAddress)) {
        const outcome = files.render(model, file, configuration, []);
        if (outcome.kind !== 'rendered') throw new Error(`${model.model} ${file}: ${outcome.kind}`);
        count += 1;
        bytes += outcome.body.length;
      }
    }
  };
  round(performance.now() + 300);
  [count, bytes] = [0, 0];
  const cpu = process.cpuUsage();
  const began = performance.now();
  round(began + seconds * 1000);
  const { user, system } = process.cpuUsage(cpu);
  const elapsed = (performance.now() - began) / 1000;
  return { model: name, files: count, filesPerSecond: count / elapsed, cpuUsPerFile: (user + system) / count, bytesPerFile: bytes / count };
}
