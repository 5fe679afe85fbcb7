import { HOT_DESK_PROMPTS } from '../../domain/hotdesk/prompts.js';
import { promptNamed, promptText, PROMPT_LANGUAGES, PROMPT_NAMES, type AccountPrompt, type PromptName } from '../../domain/prompts/account-prompt.js';
import { telephoneWav } from '../../domain/prompts/telephone-wav.js';
import type { PromptConverter } from '../../ports/account-prompts.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { PromptStore } from '../../ports/media.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';

export interface PromptDeps extends ChangeDeps {
  readonly stores: Pick<Stores, 'accountPrompts'>;
  readonly promptConverter: PromptConverter;
  readonly prompts: PromptStore;
}

/** What callers hear for one name. */
export interface HeardPrompt extends PromptName {
  readonly origin: 'account' | 'built-in';
  /** 0 = nothing is heard: the built-in file is missing. */
  readonly durationMs: number;
  /** Epoch ms; null for a built-in one. */
  readonly uploadedAt: number | null;
}

/** Samples of telephone sound in a millisecond. */
const SAMPLES_A_MS = 8;

/** Every prompt in every language, by what is heard. */
export async function listPrompts({ stores, prompts }: PromptDeps, actor: Actor): Promise<readonly HeardPrompt[]> {
  const own = new Map((await stores.accountPrompts.ofAccount(actor.accountId)).map((prompt) => [promptText(prompt), prompt]));
  return PROMPT_NAMES.map((name) => {
    const ours = own.get(promptText(name));
    if (ours !== undefined) return heard(ours);
    const samples = prompts.builtIn(name.promptId, name.language)?.ulaw.byteLength ?? 0;
    return { ...name, origin: 'built-in', durationMs: Math.round(samples / SAMPLES_A_MS), uploadedAt: null };
  });
}

/** The sound for one name as a WAV file of µ-law: the account's own, else the built-in one. */
export function promptSound({ prompts }: Pick<PromptDeps, 'prompts'>, actor: Actor, language: string, promptId: string): Outcome<Uint8Array> {
  const name = readName(language, promptId);
  if (name.kind === 'refused') return name;
  const sound = prompts.own(actor.accountId, name.promptId, name.language) ?? prompts.builtIn(name.promptId, name.language);
  return sound === null ? refused('not-found', 'promptId', 'There is no built-in recording of this prompt in this language. Upload one.', promptId)
    : done(telephoneWav(new Uint8Array(sound.ulaw)));
}

/**
 * Puts a sound file in a built-in prompt's place; calls hear it from the next prompt on. A file that cannot become telephone
 * sound is refused with what is wrong and what to do.
 */
export async function uploadPrompt(
  deps: PromptDeps, actor: Actor, language: string, promptId: string, file: Uint8Array,
): Promise<Outcome<HeardPrompt>> {
  const name = readName(language, promptId);
  if (name.kind === 'refused') return name;
  const upload = await deps.promptConverter.convert(file);
  if (upload.kind === 'refused') {
    const found = upload.found === '' ? '' : ` (${upload.found})`;
    return refused('invalid', 'body', `${upload.text.replace(/\.$/, '')}${found}. ${upload.remedy}`);
  }
  const { samples, durationMs } = upload;
  return change(deps, actor, async ({ stores, accountId, at, note }) => {
    const before = await stores.accountPrompts.get(accountId, name);
    const after: AccountPrompt = {
      accountId, language: name.language, promptId: name.promptId, durationMs,
      // Later than the one before, whatever the clock says: other nodes tell them apart by it.
      uploadedAt: Math.max(at, (before?.uploadedAt ?? 0) + 1),
    };
    await stores.accountPrompts.put(after, samples);
    note({ aggregate: 'prompt', id: promptText(name), change: before === null ? 'created' : 'updated', action: 'upload-prompt', before, after });
    return done(heard(after));
  });
}

/** Takes the account's own sound away: the built-in one is heard again. */
export function removePrompt(deps: PromptDeps, actor: Actor, language: string, promptId: string): Promise<Outcome<AccountPrompt>> {
  return change<AccountPrompt>(deps, actor, async ({ stores, accountId, note }) => {
    const name = readName(language, promptId);
    if (name.kind === 'refused') return name;
    const before = await stores.accountPrompts.get(accountId, name);
    if (before === null) return refused('not-found', 'promptId', 'The account has no recording of its own here; the built-in one is heard.', promptId);
    await stores.accountPrompts.delete(accountId, name);
    note({ aggregate: 'prompt', id: promptText(name), change: 'deleted', action: 'remove-prompt', before, after: null });
    return done(before);
  });
}

function heard({ language, promptId, durationMs, uploadedAt }: AccountPrompt): HeardPrompt {
  return { language, promptId, origin: 'account', durationMs, uploadedAt };
}

function readName(language: string, promptId: string): (PromptName & { readonly kind: 'name' }) | Refused {
  const name = promptNamed(`${language}/${promptId}`);
  if (name !== undefined) return { kind: 'name', ...name };
  if (!PROMPT_LANGUAGES.some((one) => one === language)) {
    return refused('not-found', 'language', `There are no prompts in this language. Use one of ${PROMPT_LANGUAGES.join(', ')}.`, language);
  }
  return refused('not-found', 'promptId', `There is no such prompt. Use one of ${HOT_DESK_PROMPTS.join(', ')}.`, promptId);
}
