import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { UPLOAD_PROBLEMS } from '../../../../src/domain/prompts/prompt-upload-problems.js';
import type { UploadProblem } from '../../../../src/domain/prompts/prompt-upload-problems.js';
import { convertPromptUpload } from '../../../../src/domain/prompts/prompt-upload.js';
import { ROOT } from '../../../support/repository.js';
import { chunk, pcm, tones, wavFile } from '../../../support/wav-files.js';

/** The samples of a file that must be taken. */
function samplesOf(file: Uint8Array): Int16Array {
  const upload = convertPromptUpload(file);
  if (upload.kind === 'refused') throw new Error(`${upload.problem}: ${upload.found}`);
  return upload.samples;
}

/** Level in dBFS (0 is a sine at full scale) of the tone at `hz` in 8 kHz samples, the first and last 50 ms left out. */
function levelAt(samples: Int16Array, hz: number): number {
  const middle = samples.subarray(400, samples.length - 400);
  let re = 0;
  let im = 0;
  let weights = 0;
  for (const [n, sample] of middle.entries()) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / middle.length);
    re += (hann * sample * Math.cos((2 * Math.PI * hz * n) / 8000)) / 32_768;
    im += (hann * sample * Math.sin((2 * Math.PI * hz * n) / 8000)) / 32_768;
    weights += hann;
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / weights + 1e-9);
}

const HALF = -20 * Math.log10(2);
const second = (rateHz: number): readonly number[] => tones(rateHz, 1000, [1000, 0.5]);
const stereo = (left: readonly number[], right: readonly number[]): readonly number[] => left.flatMap((value, i) => [value, right[i] ?? 0]);
/** Fades in and out over its whole length: without the click of a sudden start. */
const swelling = (sound: readonly number[]): readonly number[] => sound.map((value, n) => value * Math.sin((Math.PI * n) / sound.length));
const PCM_GUID = Buffer.from('0100000000001000800000aa00389b71', 'hex');
const FLOAT_GUID = Buffer.from('0300000000001000800000aa00389b71', 'hex');
const extension = (guid: Buffer): Buffer => Buffer.concat([Buffer.from([22, 0, 16, 0, 4, 0, 0, 0]), guid]);

/** ITU-T G.711 tables 5 and 6: the codes of 1 kHz at 0 dBm0, which is 3.17 (µ-law) and 3.14 dB (A-law) below full scale. */
const MULAW_SINE = [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e];
const ALAW_SINE = [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4];
const repeated = (period: readonly number[]): Buffer => Buffer.from(Array.from({ length: 1000 }, () => period).flat());

const TAKEN: readonly (readonly [rule: string, file: Buffer, level: number])[] = [
  ...([8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 8001, 44_056, 47_999] as const)
    .map((rateHz) => [`PCM 16 bits at ${rateHz} Hz`, wavFile({ rateHz, data: pcm(second(rateHz)) }), HALF] as const),
  ['PCM 8 bits', wavFile({ bits: 8, data: pcm(second(8000), 8) }), HALF],
  ['PCM 24 bits', wavFile({ bits: 24, rateHz: 48_000, data: pcm(second(48_000), 24) }), HALF],
  ['stereo: both channels count half', wavFile({ channels: 2, data: pcm(stereo(second(8000), second(8000).map(() => 0))) }), 2 * HALF],
  ['stereo 24 bits at 16 kHz', wavFile({ channels: 2, bits: 24, rateHz: 16_000, data: pcm(stereo(second(16_000), second(16_000)), 24) }), HALF],
  ['µ-law', wavFile({ tag: 7, bits: 8, data: repeated(MULAW_SINE) }), -3.17],
  ['A-law', wavFile({ tag: 6, bits: 8, data: repeated(ALAW_SINE) }), -3.14],
  ['extensible description of PCM', wavFile({ tag: 0xfffe, data: pcm(second(8000)), more: extension(PCM_GUID) }), HALF],
  ['chunks before the sound are passed over, odd ones padded',
    wavFile({ data: pcm(second(8000)), between: [chunk('LIST', Buffer.from('abc')), chunk('bext', Buffer.alloc(602))] }), HALF],
  ['chunks after the sound are not read', Buffer.concat([wavFile({ data: pcm(second(8000)) }), Buffer.from('id3 \xff\xff\xff\xff', 'latin1')]), HALF],
  ['a size left open ends with the file', wavFile({ data: pcm(second(8000)), dataSize: 0xffff_ffff }), HALF],
  ['30 s', wavFile({ data: pcm(tones(8000, 30_000, [1000, 0.5])) }), HALF],
];

t.test('taken: a tone keeps its pitch and level', async (t) => {
  for (const [rule, file, level] of TAKEN) {
    const samples = samplesOf(file);
    t.ok(Math.abs(levelAt(samples, 1000) - level) < 0.15, `${rule}: ${levelAt(samples, 1000).toFixed(2)} dB`);
    if (!rule.startsWith('30')) t.ok(Math.abs(samples.length - 8000) <= 1, `${rule}: ${samples.length} samples`);
  }
});

