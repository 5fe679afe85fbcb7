/** The two laws of G.711, one byte a sample. */
export type Law = 'ulaw' | 'alaw';

/** A byte of silence (linear 0) in each law. */
export const SILENCE: Readonly<Record<Law, number>> = { ulaw: 0xff, alaw: 0xd5 };

const ULAW_BIAS = 0x84;
const ULAW_CLIP = 32_635;

function encodeUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), ULAW_CLIP) + ULAW_BIAS;
  const segment = 24 - Math.clz32(magnitude);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

function decodeUlaw(byte: number): number {
  const plain = ~byte & 0xff;
  const magnitude = ((((plain & 0x0f) << 3) + ULAW_BIAS) << ((plain & 0x70) >> 4)) - ULAW_BIAS;
  return (plain & 0x80) === 0 ? magnitude : -magnitude;
}

function encodeAlaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = sample < 0 ? -sample - 1 : sample;
  const segment = Math.max(0, 24 - Math.clz32(magnitude));
  const mantissa = (magnitude >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

function decodeAlaw(byte: number): number {
  const plain = byte ^ 0x55;
  const segment = (plain & 0x70) >> 4;
  const mantissa = (plain & 0x0f) << 4;
  const magnitude = segment === 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
  return (plain & 0x80) === 0 ? -magnitude : magnitude;
}

function encodeTable(encode: (sample: number) => number): Uint8Array {
  return Uint8Array.from({ length: 65_536 }, (_, at) => encode(at - 32_768));
}

const ENCODED: Readonly<Record<Law, Uint8Array>> = { ulaw: encodeTable(encodeUlaw), alaw: encodeTable(encodeAlaw) };
const DECODED: Readonly<Record<Law, Int16Array>> = {
  ulaw: Int16Array.from({ length: 256 }, (_, byte) => decodeUlaw(byte)),
  alaw: Int16Array.from({ length: 256 }, (_, byte) => decodeAlaw(byte)),
};

/** Linear 16-bit samples to G.711 (ITU-T G.711 tables 1 and 2). `into` has room for every sample. */
export function encodeG711(law: Law, samples: Int16Array, into: Uint8Array): void {
  const table = ENCODED[law];
  for (let at = 0; at < samples.length; at += 1) into[at] = table[(samples[at] ?? 0) + 32_768] ?? 0;
}

/** G.711 bytes from `start` up to `end` to linear 16-bit samples, written from the start of `into`; returns how many. */
export function decodeG711(law: Law, bytes: Uint8Array, start: number, end: number, into: Int16Array): number {
  const table = DECODED[law];
  const count = Math.min(end - start, into.length);
  for (let at = 0; at < count; at += 1) into[at] = table[bytes[start + at] ?? 0] ?? 0;
  return count;
}
