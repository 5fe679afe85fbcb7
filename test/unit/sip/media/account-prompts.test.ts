import t from 'tap';
import { encodeAudio, PromptStore } from '../../../../sip/media/prompts/prompt-store.js';
import { tone } from '../../../support/media-bed.js';
import { wavFile } from '../../../support/wav-file.js';

/** Told apart by their length in samples: 8 a millisecond. */
const LENGTH = { builtInEnglish: 80, builtInGerman: 160, ownEnglish: 240, ownGerman: 320, othersGerman: 400 } as const;

function store(): PromptStore {
  const made = new PromptStore('en');
  made.put('goodbye', 'en', wavFile(tone(LENGTH.builtInEnglish / 8)));
  made.put('goodbye', 'de', wavFile(tone(LENGTH.builtInGerman / 8)));
  return made;
}

const rows: readonly (readonly [rule: string, own: readonly string[], language: string, accountId: string | undefined, samples: number])[] = [
  ['its own comes before the built-in one', ['de'], 'de', 'acme', LENGTH.ownGerman],
  ['the built-in one of the language comes before its own of the fallback', ['en'], 'de', 'acme', LENGTH.builtInGerman],
  ['its own stands in for a region', ['de'], 'de-AT', 'acme', LENGTH.ownGerman],
  ['its own of the fallback serves a language nobody has', ['en'], 'fr', 'acme', LENGTH.ownEnglish],
  ["another account's is never heard", ['de'], 'de', 'other', LENGTH.othersGerman],
  ['an account without any hears the built-in one', ['de'], 'de', 'third', LENGTH.builtInGerman],
  ['without an account the built-in one is heard', ['de'], 'de', undefined, LENGTH.builtInGerman],
];
for (const [rule, own, language, accountId, samples] of rows) {
  t.test(rule, async (t) => {
    const prompts = store();
    prompts.putOwn('other', 'goodbye', 'de', tone(LENGTH.othersGerman / 8));
    if (own.includes('en')) prompts.putOwn('acme', 'goodbye', 'en', tone(LENGTH.ownEnglish / 8));
    if (own.includes('de')) prompts.putOwn('acme', 'goodbye', 'de', tone(LENGTH.ownGerman / 8));
    const ref = { id: 'goodbye', language, ...(accountId === undefined ? {} : { accountId }) };
    t.equal(prompts.soundOf(ref)?.ulaw.byteLength, samples);
  });
}

t.test('replaced, asked for by exact language, and taken away', async (t) => {
  const prompts = store();
  prompts.putOwn('acme', 'goodbye', 'de', tone(20));
  const first = prompts.own('acme', 'goodbye', 'de');
  prompts.putOwn('acme', 'goodbye', 'DE', tone(30));
  t.equal(first?.ulaw.byteLength, 160, 'what is being played stays as it is');
  const second = prompts.own('acme', 'goodbye', 'de');
  t.ok(second !== null && Buffer.from(second.ulaw).equals(Buffer.from(encodeAudio(tone(30)).ulaw)));
  t.equal(prompts.builtIn('goodbye', 'de')?.ulaw.byteLength, LENGTH.builtInGerman);
  t.equal(prompts.own('acme', 'goodbye', 'de-AT'), null);
  t.equal(prompts.builtIn('goodbye', 'fr'), null);
  prompts.removeOwn('acme', 'goodbye', 'de');
  prompts.removeOwn('acme', 'goodbye', 'de');
  t.equal(prompts.own('acme', 'goodbye', 'de'), null);
  t.equal(prompts.resolve('goodbye', 'de', 'acme')?.ulaw.byteLength, LENGTH.builtInGerman);
});
