/** A WAV file for tests: what the header says and the bytes of the sound are set apart, so that they may contradict. */
export interface WavParts {
  readonly tag?: number;
  readonly channels?: number;
  readonly rateHz?: number;
  readonly bits?: number;
  readonly frameBytes?: number;
  readonly data: Buffer;
  readonly dataSize?: number;
  /** Chunks between the description and the sound. */
  readonly between?: readonly Buffer[];
  /** What follows the 16 bytes of the description. */
  readonly more?: Buffer;
}

export function chunk(id: string, body: Buffer, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

export function wavFile(parts: WavParts): Buffer {
  const { tag = 1, channels = 1, rateHz = 8000, bits = 16, data } = parts;
  const frameBytes = parts.frameBytes ?? channels * Math.ceil(bits / 8);
  const format = Buffer.alloc(16);
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rateHz, 4);
  format.writeUInt32LE((rateHz * frameBytes) >>> 0, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);
  const body = Buffer.concat([
    Buffer.from('WAVE'), chunk('fmt ', Buffer.concat([format, parts.more ?? Buffer.alloc(0)])), ...(parts.between ?? []),
    chunk('data', data, parts.dataSize ?? data.length),
  ]);
  return chunk('RIFF', body);
}

/** A sum of tones, each [Hz, amplitude 0 to 1]. */
export function tones(rateHz: number, ms: number, ...parts: readonly (readonly [hz: number, amplitude: number])[]): readonly number[] {
  return Array.from({ length: Math.round((rateHz * ms) / 1000) }, (_, n) =>
    parts.reduce((sum, [hz, amplitude]) => sum + amplitude * Math.sin((2 * Math.PI * hz * n) / rateHz), 0));
}

/** Amplitudes → little-endian PCM; 8 bits are unsigned. */
export function pcm(amplitudes: readonly number[], bits: 8 | 16 | 24 = 16): Buffer {
  const full = 2 ** (bits - 1);
  const out = Buffer.alloc((amplitudes.length * bits) / 8);
  for (const [i, amplitude] of amplitudes.entries()) {
    const level = Math.max(-full, Math.min(full - 1, Math.round(amplitude * full)));
    if (bits === 8) out.writeUInt8(level + 128, i);
    else out.writeIntLE(level, (i * bits) / 8, bits / 8);
  }
  return out;
}
