/** Prompts that a test can tell apart by ear: short noise of its own for each prompt and language. */
import { HOT_DESK_PROMPTS } from '../../src/domain/hotdesk/prompts.js';
import { encodeAudio, type PromptStore } from '../../sip/media/prompts/prompt-store.js';
import { wavFile } from './wav-files.js';
import type { RtpPhone } from './rtp-phone.js';

const FRAME = 160;
const FRAMES = 8;

export interface HeardPrompt {
  /** `en/enter-pin`. */
  readonly name: string;
  readonly atMs: number;
}

/** Which prompts were begun, by the sound of their first packets. */
export interface PromptEar {
  heard(phone: RtpPhone): readonly HeardPrompt[];
  /** Noise of its own, of 8000 Hz, by which it will know one more prompt. */
  learn(name: string): Int16Array;
}

/** Puts the prompts of the languages into the store. `frames` of 20 ms each; default 8. */
export function recognisablePrompts(store: PromptStore, languages: readonly string[] = ['en', 'de'], frames = FRAMES): PromptEar {
  const names = new Map<string, string>();
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 1_073_741_824 - 1;
  const learn = (name: string): Int16Array => {
    const samples = Int16Array.from({ length: frames * FRAME }, () => Math.round(9000 * random()));
    const { ulaw, alaw } = encodeAudio(samples);
    for (const law of [ulaw, alaw]) names.set(Buffer.from(law, 0, FRAME).toString('latin1'), name);
    return samples;
  };
  for (const language of languages) {
    for (const id of HOT_DESK_PROMPTS) {
      const samples = learn(`${language}/${id}`);
      const stored = store.put(id, language, wavFile({ data: Buffer.from(samples.buffer) }));
      if (stored.kind === 'problem') throw new Error(stored.reason);
    }
  }
  return {
    learn,
    heard: (phone) => phone.heard.flatMap(({ payload, atMs }) => {
      const name = names.get(payload.toString('latin1'));
      return name === undefined ? [] : [{ name, atMs }];
    }),
  };
}
