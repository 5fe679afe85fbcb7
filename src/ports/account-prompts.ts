import type { AccountId } from '../domain/ids.js';
import type { AccountPrompt, PromptName } from '../domain/prompts/account-prompt.js';
import type { PromptUpload } from '../domain/prompts/prompt-upload.js';

export interface AccountPromptStore {
  /** Every account's, without their sound. */
  all(): Promise<readonly AccountPrompt[]>;
  ofAccount(accountId: AccountId): Promise<readonly AccountPrompt[]>;
  get(accountId: AccountId, name: PromptName): Promise<AccountPrompt | null>;
  /** Mono, 8000 samples a second. */
  sound(accountId: AccountId, name: PromptName): Promise<{ readonly prompt: AccountPrompt; readonly samples: Int16Array } | null>;
  /** Takes or replaces. */
  put(prompt: AccountPrompt, samples: Int16Array): Promise<void>;
  delete(accountId: AccountId, name: PromptName): Promise<void>;
}

/** Makes telephone sound of an uploaded file where no call waits for it. */
export interface PromptConverter {
  /** One file at a time; see `convertPromptUpload` for what is taken. Rejects only where the conversion itself is broken. */
  convert(file: Uint8Array): Promise<PromptUpload>;
}