t.test('what is at 8 kHz, 16 bits, mono comes back bit by bit', async (t) => {
  const file = readFileSync(join(ROOT, 'prompts', 'en', 'enter-pin.wav'));
  const upload = convertPromptUpload(file);
  if (upload.kind === 'refused') return t.fail(upload.problem);
  t.same(Buffer.from(upload.samples.buffer), file.subarray(44));
  t.same(upload.source, { codec: 'pcm', bits: 16, channels: 1, rateHz: 8000, frames: (file.length - 44) / 2 });
  t.equal(upload.durationMs, Math.round((file.length - 44) / 16));
});

t.test('what a telephone carries passes, what would fold back does not', async (t) => {
  for (const rateHz of [11_025, 16_000, 22_050, 44_100, 47_999, 48_000]) {
    const high = Math.min(5500, rateHz / 2 - 400);
    const samples = samplesOf(wavFile({ rateHz, data: pcm(tones(rateHz, 1000, [300, 0.25], [3300, 0.25], [high, 0.25])) }));
    for (const hz of [300, 3300]) t.ok(Math.abs(levelAt(samples, hz) - 2 * HALF) < 0.15, `${rateHz}: ${hz} Hz at ${levelAt(samples, hz).toFixed(2)} dB`);
    t.ok(levelAt(samples, 8000 - high) < -80, `${rateHz}: ${high} Hz folds back at ${levelAt(samples, 8000 - high).toFixed(1)} dB`);
  }
});

t.test('the sound is not delayed: a click stays where it was', async (t) => {
  for (const rateHz of [16_000, 44_100, 48_000]) {
    const click = Array.from({ length: rateHz / 2 }, (_, n) => (n === rateHz / 4 ? 0.9 : 0));
    const samples = samplesOf(wavFile({ rateHz, data: pcm(click) }));
    const peak = samples.reduce((most, value, n) => (value > (samples[most] ?? 0) ? n : most), 0);
    t.equal(peak, 2000, `${rateHz}`);
  }
});

t.test('an overshoot of the filter is taken down, not clipped', async (t) => {
  // 300 Hz square at full scale, two samples at the limit at most in a row: not clipped, yet its edges overshoot.
  const square = Array.from({ length: 48_000 }, (_, n) => (n % 160 < 80 ? 1 : -1) * (n % 3 === 0 ? 0.998 : 0.9999));
  const samples = samplesOf(wavFile({ rateHz: 48_000, data: pcm(square) }));
  t.ok(samples.some((sample) => sample >= 32_767), 'the level is used');
  t.notOk(samples.some((sample, n) => Math.abs(sample) >= 32_767 && samples[n + 1] === sample), 'no two samples stand at the limit');
});

