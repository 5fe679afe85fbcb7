import { HOT_DESK_PROMPTS, type HotDeskPrompt } from '../hotdesk/prompts.js';
import type { AccountId } from '../ids.js';

/** Prompts are spoken in these, ISO 639-1. */
export const PROMPT_LANGUAGES = ['en', 'es', 'de', 'fr'] as const;
export type PromptLanguage = (typeof PROMPT_LANGUAGES)[number];

/** One recording among those that an account can replace. */
export interface PromptName {
  readonly language: PromptLanguage;
  readonly promptId: HotDeskPrompt;
}

/** A recording of the account's own, heard instead of the built-in one. */
export interface AccountPrompt extends PromptName {
  readonly accountId: AccountId;
  readonly durationMs: number;
  /** Epoch ms. */
  readonly uploadedAt: number;
}

/** Every recording there is, by language. */
export const PROMPT_NAMES: readonly PromptName[] = PROMPT_LANGUAGES.flatMap(
  (language) => HOT_DESK_PROMPTS.map((promptId) => ({ language, promptId })),
);

/** `de/enter-pin`: the id by which events and the audit log name a recording. */
export function promptText({ language, promptId }: PromptName): string {
  return `${language}/${promptId}`;
}

const BY_TEXT: ReadonlyMap<string, PromptName> = new Map(PROMPT_NAMES.map((name) => [promptText(name), name]));

/** The recording that `de/enter-pin` names; undefined for none. */
export function promptNamed(text: string): PromptName | undefined {
  return BY_TEXT.get(text);
}
