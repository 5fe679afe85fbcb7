import { hostAfterScheme, hostOfUrl } from '../addressing/https-url.js';
import { isRepresentable } from './grammar-text.js';
import type { Grammar } from './phone-model.js';
import { settingsOf, type FileSetting, type TextProblem } from './template-settings.js';

/** What a family lets administrators set by text of their own; of its manifest. */
export interface TemplateRules {
  readonly grammar: Grammar;
  /** Keys that may be set, as anchored patterns; everything else is refused. */
  readonly allowed: readonly RegExp[];
  /** Keys whose whole value is a URL: https, at an allowed host. */
  readonly urls?: readonly RegExp[];
}

export interface LintSurroundings {
  /** Hosts that URLs in a template may name, lower case; none = no URL at all. */
  readonly allowedHosts: readonly string[];
}

export type LintOutcome = { readonly kind: 'clean'; readonly settings: readonly FileSetting[] } | { readonly kind: 'problems'; readonly problems: readonly TextProblem[] };

/** Longer texts are no template. */
export const LONGEST_TEMPLATE = 65_536;
const LONGEST_VALUE = 1024;
const MOST_PROBLEMS = 50;

/** Whatever a list allows by mistake: credentials, where configuration and firmware come from, and who may control the phone. */
const NEVER_KEYS = /pass(?:word|wd)?(?![a-z])|passwd|pswd|secret|credential|auth(?!o)|user_?(?:name|id|pass)|license|certificate|provision|upgrade|firmware|profile_?rule|resync|setting_server|serverPath|tr-?069|cwmp|acs(?![a-z])|ssh|telnet|action_?ur[il]|push_?xml/i;
const URL_LIKE = /(?:^|[\s"'=;,@])([a-z][a-z0-9+.-]*):\/\/([^\s"'<>;,]*)/gi;

/**
 * Reads an administrator's template in the phone's own grammar: every line a setting, every key allowed by the family's list, no
 * credentials, no source of configuration or firmware, URLs by https and to allowed hosts only, no macro.
 */
export function lintTemplate(text: string, { grammar, allowed, urls = [] }: TemplateRules, { allowedHosts }: LintSurroundings): LintOutcome {
  if (text.length > LONGEST_TEMPLATE) return { kind: 'problems', problems: [{ line: 1, text: `Longer than ${LONGEST_TEMPLATE} characters; shorten the template.` }] };
  const read = settingsOf(grammar, text.replaceAll('\r\n', '\n'));
  if (read.kind === 'malformed') return { kind: 'problems', problems: read.problems.slice(0, MOST_PROBLEMS) };
  const seen = new Set<string>();
  const problems: TextProblem[] = [];
  for (const setting of read.settings) {
    const { key, line } = setting;
    const isUrl = isTemplateKey(key, urls);
    const problem = (isUrl ? null : keyProblem(key, allowed)) ?? (seen.has(key) ? `${key} is set twice; keep one.` : null) ?? (isUrl ? urlProblem(setting) : null) ?? valueProblem(setting, grammar, allowedHosts);
    seen.add(key);
    if (problem !== null) problems.push({ line, text: problem });
  }
  return problems.length === 0 ? { kind: 'clean', settings: read.settings } : { kind: 'problems', problems: problems.slice(0, MOST_PROBLEMS) };
}

/** Whether the family's list lets templates set the key. */
export function isTemplateKey(key: string, allowed: readonly RegExp[]): boolean {
  return !NEVER_KEYS.test(key) && allowed.some((pattern) => pattern.test(key));
}

function keyProblem(key: string, allowed: readonly RegExp[]): string | null {
  const shown = key.slice(0, 80);
  if (NEVER_KEYS.test(key)) return `${shown} is set by the product alone; remove the line.`;
  return isTemplateKey(key, allowed) ? null : `${shown} is not among the settings that templates may change; remove the line.`;
}

function valueProblem({ key, value }: FileSetting, grammar: Grammar, allowedHosts: readonly string[]): string | null {
  if (value.length > LONGEST_VALUE) return `The value of ${key} is longer than ${LONGEST_VALUE} characters; shorten it.`;
  if (!isRepresentable(grammar, value)) return `The value of ${key} has characters that the phone reads as something else (macros, comments, control characters); remove them.`;
  for (const [, scheme, rest] of value.matchAll(URL_LIKE)) {
    if (scheme?.toLowerCase() !== 'https') return `The value of ${key} has a ${scheme ?? ''} URL; use https.`;
    const host = hostAfterScheme(rest ?? '');
    if (host === null || !allowedHosts.includes(host)) return `The value of ${key} has a URL of host ${host ?? 'nobody'}, which is not allowed; ask the operator to allow the host, or remove it.`;
  }
  return null;
}

/** Phones take a text without a scheme for a URL, too, and choose the scheme by themselves. */
function urlProblem({ key, value }: FileSetting): string | null {
  return value === '' || hostOfUrl(value) !== null ? null : `The value of ${key} must be a whole https URL; write https:// and the host.`;
}