const REFUSED: readonly (readonly [rule: string, file: Buffer, problem: UploadProblem, found?: RegExp])[] = [
  ['nothing', Buffer.alloc(0), 'not-a-wav'],
  ['an MP3', Buffer.from('ID3\x04rest of the file'), 'not-a-wav', /MP3/],
  ['an Ogg', Buffer.from('OggS and so on'), 'not-a-wav', /Ogg/],
  ['an AVI', Buffer.from('RIFF\x04\0\0\0AVI '), 'not-a-wav', /another kind/],
  ['big-endian WAV', Buffer.from('RIFX\0\0\0\x04WAVE'), 'not-a-wav', /big-endian/],
  ['more than 2 MB', wavFile({ data: Buffer.alloc(2 * 1024 * 1024) }), 'too-big', /2097196/],
  ['a header alone', wavFile({ data: Buffer.alloc(0) }).subarray(0, 12), 'truncated'],
  ['no data chunk', wavFile({ data: Buffer.alloc(0) }).subarray(0, 36), 'truncated', /no sound/],
  ['data cut off', wavFile({ data: pcm(second(8000)) }).subarray(0, 9000), 'truncated', /8956 of 16000/],
  ['a data size that lies', wavFile({ data: pcm(second(8000)), dataSize: 0x7fff_ffff }), 'truncated'],
  ['a chunk size that lies', wavFile({ data: pcm(second(8000)), between: [chunk('LIST', Buffer.alloc(4), 0xffff_fffe)] }), 'truncated', /longer than the file/],
  ['sound before description', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), chunk('data', Buffer.alloc(4000))]), 'malformed', /fmt/],
  ['a short description', Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), chunk('fmt ', Buffer.alloc(14)), chunk('data', Buffer.alloc(4))]), 'malformed'],
  ['a frame size that contradicts', wavFile({ data: pcm(second(8000)), frameBytes: 0 }), 'malformed', /frame/],
  ['half a frame at the end', wavFile({ data: Buffer.alloc(4001) }), 'malformed', /within a frame/],
  ['floating point', wavFile({ tag: 3, bits: 32, data: Buffer.alloc(16_000, 0xff) }), 'wrong-codec', /floating/],
  ['floating point, extensible', wavFile({ tag: 0xfffe, bits: 32, data: Buffer.alloc(16_000), more: extension(FLOAT_GUID) }), 'wrong-codec', /floating/],
  ['an extensible description without its GUID', wavFile({ tag: 0xfffe, data: pcm(second(8000)) }), 'wrong-codec', /0xfffe/],
  ['ADPCM', wavFile({ tag: 0x11, bits: 4, data: Buffer.alloc(4000) }), 'wrong-codec', /IMA/],
  ['PCM of 32 bits', wavFile({ bits: 32, data: Buffer.alloc(16_000) }), 'wrong-codec', /32 bits/],
  ['µ-law of 16 bits', wavFile({ tag: 7, bits: 16, data: Buffer.alloc(16_000) }), 'wrong-codec', /mulaw of 16/],
  ['no channel', wavFile({ channels: 0, data: Buffer.alloc(16_000) }), 'wrong-channels'],
  ['six channels', wavFile({ channels: 6, data: Buffer.alloc(16_008) }), 'wrong-channels', /6/],
  ['7999 Hz', wavFile({ rateHz: 7999, data: pcm(second(8000)) }), 'wrong-rate', /7999/],
  ['a huge rate', wavFile({ rateHz: 0xffff_ffff, data: pcm(second(8000)) }), 'wrong-rate'],
  ['no rate', wavFile({ rateHz: 0, data: pcm(second(8000)) }), 'wrong-rate'],
  ['no sound', wavFile({ data: Buffer.alloc(0) }), 'too-short'],
  ['99 ms', wavFile({ data: pcm(tones(8000, 99, [1000, 0.5])) }), 'too-short', /99 ms/],
  ['30.1 s', wavFile({ data: pcm(tones(8000, 30_100, [1000, 0.5])) }), 'too-long', /30.1 s/],
  ['zeros', wavFile({ data: Buffer.alloc(16_000) }), 'silent'],
  ['a constant', wavFile({ bits: 8, data: Buffer.alloc(16_000, 0xa0) }), 'silent'],
  ['faint noise', wavFile({ data: pcm(tones(8000, 1000, [1000, 0.002])) }), 'silent'],
  ['channels that cancel each other', wavFile({ channels: 2, data: pcm(stereo(second(8000), second(8000).map((value) => -value))) }), 'silent'],
  ['only what a telephone cannot carry', wavFile({ rateHz: 48_000, data: pcm(swelling(tones(48_000, 1000, [9000, 0.5]))) }), 'silent'],
  ['clipped', wavFile({ data: pcm(tones(8000, 1000, [200, 3])) }), 'clipped', /%/],
  ['one channel clipped', wavFile({ channels: 2, data: pcm(stereo(tones(8000, 1000, [200, 3]), second(8000))) }), 'clipped'],
];

t.test('refused', async (t) => {
  for (const [rule, file, problem, found = /^/] of REFUSED) {
    t.match(convertPromptUpload(file), { kind: 'refused', problem, found, ...UPLOAD_PROBLEMS[problem] }, rule);
  }
  t.same(new Set(REFUSED.map(([, , problem]) => problem)), new Set(Object.keys(UPLOAD_PROBLEMS)), 'every problem has its row');
});

t.test('bytes that begin within a larger buffer are read from their own start', async (t) => {
  const file = wavFile({ data: pcm(second(8000)) });
  const within = Buffer.concat([Buffer.alloc(7), file, Buffer.alloc(5)]).subarray(7, 7 + file.length);
  t.same(samplesOf(within), samplesOf(file));
});

t.test('no file makes it throw, and what it gives is within the limits', async (t) => {
  const short = (rateHz: number): readonly number[] => tones(rateHz, 120, [700, 0.5]);
  const seeds = [
    wavFile({ data: pcm(short(8000)) }), wavFile({ rateHz: 11_025, bits: 24, data: pcm(short(11_025), 24) }),
    wavFile({ tag: 0xfffe, channels: 2, data: pcm(stereo(short(8000), short(8000))), more: extension(PCM_GUID) }),
    wavFile({ tag: 7, bits: 8, data: repeated(MULAW_SINE), between: [chunk('LIST', Buffer.from('abc'))] }),
  ];
  const word = fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff));
  const edits = fc.array(fc.tuple(fc.nat(90), fc.array(word, { minLength: 1, maxLength: 4 })), { maxLength: 6 });
  const mutated = fc.tuple(fc.constantFrom(...seeds), edits, fc.double({ min: 0, max: 1, noNaN: true })).map(([seed, changes, kept]) => {
    const file = Buffer.from(seed.subarray(0, kept > 0.5 ? seed.length : Math.floor(seed.length * 2 * kept)));
    for (const [at, bytes] of changes) file.set(bytes.slice(0, Math.max(0, file.length - at)), Math.min(at, file.length));
    return file;
  });
  const seen = new Set<string>();
  fc.assert(fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) }), (file) => {
    const upload = convertPromptUpload(file);
    seen.add(upload.kind);
    return upload.kind === 'refused' || (upload.samples.length <= 240_000 && upload.samples.length >= 799 && upload.durationMs <= 30_000);
  }), { numRuns: 1500 });
  t.same([...seen].sort(), ['converted', 'refused'], 'both ends were reached');
});
