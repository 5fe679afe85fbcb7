import type { AccountId, ProvisionTemplateId } from '../ids.js';
import type { PhoneFamily } from './phone-families.js';

/** Text in a phone's own language that is put into its configuration; every version stays. */
export interface ProvisionTemplate {
  readonly id: ProvisionTemplateId;
  readonly accountId: AccountId;
  readonly name: string;
  readonly description: string;
  readonly content: string;
  /** Families of phones that it is for; none = whoever understands its text. */
  readonly families: readonly PhoneFamily[];
  /** From 1; grows with each change of the content. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface TemplateVersion {
  readonly version: number;
  readonly content: string;
  readonly createdAt: number;
  /** As the audit log names them. */
  readonly createdBy: string;
}

/** UTF-16 units. */
export const LONGEST_TEMPLATE = 65_536;

export interface TemplateProblem {
  /** From 1; 0 = the whole text. */
  readonly line: number;
  readonly text: string;
}

/** What holds for every phone's language: plain text without control characters. */
export function lintPlainText(content: string): readonly TemplateProblem[] {
  if (content.length > LONGEST_TEMPLATE) return [{ line: 0, text: `A template has at most ${LONGEST_TEMPLATE} characters.` }];
  return content.split('\n').flatMap((text, index) => (
    hasControls(text.replace(/\r$/, '')) ? [{ line: index + 1, text: 'Control characters are not allowed.' }] : []
  ));
}

const SPACE = 0x20;
const DELETE = 0x7f;

function hasControls(text: string): boolean {
  return [...text].some((character) => {
    const code = character.charCodeAt(0);
    return (code < SPACE && character !== '\t') || code === DELETE;
  });
}
