import type { PromptLanguage } from '../../../domain/prompts/account-prompt.js';

/** A mail's subject and body in every language, as Liquid; each line of the body is a paragraph of the HTML form. */
export type MailTexts = Readonly<Record<PromptLanguage, { readonly subject: string; readonly body: string }>>;
