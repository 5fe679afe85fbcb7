import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeG711 } from '../audio/g711.js';
import { readWav } from '../audio/wav.js';
import type { EncodedAudio } from '../endpoint/playout.js';

/** A prompt by name, or sound at hand. With an account, its own recordings come first. */
export type PromptRef = { readonly id: string; readonly language: string; readonly accountId?: string } | { readonly audio: EncodedAudio };

export type Stored = { readonly kind: 'stored'; readonly ms: number } | { readonly kind: 'problem'; readonly reason: string };

const ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/;

/** Both laws of linear samples at 8000 Hz, once and for all calls. */
export function encodeAudio(samples: Int16Array): EncodedAudio {
  const audio = { ulaw: new SharedArrayBuffer(samples.length), alaw: new SharedArrayBuffer(samples.length) };
  encodeG711('ulaw', samples, new Uint8Array(audio.ulaw));
  encodeG711('alaw', samples, new Uint8Array(audio.alaw));
  return audio;
}

/** Prompts in memory, encoded once: a second takes 16 kB. */
export class PromptStore {
  readonly #fallback: string;
  readonly #byKey = new Map<string, EncodedAudio>();
  readonly #ownByAccount = new Map<string, Map<string, EncodedAudio>>();

  /** @param fallback the language for those without a prompt in their own */
  constructor(fallback: string) {
    this.#fallback = fallback;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** `de-AT`, then `de`, then the fallback, in each the account's own before the built-in one; null where none has it. */
  resolve(id: string, language: string, accountId = ''): EncodedAudio | null {
    for (let tag = language; tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
      const found = this.own(accountId, id, tag) ?? this.builtIn(id, tag);
      if (found !== null) return found;
    }
    return this.own(accountId, id, this.#fallback) ?? this.builtIn(id, this.#fallback);
  }

  /** Of exactly this language. */
  builtIn(id: string, language: string): EncodedAudio | null {
    return this.#byKey.get(keyOf(id, language)) ?? null;
  }

  /** The account's own sound of exactly this language. */
  own(accountId: string, id: string, language: string): EncodedAudio | null {
    return this.#ownByAccount.get(accountId)?.get(keyOf(id, language)) ?? null;
  }

  /** Takes or replaces an account's own sound: mono, 8000 samples a second. Calls that play the old one go on with it. */
  putOwn(accountId: string, id: string, language: string, samples: Int16Array): void {
    const own = this.#ownByAccount.get(accountId) ?? new Map<string, EncodedAudio>();
    this.#ownByAccount.set(accountId, own.set(keyOf(id, language), encodeAudio(samples)));
  }

  /** Idempotent. */
  removeOwn(accountId: string, id: string, language: string): void {
    const own = this.#ownByAccount.get(accountId);
    if (own?.delete(keyOf(id, language)) === true && own.size === 0) this.#ownByAccount.delete(accountId);
  }

  /** The sound of a reference. */
  soundOf(prompt: PromptRef): EncodedAudio | null {
    return 'audio' in prompt ? prompt.audio : this.resolve(prompt.id, prompt.language, prompt.accountId);
  }

  /** Takes or replaces a prompt; calls that play the old one go on with it. */
  put(id: string, language: string, wav: Uint8Array): Stored {
    if (!ID.test(id)) return { kind: 'problem', reason: 'its name is no prompt id (lower-case words with hyphens, like enter-pin)' };
    if (!LANGUAGE.test(language)) return { kind: 'problem', reason: 'its folder is no language tag (like en or de-AT)' };
    const reading = readWav(wav);
    if (reading.kind === 'problem') return reading;
    this.#byKey.set(keyOf(id, language), encodeAudio(reading.samples));
    return { kind: 'stored', ms: Math.round(reading.samples.length / 8) };
  }

  /**
   * Takes every `<language>/<id>.wav` of a folder. Files that cannot be used are left out and told, one line each; a folder
   * that is not there has no prompts.
   */
  async load(folder: string): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const language of await foldersOf(folder)) {
      for (const name of (await readdir(join(folder, language))).filter((file) => file.endsWith('.wav')).sort()) {
        const path = join(folder, language, name);
        const stored = this.put(name.slice(0, -'.wav'.length), language, await readFile(path));
        if (stored.kind === 'problem') problems.push(`${path} cannot be played: ${stored.reason}`);
      }
    }
    return problems;
  }
}

function keyOf(id: string, language: string): string {
  return `${language.toLowerCase()}/${id}`;
}

async function foldersOf(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && LANGUAGE.test(entry.name)).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
