import type { UploadProblem } from './prompt-upload-problems.js';

export type UploadCodec = 'pcm' | 'mulaw' | 'alaw';

/** What the header of an accepted file says; every number is within what the converter takes. */
export interface WavForm {
  readonly codec: UploadCodec;
  readonly bits: 8 | 16 | 24;
  readonly channels: 1 | 2;
  readonly rateHz: number;
  /** Frames of one sample a channel. */
  readonly frames: number;
}

export type WavReading =
  | { readonly kind: 'read'; readonly form: WavForm; readonly data: Uint8Array }
  | { readonly kind: 'refused'; readonly problem: UploadProblem; readonly found: string };

export const MIN_RATE_HZ = 8_000;
export const MAX_RATE_HZ = 48_000;

/** Format tags, RFC 2361 §A: the two G.711 laws beside PCM; 0xfffe says that a GUID names the codec. */
const CODECS: ReadonlyMap<number, UploadCodec> = new Map([[0x0001, 'pcm'], [0x0006, 'alaw'], [0x0007, 'mulaw']]);
const EXTENSIBLE = 0xfffe;
/** Bytes 2 to 15 of every GUID that stands for a format tag: {0000xxxx-0000-0010-8000-00aa00389b71}. */
const GUID_TAIL = [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];
const TAG_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0002, 'Microsoft ADPCM'], [0x0003, 'floating point'], [0x0011, 'IMA ADPCM'], [0x0031, 'GSM 6.10'], [0x0055, 'MP3'],
]);
/** A writer that cannot seek back leaves the size of the data open. */
const OPEN_SIZE = 0xffff_ffff;

/** Other containers by their first bytes, so that the answer can name what was uploaded. */
const MAGICS: readonly (readonly [name: string, at: number, magic: string])[] = [
  ['an MP3 file', 0, 'ID3'], ['an MP3 file', 0, '\xff\xfb'], ['an MP4 file', 4, 'ftyp'], ['an Ogg file', 0, 'OggS'],
  ['a FLAC file', 0, 'fLaC'], ['an AU file', 0, '.snd'], ['an AIFF file', 0, 'FORM'],
  ['a big-endian WAV file', 0, 'RIFX'], ['a 64-bit WAV file', 0, 'RF64'], ['a RIFF file of another kind', 0, 'RIFF'],
];

/**
 * Reads a RIFF WAVE file without believing any size it states: nothing outside `bytes` is touched, and time is linear
 * in their number. The rate is within 8 to 48 kHz, the data is a whole number of frames.
 */
export function readWav(bytes: Uint8Array): WavReading {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!(textAt(bytes, 0, 'RIFF') && textAt(bytes, 8, 'WAVE'))) return refused('not-a-wav', nameOf(bytes));
  let format: DataView | null = null;
  let at = 12;
  while (at + 8 <= bytes.length) {
    const stated = view.getUint32(at + 4, true);
    const left = bytes.length - at - 8;
    if (textAt(bytes, at, 'data')) {
      if (format === null) return refused('malformed', 'the sound comes before its description (no fmt chunk)');
      // Interop: recorders that write to a pipe state the size of the data as 0xffffffff; it ends with the file.
      const size = stated === OPEN_SIZE ? left : stated;
      if (size > left) return refused('truncated', `${left} of ${size} bytes of sound`);
      return framed(format, bytes.subarray(at + 8, at + 8 + size), stated === OPEN_SIZE);
    }
    if (stated > left) return refused('truncated', 'a part of the file is longer than the file');
    if (format === null && textAt(bytes, at, 'fmt ')) {
      format = new DataView(bytes.buffer, bytes.byteOffset + at + 8, stated);
    }
    at += 8 + stated + (stated % 2);
  }
  return refused('truncated', 'no sound in the file (no data chunk)');
}

function framed(format: DataView, data: Uint8Array, openEnd: boolean): WavReading {
  if (format.byteLength < 16) return refused('malformed', 'the description of the sound (fmt chunk) is too short');
  const stated = format.getUint16(0, true);
  const tag = stated === EXTENSIBLE ? extensibleTag(format) : stated;
  const codec = CODECS.get(tag);
  if (codec === undefined) return refused('wrong-codec', TAG_NAMES.get(tag) ?? `codec 0x${tag.toString(16)}`);
  const channels = format.getUint16(2, true);
  const rateHz = format.getUint32(4, true);
  const bits = format.getUint16(14, true);
  if (!hasBits(codec, bits)) return refused('wrong-codec', `${codec} of ${bits} bits`);
  if (channels !== 1 && channels !== 2) return refused('wrong-channels', `${channels} channels`);
  if (rateHz < MIN_RATE_HZ || rateHz > MAX_RATE_HZ) return refused('wrong-rate', `${rateHz} Hz`);
  const frameBytes = channels * (bits / 8);
  if (format.getUint16(12, true) !== frameBytes) return refused('malformed', 'frame size against bits and channels');
  const spare = data.length % frameBytes;
  if (spare !== 0 && !openEnd) return refused('malformed', 'the sound ends within a frame');
  const whole = data.subarray(0, data.length - spare);
  return { kind: 'read', form: { codec, bits, channels, rateHz, frames: whole.length / frameBytes }, data: whole };
}

function hasBits(codec: UploadCodec, bits: number): bits is WavForm['bits'] {
  return bits === 8 || (codec === 'pcm' && (bits === 16 || bits === 24));
}

/** The tag that the GUID of an extensible description stands for; 0xfffe where it stands for none. */
function extensibleTag(format: DataView): number {
  if (format.byteLength < 40 || GUID_TAIL.some((byte, i) => format.getUint8(26 + i) !== byte)) return EXTENSIBLE;
  // Fewer valid bits than stored ones are left-justified: the stored ones are right as they are.
  return format.getUint16(24, true);
}

function textAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function nameOf(bytes: Uint8Array): string {
  return MAGICS.find(([, at, magic]) => textAt(bytes, at, magic))?.[0] ?? 'an unknown kind of file';
}

function refused(problem: UploadProblem, found: string): WavReading {
  return { kind: 'refused', problem, found };
}
