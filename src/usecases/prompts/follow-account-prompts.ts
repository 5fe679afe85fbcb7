import type { AccountId } from '../../domain/ids.js';
import { promptNamed, promptText, type AccountPrompt, type PromptName } from '../../domain/prompts/account-prompt.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { ChangeFollower } from '../../ports/directory.js';
import type { PromptStore } from '../../ports/media.js';

export interface FollowAccountPromptsDeps {
  readonly stores: Pick<Stores, 'accountPrompts'>;
  readonly sounds: Pick<PromptStore, 'putOwn' | 'removeOwn'>;
}

/** Keeps the accounts' own prompts in memory as they are in the database; what is there already is not read again. */
export function createAccountPromptFollower({ stores, sounds }: FollowAccountPromptsDeps): ChangeFollower {
  const held = new Map<string, AccountPrompt>();

  async function read(accountId: AccountId, name: PromptName): Promise<void> {
    const key = keyOf(accountId, name);
    const found = await stores.accountPrompts.sound(accountId, name);
    if (found === null) {
      held.delete(key);
      sounds.removeOwn(accountId, name.promptId, name.language);
      return;
    }
    sounds.putOwn(accountId, name.promptId, name.language, found.samples);
    held.set(key, found.prompt);
  }

  return {
    async load() {
      const stored = new Map((await stores.accountPrompts.all()).map((prompt) => [keyOf(prompt.accountId, prompt), prompt]));
      const gone = [...held].filter(([key]) => !stored.has(key)).map(([, prompt]) => prompt);
      const changed = [...stored].filter(([key, { uploadedAt }]) => held.get(key)?.uploadedAt !== uploadedAt).map(([, prompt]) => prompt);
      for (const prompt of [...gone, ...changed]) await read(prompt.accountId, prompt);
    },
    async apply(events) {
      for (const { aggregate, aggregateId, accountId } of events) {
        const name = aggregate === 'prompt' ? promptNamed(aggregateId) : undefined;
        if (name !== undefined) await read(accountId, name);
      }
    },
  };
}

function keyOf(accountId: AccountId, name: PromptName): string {
  return `${accountId}/${promptText(name)}`;
}
