import type { AccountId } from '../ids.js';
import { PROMPT_LANGUAGES, type PromptLanguage } from '../prompts/account-prompt.js';

/** What each kind of mail tells; texts of a language are made of it when the mail goes out. */
export interface MailData {
  /** To a person who has just become a phone user. */
  readonly 'phone-user-notice': {
    readonly name: string;
    readonly accountName: string;
    readonly extensionNumber: string;
    readonly siteName: string;
    readonly siteCode: string;
    readonly pinCode: string;
    /** What is dialled to sign in at a phone, e.g. `*91`; '' = no such code. */
    readonly signInCode: string;
  };
  /** To a person whose PIN an administrator replaced. */
  readonly 'new-pin': {
    readonly name: string;
    readonly accountName: string;
    readonly extensionNumber: string;
    readonly pinCode: string;
    readonly signInCode: string;
  };
  /** To somebody in charge: one subject and its lines, as they are. */
  readonly 'notice': {
    readonly subject: string;
    readonly lines: readonly string[];
  };
  /** To a person who wants to sign in at the API, or whom somebody claims to be. */
  readonly 'sign-in-code': {
    readonly name: string;
    readonly accountName: string;
    readonly code: string;
    readonly minutes: string;
  };
}

export type MailTemplate = keyof MailData;
export const MAIL_TEMPLATES = ['phone-user-notice', 'new-pin', 'notice', 'sign-in-code'] as const satisfies readonly MailTemplate[];

/** One mail to be made: its kind with what that kind tells. */
export type MailContent = { readonly [Template in MailTemplate]: { readonly template: Template; readonly data: MailData[Template] } }[MailTemplate];

export type MailState = 'pending' | 'sent' | 'failed';

/** One mail on its way, or what became of it. Its content is kept apart, sealed, and only while it is pending. */
export interface OutgoingMail {
  readonly id: string;
  readonly accountId: AccountId;
  readonly recipient: string;
  readonly template: MailTemplate;
  readonly language: PromptLanguage;
  readonly state: MailState;
  readonly attempts: number;
  /** Epoch ms; of use while pending. */
  readonly nextAt: number;
  readonly lastError: string;
  readonly createdAt: number;
  readonly sentAt: number | null;
}

/** The first of the wishes ('de-DE', 'es', '') that mail is written in; English where none is. */
export function mailLanguage(...wishes: readonly (string | null | undefined)[]): PromptLanguage {
  for (const wish of wishes) {
    const code = /^[a-z]{2,3}(?=$|[-_])/i.exec(wish ?? '')?.[0].toLowerCase();
    const found = PROMPT_LANGUAGES.find((language) => language === code);
    if (found !== undefined) return found;
  }
  return 'en';
}
