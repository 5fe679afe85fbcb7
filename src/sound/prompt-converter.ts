import { Worker } from 'node:worker_threads';
import type { PromptUpload } from '../domain/prompts/prompt-upload.js';
import type { PromptConverter } from '../ports/account-prompts.js';

/** Half a second is what the longest file takes on a machine at rest. */
const LONGEST_MS = 20_000;

/** Converts in a thread of its own for each file, one after the other: uploads are rare, and calls are not to notice them. */
export function createPromptConverter(longestMs = LONGEST_MS): PromptConverter {
  let last: Promise<unknown> = Promise.resolve();
  return {
    convert(file) {
      const result = last.then(() => convertInThread(file, longestMs));
      last = result.catch(() => undefined);
      return result;
    },
  };
}

function convertInThread(file: Uint8Array, longestMs: number): Promise<PromptUpload> {
  // Beside this file: compiled, both are .js; under a TypeScript loader, both are .ts.
  const entry = new URL(import.meta.url.endsWith('.ts') ? './prompt-conversion-worker.ts' : './prompt-conversion-worker.js', import.meta.url);
  const worker = new Worker(entry, { workerData: file, name: 'prompt-upload' });
  return new Promise<PromptUpload>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`a sound file was not converted within ${longestMs} ms`)), longestMs);
    const end = (settle: () => void) => {
      clearTimeout(late);
      settle();
    };
    worker.once('message', (upload: PromptUpload) => end(() => resolve(upload)));
    worker.once('error', (error) => end(() => reject(error)));
    worker.once('exit', () => end(() => reject(new Error('the thread that converts sound files ended without a result'))));
  }).finally(() => void worker.terminate());
}
