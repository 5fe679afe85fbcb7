/** One uploaded sound file → telephone sound, in a thread. `workerData` is the file; the message back is PromptUpload. */
import { parentPort, workerData } from 'node:worker_threads';
import { convertPromptUpload } from '../domain/prompts/prompt-upload.js';

const file: Uint8Array = workerData;
const upload = convertPromptUpload(file);
const transfer = upload.kind === 'converted' && upload.samples.buffer instanceof ArrayBuffer ? [upload.samples.buffer] : [];
parentPort?.postMessage(upload, transfer);
