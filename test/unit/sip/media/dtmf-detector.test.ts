import t from 'tap';
import { DtmfDetector } from '../../../../sip/media/audio/dtmf-detector.js';
import { decodeG711, encodeG711 } from '../../../../sip/media/audio/g711.js';
import { noise, touchTones, type ToneShape } from '../../../support/touch-tones.js';

/** Through µ-law and in packets, as it comes from a phone. */
function hear(sound: Int16Array): string {
  const bytes = new Uint8Array(sound.length);
  encodeG711('ulaw', sound, bytes);
  const detector = new DtmfDetector();
  const packet = new Int16Array(160);
  let digits = '';
  for (let at = 0; at < bytes.length; at += 160) {
    const count = decodeG711('ulaw', bytes, at, Math.min(at + 160, bytes.length), packet);
    digits += detector.samples(packet, count);
  }
  return digits;
}

const DIGITS = '0123456789*#ABCD11#5';
const heard: readonly (readonly [string, ToneShape])[] = [
  ['100 ms on, 100 ms off', {}],
  ['50 ms on, 50 ms off', { onMs: 50, offMs: 50 }],
  ['ITU-T Q.24: 40 ms on, 40 ms off', { onMs: 40, offMs: 40 }],
  ['30 dB below full scale', { levelDb: -30 }],
  ['noise 15 dB below', { noiseDb: 15 }],
  ['the column 4 dB louder', { twistDb: 4 }],
  ['the column 6 dB softer', { twistDb: -6 }],
  ['frequencies 1.5 % high', { offsetPercent: 1.5 }],
  ['frequencies 1.5 % low', { offsetPercent: -1.5 }],
];
for (const [name, shape] of heard) t.test(`heard: ${name}`, async (t) => t.equal(hear(touchTones(DIGITS, shape)), DIGITS));

const unheard: readonly (readonly [string, ToneShape])[] = [
  ['frequencies 3.5 % off', { offsetPercent: 3.5 }],
  ['the column 12 dB louder', { twistDb: 12 }],
  ['the column 12 dB softer', { twistDb: -12 }],
  ['as soft as line noise', { levelDb: -55 }],
  ['10 ms, a click', { onMs: 10 }],
  ['buried in noise', { noiseDb: -3 }],
];
for (const [name, shape] of unheard) t.test(`not heard: ${name}`, async (t) => t.equal(hear(touchTones('159D', shape)), ''));

t.test('a long key press is one digit', async (t) => t.equal(hear(touchTones('8', { onMs: 2000 })), '8'));

t.test('60 seconds of noise hold no digit', async (t) => {
  const random = noise();
  t.equal(hear(Int16Array.from({ length: 60 * 8000 }, () => Math.round(16_000 * random()))), '');
});

t.test('60 seconds of sung vowels hold no digit', async (t) => {
  const random = noise();
  let [pitch, goal, phase] = [150, 150, 0];
  let weights: readonly number[] = [];
  const sound = Int16Array.from({ length: 60 * 8000 }, (_, at) => {
    // a voice's harmonics, another vowel and another note to glide to each 160 ms
    if (at % 1280 === 0) {
      goal = 200 + 110 * random();
      weights = Array.from({ length: 14 }, (_unused, harmonic) => (random() + 1) / (1 + harmonic / 4));
    }
    pitch += (goal - pitch) / 800;
    phase += (2 * Math.PI * pitch) / 8000;
    return Math.round(2000 * weights.reduce((sum, weight, harmonic) => sum + weight * Math.sin((harmonic + 1) * phase), 0));
  });
  t.equal(hear(sound), '');
});
