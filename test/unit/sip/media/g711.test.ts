import t from 'tap';
import { SILENCE, decodeG711, encodeG711, type Law } from '../../../../sip/media/audio/g711.js';

const LAWS: readonly Law[] = ['ulaw', 'alaw'];
const encode = (law: Law, sample: number): number => {
  const into = new Uint8Array(1);
  encodeG711(law, Int16Array.of(sample), into);
  return into[0] ?? -1;
};
const decode = (law: Law, byte: number): number => {
  const into = new Int16Array(1);
  decodeG711(law, Uint8Array.of(byte), 0, 1, into);
  return into[0] ?? 0;
};

const known: readonly (readonly [string, Law, number, number])[] = [
  ['µ-law: positive zero', 'ulaw', 0, 0xff],
  ['µ-law: the largest', 'ulaw', 32_767, 0x80],
  ['µ-law: the smallest', 'ulaw', -32_768, 0x00],
  ['µ-law: one step up', 'ulaw', 8, 0xfe],
  ['A-law: positive zero', 'alaw', 0, 0xd5],
  ['A-law: just below zero', 'alaw', -1, 0x55],
  ['A-law: the largest', 'alaw', 32_767, 0xaa],
  ['A-law: the smallest', 'alaw', -32_768, 0x2a],
];
for (const [name, law, sample, byte] of known) t.test(name, async (t) => t.equal(encode(law, sample), byte));

for (const law of LAWS) {
  t.test(`${law}: what is decoded encodes to the same byte`, async (t) => {
    const changed = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => encode(law, decode(law, byte)) !== byte);
    // µ-law has two zeros, the negative one is never sent
    t.same(changed, law === 'ulaw' ? [0x7f] : []);
  });

  t.test(`${law}: the error is at most half a step of the segment, about 1/32 of the value`, async (t) => {
    let worst = 0;
    for (let sample = -32_000; sample <= 32_000; sample += 7) {
      worst = Math.max(worst, Math.abs(decode(law, encode(law, sample)) - sample) / Math.max(Math.abs(sample) + 132, 512));
    }
    t.ok(worst <= 1 / 31, `worst ${worst}`);
  });

  t.test(`${law}: silence decodes to next to nothing`, async (t) => t.ok(Math.abs(decode(law, SILENCE[law])) <= 8));
}
