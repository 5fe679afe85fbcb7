import t from 'tap';
import { HOT_DESK_PROMPTS } from '../../../../src/domain/hotdesk/prompts.js';
import { PROMPT_LANGUAGES, PROMPT_NAMES, promptNamed, promptText } from '../../../../src/domain/prompts/account-prompt.js';
import { readWav } from '../../../../src/domain/prompts/prompt-upload-wav.js';
import { telephoneWav } from '../../../../src/domain/prompts/telephone-wav.js';

t.test('every prompt has a name in every language, and is found by it', async (t) => {
  t.equal(PROMPT_NAMES.length, HOT_DESK_PROMPTS.length * PROMPT_LANGUAGES.length);
  for (const name of PROMPT_NAMES) t.same(promptNamed(promptText(name)), name);
  for (const text of ['', 'enter-pin', 'xx/enter-pin', 'de/none', 'de/enter-pin/', '__proto__', 'DE/enter-pin']) t.equal(promptNamed(text), undefined, text);
});

for (const length of [8000, 7999]) {
  t.test(`a sound of ${length} bytes is a file that an upload takes`, async (t) => {
    const ulaw = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
    const wav = readWav(telephoneWav(ulaw));
    t.match(wav, { form: { rateHz: 8000, channels: 1, frames: length } });
    if (wav.kind !== 'refused') t.same(Buffer.from(wav.data), Buffer.from(ulaw));
  });
}
