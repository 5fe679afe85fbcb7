import type { PhoneFamily } from '../device/phone-families.js';
import { lintTemplate, type LintSurroundings, type TemplateRules } from './lint-template.js';
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
  const [nearest] = [...judged].sort((a, b) => Number(b.readable) - Number(a.readable) || a.problems.length - b.problems.length);
  return fitting.length > 0 || nearest === undefined ? { kind: 'fits', families: fitting } : { kind: 'problems', problems: told(nearest) };
}

function judge(text: string, of: FamilyTemplateRules, surroundings: LintSurroundings): Judged {
  const read = lintTemplate(text, of.rules, surroundings);
  return {
    of, problems: read.kind === 'clean' ? [] : read.problems,
    readable: settingsOf(of.rules.grammar, text.replaceAll('\r\n', '\n')).kind === 'settings',
  };
}

function told({ of, problems }: Judged): readonly TextProblem[] {
  return problems.map(({ line, text }) => ({ line, text: `${of.maker}: ${text}` }));
}
