import t from 'tap';
import fc from 'fast-check';
import { mkdir, writeFile } from 'node:fs/promises';
import { readWav } from '../../../../sip/media/audio/wav.js';
import { PromptStore } from '../../../../sip/media/prompts/prompt-store.js';
import { tone } from '../../../support/media-bed.js';
import { wavFile } from '../../../support/wav-file.js';

const sound = tone(50);

t.test('8000 Hz, 16 bit, mono is read, other chunks are passed over', async (t) => {
  t.same(readWav(wavFile(sound)), { kind: 'samples', samples: sound });
  t.same(readWav(wavFile(sound, { extraChunk: true })), { kind: 'samples', samples: sound });
});

const refused: readonly (readonly [string, Buffer, RegExp])[] = [
  ['no WAV', Buffer.from('OggS and so on'), /no WAV file/],
  ['nothing', Buffer.alloc(0), /no WAV file/],
  ['µ-law inside', wavFile(sound, { format: 7 }), /encoding is 7/],
  ['stereo', wavFile(sound, { channels: 2 }), /2 channels/],
  ['16 kHz', wavFile(sound, { rate: 16_000 }), /rate is 16000/],
  ['8 bit', wavFile(sound, { bits: 8 }), /8 bits/],
  ['cut short', wavFile(sound).subarray(0, 200), /cut short/],
  ['a length of four gigabytes', wavFile(sound, { dataLength: 0xffffffff }), /cut short/],
  ['half a sample', wavFile(sound, { dataLength: 41 }), /within a sample/],
  ['no sound', wavFile(new Int16Array(0)), /0 samples/],
  ['no sound chunk', wavFile(sound).subarray(0, 36), /"data" chunk missing/],
];
for (const [name, file, reason] of refused) {
  t.test(`refused: ${name}`, async (t) => t.match(readWav(file), { kind: 'problem', reason }));
}

t.test('any bytes get samples or a problem', async () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(60), (noise, at) => {
    const file = wavFile(sound);
    file.set(noise.subarray(0, file.length - at), at);
    readWav(noise);
    return ['samples', 'problem'].includes(readWav(file).kind);
  }));
});

t.test('a prompt is found in its language, the language without region, the fallback', async (t) => {
  const store = new PromptStore('en');
  t.same(store.put('goodbye', 'en', wavFile(sound)), { kind: 'stored', ms: 50 });
  store.put('goodbye', 'de', wavFile(tone(80)));
  t.equal(store.resolve('goodbye', 'de-AT')?.ulaw.byteLength, 640);
  t.equal(store.resolve('goodbye', 'DE')?.ulaw.byteLength, 640);
  t.equal(store.resolve('goodbye', 'fr')?.alaw.byteLength, 400);
  t.equal(store.resolve('enter-pin', 'en'), null);
});

t.test('a folder is taken whole; files that cannot be used are told', async (t) => {
  const folder = t.testdir({});
  await mkdir(`${folder}/de`);
  await writeFile(`${folder}/de/enter-pin.wav`, wavFile(sound));
  await writeFile(`${folder}/de/locked.wav`, wavFile(sound, { rate: 44_100 }));
  await writeFile(`${folder}/de/Bad Name.wav`, wavFile(sound));
  const store = new PromptStore('en');
  t.match(await store.load(folder), [/Bad Name.wav .* no prompt id/, /locked.wav .* 44100/]);
  t.equal(store.size, 1);
  t.same(await store.load(`${folder}/nothing`), []);
});
