/** A WAV file as recorders write it; `changes` break one thing each. */
export function wavFile(samples: Int16Array, changes: {
  readonly format?: number; readonly channels?: number; readonly rate?: number; readonly bits?: number; readonly extraChunk?: boolean; readonly dataLength?: number;
} = {}): Buffer {
  const { format = 1, channels = 1, rate = 8000, bits = 16, extraChunk = false, dataLength = samples.length * 2 } = changes;
  const fmt = Buffer.alloc(24);
  fmt.write('fmt ', 0, 'latin1');
  fmt.writeUInt32LE(16, 4);
  fmt.writeUInt16LE(format, 8);
  fmt.writeUInt16LE(channels, 10);
  fmt.writeUInt32LE(rate, 12);
  fmt.writeUInt32LE(rate * channels * (bits / 8), 16);
  fmt.writeUInt16LE(channels * (bits / 8), 20);
  fmt.writeUInt16LE(bits, 22);
  // odd length, padded
  const extra = extraChunk ? Buffer.from('LIST\x03\0\0\0abc\0', 'latin1') : Buffer.alloc(0);
  const data = Buffer.alloc(8 + samples.length * 2);
  data.write('data', 0, 'latin1');
  data.writeUInt32LE(dataLength, 4);
  for (const [at, sample] of samples.entries()) data.writeInt16LE(sample, 8 + 2 * at);
  const head = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1');
  head.writeUInt32LE(4 + fmt.length + extra.length + data.length, 4);
  return Buffer.concat([head, fmt, extra, data]);
}
