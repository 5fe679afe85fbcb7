import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PhoneFilePattern } from '../domain/provisioning/match-request.js';
import type { PhoneModel } from '../domain/provisioning/phone-model.js';
import { familyManifest, type FamilyManifest, type ManifestFile } from './family-manifest.js';

/** A folder of `provisioning-templates`, read and checked. */
export interface LoadedFamily {
  readonly templateFamily: string;
  readonly manifest: FamilyManifest;
  readonly models: readonly PhoneModel[];
  readonly patterns: readonly PhoneFilePattern[];
  /** Text of each template file by its name. */
  readonly templates: ReadonlyMap<string, string>;
}

/** What is wrong with a folder of templates; the program does not start with it. */
export class TemplateFolderProblem extends Error {
  override readonly name = 'TemplateFolderProblem';
}

const MAC = '(?<mac>[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5})';

/**
 * Reads every `<vendor>/<family>/manifest.json` below the folder, in order of their names.
 * @throws TemplateFolderProblem naming the file and what is wrong
 */
export function loadFamilies(folder: string): readonly LoadedFamily[] {
  const families = foldersIn(folder).flatMap((vendor) => foldersIn(join(folder, vendor)).map((family) => loadFamily(folder, `${vendor}/${family}`)));
  if (families.length === 0) throw new TemplateFolderProblem(`${folder} has no templates of phones`);
  return families;
}

function loadFamily(folder: string, templateFamily: string): LoadedFamily {
  const path = join(folder, templateFamily, 'manifest.json');
  const manifest = readManifest(path);
  const names = new Set(manifest.files.flatMap(({ template }) => template ?? []));
  const templates = new Map([...names].map((name) => [name, readText(join(folder, templateFamily, name))]));
  return {
    templateFamily, manifest, templates,
    models: manifest.models.map((model) => ({
      maker: manifest.maker, templateFamily, family: manifest.family, model: model.model, aliases: model.aliases, code: model.code,
      grammar: manifest.grammar, macCase: manifest.macCase, accounts: model.accounts, keySlots: model.keySlots,
      usableKeys: model.usableKeys ?? model.keySlots, idleSoftKeys: model.idleSoftKeys, expansion: model.expansion, background: model.background,
      labelLength: model.labelLength ?? manifest.labelLength, capabilities: { ...manifest.capabilities, ...model.capabilities }, note: model.note,
    })),
    patterns: manifest.files.map((file) => ({ name: file.name, kind: file.kind, pattern: patternOf(file, path) })),
  };
}

function readManifest(path: string): FamilyManifest {
  let json: unknown;
  try {
    json = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof SyntaxError) throw new TemplateFolderProblem(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
  const parsed = familyManifest.safeParse(json);
  if (!parsed.success) throw new TemplateFolderProblem(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function patternOf({ pattern }: ManifestFile, path: string): RegExp {
  try {
    return new RegExp(`^${pattern.replace('{mac}', MAC)}$`, 'i');
  } catch (error) {
    throw new TemplateFolderProblem(`${path}: ${pattern} is no pattern`, { cause: error });
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'golden').map(({ name }) => name).sort();
  } catch (error) {
    throw new TemplateFolderProblem(`${folder} cannot be read`, { cause: error });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TemplateFolderProblem(`${path} cannot be read`, { cause: error });
  }
}
