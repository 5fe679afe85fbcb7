/** Expected files of phones: `golden/<model>/owner/<file>` in full, the other states as the lines in which they differ. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { composeConfiguration } from '../../src/domain/provisioning/compose-configuration.js';
import type { PhoneModel } from '../../src/domain/provisioning/phone-model.js';
import type { PhoneState } from '../../src/domain/provisioning/phone-configuration.js';
import type { PhoneFiles } from '../../src/ports/phone-files.js';
import { STATES, TEMPLATE_FOLDER } from './phone-facts.js';

export const STATE_NAMES: readonly PhoneState[] = ['owner', 'guest', 'common-area', 'unassigned'];

/** Every file of a phone of the model in a state, by the name the phone asks for. */
export function filesInState(files: PhoneFiles, model: PhoneModel, state: PhoneState): ReadonlyMap<string, string> {
  const { configuration } = composeConfiguration(STATES[state], model);
  return new Map(files.filesOf(model, configuration.macAddress).map(({ file, name }) => {
    const outcome = files.render(model, file, configuration, []);
    if (outcome.kind !== 'rendered') throw new Error(`${model.model} ${name}: ${outcome.kind}`);
    return [name, outcome.body];
  }));
}

/** What differs, as `line: text`; lines beyond the end of the other are shown too. */
export function differingLines(owner: string, other: string): string {
  const [before, after] = [owner.split('\n'), other.split('\n')];
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index)
    .filter((index) => before[index] !== after[index])
    .map((index) => `${index + 1}: ${after[index] ?? '(no line)'}\n`).join('');
}

/** The texts that are kept for a model, by their path below the family's `golden` folder. */
export function goldenTexts(files: PhoneFiles, model: PhoneModel): ReadonlyMap<string, string> {
  const folder = model.model.replaceAll(' ', '-');
  const owner = filesInState(files, model, 'owner');
  const texts = new Map([...owner].map(([name, body]) => [`${folder}/owner/${name}`, body]));
  for (const state of STATE_NAMES.filter((one) => one !== 'owner')) {
    const differing = [...filesInState(files, model, state)].map(([name, body]) => `${name}\n${differingLines(owner.get(name) ?? '', body)}`);
    texts.set(`${folder}/${state}.txt`, differing.join('\n'));
  }
  return texts;
}

export const goldenFolder = (model: PhoneModel): string => join(TEMPLATE_FOLDER, model.templateFamily, 'golden');

/** `GOLDEN=write` writes what is expected from now on; read the difference before committing it. */
export const writesGolden = (): boolean => process.env['GOLDEN'] === 'write';

export function readGolden(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

export function writeGolden(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

export function clearGolden(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
