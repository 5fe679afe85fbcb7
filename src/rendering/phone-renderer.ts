import { createHash } from 'node:crypto';
import { findModel, matchRequest } from '../domain/provisioning/match-request.js';
import { mergeTemplate } from '../domain/provisioning/merge-template.js';
import { contentGeneration, type PhoneConfiguration } from '../domain/provisioning/phone-configuration.js';
import type { Grammar, PhoneModel } from '../domain/provisioning/phone-model.js';
import type { FileSetting } from '../domain/provisioning/template-settings.js';
import type { CommonFacts, PhoneFiles, RecognisedAgent, RenderOutcome } from '../ports/phone-files.js';
import type { FamilyManifest, ManifestFile } from './family-manifest.js';
import { loadFamilies, TemplateFolderProblem, type LoadedFamily } from './load-families.js';
import { renderScope } from './render-scope.js';
import { TemplateEngine, UnrepresentableValue } from './template-engine.js';

interface ReadyFile {
  readonly file: ManifestFile;
  readonly grammar: Grammar;
  readonly contentType: string;
  readonly render: (scope: Readonly<Record<string, unknown>>) => string;
}

interface ReadyFamily {
  readonly templateFamily: string;
  readonly manifest: FamilyManifest;
  readonly models: readonly PhoneModel[];
  readonly files: ReadonlyMap<string, ReadyFile>;
  readonly allowed: readonly RegExp[];
  readonly urls: readonly RegExp[];
  readonly agents: readonly RegExp[];
  readonly firmwareNames: RegExp | null;
}

const LONGEST_USER_AGENT = 256;
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * The files of all families below a folder, read and parsed once.
 * @throws TemplateFolderProblem when one of them is wrong
 */
export function createPhoneFiles(folder: string): PhoneFiles {
  const loaded = loadFamilies(folder);
  const engines = new Map<Grammar, TemplateEngine>();
  const engineOf = (grammar: Grammar): TemplateEngine => {
    const known = engines.get(grammar);
    if (known !== undefined) return known;
    const made = new TemplateEngine(grammar);
    engines.set(grammar, made);
    return made;
  };
  const families = new Map(loaded.map((family) => [family.templateFamily, readyFamily(family, engineOf)]));
  const models = loaded.flatMap((family) => family.models);
  const patterns = loaded.map(({ templateFamily, patterns: files }) => ({ templateFamily, files }));
  const familyOf = (model: PhoneModel): ReadyFamily => {
    const family = families.get(model.templateFamily);
    if (family === undefined) throw new Error(`no templates of ${model.templateFamily}`);
    return family;
  };

  return {
    models,
    findModel: (maker, model) => findModel(models, maker, model),
    request: (path) => matchRequest(patterns, path),
    filesOf: (model, macAddress) => familyOf(model).manifest.files.flatMap(({ name, kind, as }) => (kind === 'device' && as !== undefined
      ? [{ file: name, name: as.replace('{mac}', model.macCase === 'upper' ? macAddress.toUpperCase() : macAddress).replace('{code}', model.code) }] : [])),
    render(model, file, configuration, template) {
      const { manifest, files } = familyOf(model);
      const ready = files.get(file);
      if (ready?.file.kind !== 'device') return { kind: 'no-such-file' };
      return rendered(ready, renderScope(configuration, model, manifest, ready.grammar, () => versionOf(configuration, template)), template);
    },
    isConfiguration: (model, file) => familyOf(model).files.get(file)?.file.takesTemplate === true,
    renderCommon(templateFamily, file, code, facts) {
      const ready = families.get(templateFamily)?.files.get(file);
      return ready?.file.kind === 'common' ? rendered(ready, commonScope(code, facts), []) : { kind: 'no-such-file' };
    },
    isFirmwareName: (model, fileName) => familyOf(model).firmwareNames?.test(fileName) === true,
    firmwareAddress: (model, folder, fileName) => familyOf(model).manifest.firmware?.address.replace('{folder}', folder).replace('{file}', fileName) ?? null,
    templateRules: (model) => ({ grammar: model.grammar, allowed: familyOf(model).allowed, urls: familyOf(model).urls }),
    recognise: (userAgent) => recognise([...families.values()], userAgent),
  };
}

function readyFamily({ templateFamily, manifest, models, templates }: LoadedFamily, engineOf: (grammar: Grammar) => TemplateEngine): ReadyFamily {
  const files = manifest.files.flatMap((file): readonly (readonly [string, ReadyFile])[] => {
    const { template, contentType } = file;
    if (template === undefined || contentType === undefined) return [];
    const grammar = file.grammar ?? manifest.grammar;
    const engine = engineOf(grammar);
    try {
      const parsed = engine.parse(`${templateFamily}/${template}`, templates.get(template) ?? '');
      return [[file.name, { file, grammar, contentType, render: (scope) => engine.render(parsed, scope) }]];
    } catch (error) {
      throw new TemplateFolderProblem(`${templateFamily}/${template}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  });
  return {
    templateFamily, manifest, models, files: new Map(files),
    urls: manifest.template.urls.map((pattern) => new RegExp(`^(?:${pattern})$`)),
    allowed: manifest.template.allow.map((pattern) => new RegExp(`^(?:${pattern})$`)), agents: manifest.userAgents.map((pattern) => new RegExp(pattern, 'i')),
    firmwareNames: manifest.firmware === null ? null : new RegExp(`^(?:${manifest.firmware.names})$`, 'i'),
  };
}

function rendered({ file, grammar, contentType, render }: ReadyFile, scope: Readonly<Record<string, unknown>>, template: readonly FileSetting[]): RenderOutcome {
  try {
    const text = render(scope);
    const body = file.takesTemplate ? mergeTemplate(grammar, text, template) : text;
    return { kind: 'rendered', body, contentType, etag: `"${sha256(body).slice(0, 32)}"` };
  } catch (error) {
    if (!(error instanceof UnrepresentableValue)) throw error;
    return { kind: 'unrenderable', text: `The value of ${error.message} cannot stand in the phone's file ${file.name}; use letters, digits and - . _ there.` };
  }
}

/** Another number for other content, the same for the same. */
function versionOf(configuration: PhoneConfiguration, template: readonly FileSetting[]): number {
  const own = contentGeneration(configuration, sha256);
  const all = template.length === 0 ? own : sha256(`${own}${JSON.stringify(template.map(({ key, value }) => [key, value]))}`);
  return Number.parseInt(all.slice(0, 12), 16);
}

function commonScope(code: string | null, { baseUrl, ntpPrimary, ntpSecondary }: CommonFacts): Readonly<Record<string, unknown>> {
  return { code: code ?? '', base_url: baseUrl, base_host: baseUrl.replace(/^[a-z]+:\/\//, ''), ntp1: ntpPrimary, ntp2: ntpSecondary };
}

function recognise(families: readonly ReadyFamily[], userAgent: string): RecognisedAgent | null {
  if (userAgent.length > LONGEST_USER_AGENT) return null;
  for (const { templateFamily, agents } of families) {
    for (const pattern of agents) {
      const { model, firmware, mac } = pattern.exec(userAgent)?.groups ?? {};
      if (!pattern.test(userAgent)) continue;
      return {
        templateFamily, model: model?.replaceAll('_', ' ') ?? null, firmware: firmware ?? null,
        macAddress: mac?.replace(/[:.-]/g, '').toLowerCase() ?? null,
      };
    }
  }
  return null;
}
