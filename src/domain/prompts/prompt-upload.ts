import { UPLOAD_LIMITS, UPLOAD_PROBLEMS } from './prompt-upload-problems.js';
import type { UploadProblem, UploadProblemRow } from './prompt-upload-problems.js';
import { TELEPHONE_RATE_HZ, toTelephoneRate } from './prompt-upload-resample.js';
import { decodeSound } from './prompt-upload-samples.js';
import { readWav } from './prompt-upload-wav.js';
import type { WavForm } from './prompt-upload-wav.js';

/** What became of an uploaded sound file. */
export type PromptUpload =
  | {
    readonly kind: 'converted';
    /** Mono, 8000 samples a second, 16 bits. */
    readonly samples: Int16Array;
    readonly durationMs: number;
    /** What the file was before. */
    readonly source: WavForm;
  }
  | ({
    readonly kind: 'refused';
    readonly problem: UploadProblem;
    /** What was found in the file, in a few words; may be empty. */
    readonly found: string;
  } & UploadProblemRow);

/** A file whose loudest 20 ms are below this is taken for silent. */
const SILENT_DBFS = -50;
/** More of the samples than this at the limit of the codec is heard as distortion. */
const CLIPPED_SHARE = 0.01;

/**
 * A sound file an administrator uploaded → telephone sound. Takes WAV of PCM 8, 16, 24 bits, µ-law or A-law, 8 to
 * 48 kHz, mono or stereo, up to 2 MB, 0.1 to 30 s. Never throws, whatever the bytes are. A file that is 8 kHz, 16 bits,
 * mono comes back bit by bit. Takes up to 0.5 s of processor: run it where no call waits.
 */
export function convertPromptUpload(bytes: Uint8Array): PromptUpload {
  if (bytes.length > UPLOAD_LIMITS.bytes) return refused('too-big', `${bytes.length} bytes`);
  const wav = readWav(bytes);
  if (wav.kind === 'refused') return refused(wav.problem, wav.found);
  const { form } = wav;
  const lasts = (form.frames * 1000) / form.rateHz;
  if (lasts < UPLOAD_LIMITS.minMs) return refused('too-short', `${Math.floor(lasts)} ms`);
  if (lasts > UPLOAD_LIMITS.maxMs) return refused('too-long', `${(lasts / 1000).toFixed(1)} s`);
  const { amplitudes, clippedShare } = decodeSound(form, wav.data);
  if (clippedShare > CLIPPED_SHARE) return refused('clipped', `${Math.round(clippedShare * 100)} % of the samples`);
  const telephone = toTelephoneRate(amplitudes, form.rateHz);
  if (loudestDbfs(telephone) < SILENT_DBFS) return refused('silent', '');
  const samples = toInt16(telephone);
  const durationMs = Math.round((samples.length * 1000) / TELEPHONE_RATE_HZ);
  return { kind: 'converted', samples, durationMs, source: form };
}

function refused(problem: UploadProblem, found: string): PromptUpload {
  return { kind: 'refused', problem, found, ...UPLOAD_PROBLEMS[problem] };
}

/** Level of the loudest 20 ms, without their offset from zero: a constant makes no sound. */
function loudestDbfs(sound: Float32Array): number {
  const window = TELEPHONE_RATE_HZ / 50;
  let most = 0;
  for (let at = 0; at + window <= sound.length; at += window) {
    const part = sound.subarray(at, at + window);
    const mean = part.reduce((sum, value) => sum + value, 0) / window;
    most = Math.max(most, part.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window);
  }
  return 10 * Math.log10(most);
}

/** A filter may overshoot what was at full scale: then all of it is taken down rather than clipped. */
function toInt16(sound: Float32Array): Int16Array {
  const peak = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = 32_768 / Math.max(1, peak);
  return Int16Array.from(sound, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * scale))));
}
