import type { PhoneFamily } from '../device/phone-families.js';
import { isTemplateKey, lintTemplate, type LintOutcome, type LintSurroundings, type TemplateRules } from './lint-template.js';
import { settingsOf, type TextProblem } from './template-settings.js';

/** What one family lets administrators set. */
export interface FamilyTemplateRules {
  readonly family: PhoneFamily;
  /** As administrators write the maker. */
  readonly maker: string;
  readonly rules: TemplateRules;
}

export type TemplateVerdict =
  /** Families whose phones take the whole text. */
  | { readonly kind: 'fits'; readonly families: readonly PhoneFamily[] }
  | { readonly kind: 'problems'; readonly problems: readonly TextProblem[] };

interface Judged {
  readonly of: FamilyTemplateRules;
  readonly problems: readonly TextProblem[];
  /** Whether every line is a setting in the family's grammar, allowed or not. */
  readonly readable: boolean;
  /** Settings that the family lets templates change, in the lines that can be read. */
  readonly known: number;
}

/**
 * Whether a template may be kept. One that names families must be clean in each of them; one that names none must be clean in at
 * least one, and is told off in the language that it was most likely written in.
 * @param named families that the template is for; none = whoever understands it
 */
export function judgeTemplate(
  text: string, named: readonly PhoneFamily[], families: readonly FamilyTemplateRules[], surroundings: LintSurroundings,
): TemplateVerdict {
  const wanted = families.filter(({ family }) => named.length === 0 || named.includes(family));
  const judged = wanted.map((of) => judge(text, of, surroundings));
  const fitting = judged.filter(({ problems }) => problems.length === 0).map(({ of }) => of.family);
  if (named.length > 0) {
    const problems = judged.flatMap(told);
    return problems.length === 0 ? { kind: 'fits', families: fitting } : { kind: 'problems', problems };
  }
  const [nearest] = [...judged].sort((a, b) => b.known - a.known || Number(b.readable) - Number(a.readable) || a.problems.length - b.problems.length);
  return fitting.length > 0 || nearest === undefined ? { kind: 'fits', families: fitting } : { kind: 'problems', problems: told(nearest) };
}

/** What a template says to a phone of the family: nothing where it is for others, or where one line does not fit. */
export function templateForFamily(
  { content, families }: { readonly content: string; readonly families: readonly PhoneFamily[] }, family: PhoneFamily, rules: TemplateRules, surroundings: LintSurroundings,
): LintOutcome {
  if (families.length === 0 || families.includes(family)) return lintTemplate(content, rules, surroundings);
  return { kind: 'problems', problems: [{ line: 1, text: `The template is for ${families.join(', ')} alone; give this phone another one, or name its family too.` }] };
}

function judge(text: string, of: FamilyTemplateRules, surroundings: LintSurroundings): Judged {
  const linted = lintTemplate(text, of.rules, surroundings);
  const { grammar, allowed, urls = [] } = of.rules;
  const read = settingsOf(grammar, text.replaceAll('\r\n', '\n'));
  const rest = read.kind === 'settings' ? read : settingsOf(grammar, without(text, read.problems.map(({ line }) => line)));
  const known = rest.kind === 'settings' ? rest.settings.filter(({ key }) => isTemplateKey(key, [...allowed, ...urls])).length : 0;
  return { of, problems: linted.kind === 'clean' ? [] : linted.problems, readable: read.kind === 'settings', known };
}

/** @param lines counted from 1 */
function without(text: string, lines: readonly number[]): string {
  const gone = new Set(lines);
  return text.split('\n').filter((_, index) => !gone.has(index + 1)).join('\n');
}

function told({ of, problems }: Judged): readonly TextProblem[] {
  return problems.map(({ line, text }) => ({ line, text: `${of.maker}: ${text}` }));
}
