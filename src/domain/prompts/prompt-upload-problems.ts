/** Why a sound file cannot become a prompt. */
export type UploadProblem =
  | 'too-big' | 'not-a-wav' | 'truncated' | 'malformed' | 'wrong-codec' | 'wrong-channels' | 'wrong-rate'
  | 'too-short' | 'too-long' | 'silent' | 'clipped';

export interface UploadProblemRow {
  /** What is wrong, as a sentence. */
  readonly text: string;
  /** What the administrator can do about it, as a sentence. */
  readonly remedy: string;
}

/** The size of an upload in bytes, and what the sound in it may last. */
export const UPLOAD_LIMITS = { bytes: 2 * 1024 * 1024, minMs: 100, maxMs: 30_000 } as const;

const EXPORT = 'Save it as WAV, PCM of 16 bits, mono, 8000 Hz.';
const AGAIN = 'Export the file again and upload all of it.';

export const UPLOAD_PROBLEMS: Readonly<Record<UploadProblem, UploadProblemRow>> = {
  'too-big': { text: 'The file is larger than 2 MB.', remedy: `${EXPORT} 30 seconds are half a megabyte then.` },
  'not-a-wav': { text: 'The file is no WAV file.', remedy: EXPORT },
  truncated: { text: 'The file ends before its sound does.', remedy: AGAIN },
  malformed: { text: 'The header of the file contradicts itself.', remedy: AGAIN },
  'wrong-codec': { text: 'The codec is not PCM (8, 16, 24 bits), µ-law or A-law.', remedy: EXPORT },
  'wrong-channels': { text: 'The file has more than two channels or none.', remedy: EXPORT },
  'wrong-rate': { text: 'The sampling rate is not within 8000 and 48000 Hz.', remedy: EXPORT },
  'too-short': {
    text: 'The sound is shorter than a tenth of a second.',
    remedy: 'Check that the right part was exported.',
  },
  'too-long': { text: 'The sound is longer than 30 seconds.', remedy: 'Shorten it to 30 seconds or less.' },
  silent: {
    text: 'The file is silent.',
    remedy: 'Record it again; check the level, and that the channels of a stereo file do not cancel each other.',
  },
  clipped: { text: 'The sound is clipped: it was recorded too loud.', remedy: 'Record it again at a lower level.' },
};
