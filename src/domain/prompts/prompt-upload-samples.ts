import type { UploadCodec, WavForm } from './prompt-upload-wav.js';

/** Sound of one channel as amplitudes from -1 to 1, and how much of it stood at the limit of its codec. */
export interface DecodedSound {
  readonly amplitudes: Float32Array;
  /** Share (0 to 1) of the samples in runs of three and more at the codec's greatest or least value. */
  readonly clippedShare: number;
}

/** Runs at the limit shorter than this happen in good recordings. */
const CLIPPED_RUN = 3;

/** File's samples → amplitudes, the channels of a stereo file averaged. `data` holds `form.frames` whole frames. */
export function decodeSound(form: WavForm, data: Uint8Array): DecodedSound {
  const amplitudes = new Float32Array(form.frames);
  const { read, least, greatest } = reader(form, data);
  let clipped = 0;
  for (let channel = 0; channel < form.channels; channel += 1) {
    let run = 0;
    for (let frame = 0; frame < form.frames; frame += 1) {
      const value = read(frame * form.channels + channel);
      amplitudes[frame] = (amplitudes[frame] ?? 0) + value / form.channels;
      run = value <= least || value >= greatest ? run + 1 : 0;
      if (run === CLIPPED_RUN) clipped += CLIPPED_RUN;
      else if (run > CLIPPED_RUN) clipped += 1;
    }
  }
  return { amplitudes, clippedShare: form.frames === 0 ? 0 : clipped / (form.frames * form.channels) };
}

interface SampleReader {
  readonly read: (index: number) => number;
  readonly least: number;
  readonly greatest: number;
}

function reader({ codec, bits }: WavForm, data: Uint8Array): SampleReader {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (codec !== 'pcm') {
    const table = LAWS[codec];
    const greatest = table.reduce((most, value) => Math.max(most, value), 0);
    return { read: (i) => table[view.getUint8(i)] ?? 0, least: -greatest, greatest };
  }
  switch (bits) {
    case 8: return { read: (i) => (view.getUint8(i) - 128) / 128, least: -1, greatest: 127 / 128 };
    case 16: return { read: (i) => view.getInt16(2 * i, true) / 32_768, least: -1, greatest: 32_767 / 32_768 };
    case 24: return {
      read: (i) => (view.getInt8(3 * i + 2) * 65_536 + view.getUint16(3 * i, true)) / 8_388_608,
      least: -1, greatest: 8_388_607 / 8_388_608,
    };
  }
}

/** ITU-T G.711 §3: amplitudes of the 256 codes of each law. */
const LAWS: Readonly<Record<Exclude<UploadCodec, 'pcm'>, Float32Array>> = {
  mulaw: Float32Array.from({ length: 256 }, (_, code) => mulawLevel(code) / 32_768),
  alaw: Float32Array.from({ length: 256 }, (_, code) => alawLevel(code) / 32_768),
};

/** µ-law code → level on the scale of 16 bits; all bits are sent inverted. */
function mulawLevel(code: number): number {
  const bits = ~code & 0xff;
  const level = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 0x07)) - 0x84;
  return bits & 0x80 ? -level : level;
}

/** A-law code → level on the scale of 16 bits; even bits are sent inverted, the sign bit of a positive level is 1. */
function alawLevel(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 0x07;
  const step = ((bits & 0x0f) << 4) + 0x08;
  const level = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return bits & 0x80 ? level : -level;
}
