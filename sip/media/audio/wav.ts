/** Samples of a file, or what keeps it from being used (a phrase for people). */
export type WavReading =
  | { readonly kind: 'samples'; readonly samples: Int16Array }
  | { readonly kind: 'problem'; readonly reason: string };

const MAX_SECONDS = 600;
const PCM = 1;
const EXTENSIBLE = 0xfffe;

/**
 * Reads a WAV file of 8000 Hz, 16 bit, mono, linear PCM; nothing is converted. Every length in it is checked against the
 * file's own. Never throws.
 */
export function readWav(file: Uint8Array): WavReading {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  if (file.byteLength < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') return problem('it is no WAV file (RIFF/WAVE header missing)');
  let formatSeen = false;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const name = tag(at);
    const length = view.getUint32(at + 4, true);
    const start = at + 8;
    if (start + length > file.byteLength) return problem(`it is cut short: chunk "${printable(name)}" says ${length} bytes, ${file.byteLength - start} are there`);
    if (name === 'fmt ') {
      const wrong = formatProblem(view, start, length);
      if (wrong !== null) return problem(wrong);
      formatSeen = true;
    }
    if (name === 'data') return formatSeen ? samplesOf(view, start, length) : problem('its sound comes before its format ("fmt " chunk missing)');
    // Chunks are padded to even lengths, the padding is not counted.
    at = start + length + (length & 1);
  }
  return problem('it has no sound ("data" chunk missing)');
}

function problem(reason: string): WavReading {
  return { kind: 'problem', reason };
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?');
}

function formatProblem(view: DataView, start: number, length: number): string | null {
  if (length < 16) return 'its "fmt " chunk is shorter than 16 bytes';
  const [format, channels, rate, bits] = [view.getUint16(start, true), view.getUint16(start + 2, true), view.getUint32(start + 4, true), view.getUint16(start + 14, true)];
  const subFormat = format === EXTENSIBLE && length >= 26 ? view.getUint16(start + 24, true) : format;
  if (subFormat !== PCM) return `its encoding is ${subFormat}, not linear PCM (1)`;
  if (channels !== 1) return `it has ${channels} channels, not one`;
  if (rate !== 8000) return `its rate is ${rate} Hz, not 8000`;
  return bits === 16 ? null : `its samples have ${bits} bits, not 16`;
}

function samplesOf(view: DataView, start: number, length: number): WavReading {
  if (length % 2 !== 0) return problem('its sound ends within a sample (odd length)');
  if (length === 0) return problem('it has no sound (0 samples)');
  if (length > MAX_SECONDS * 16_000) return problem(`it is longer than ${MAX_SECONDS} seconds`);
  const samples = new Int16Array(length / 2);
  for (let at = 0; at < samples.length; at += 1) samples[at] = view.getInt16(start + 2 * at, true);
  return { kind: 'samples', samples };
}
