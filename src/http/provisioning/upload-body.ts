import type { IncomingMessage } from 'node:http';

/** Bytes: logs of phones are smaller. */
export const LARGEST_UPLOAD = 524_288;

const WHOLE_MS = 30_000;

/** Reads a body and keeps nothing of it; stops where it is longer than allowed, or is cut off. */
export function discardBody(request: IncomingMessage, most: number): Promise<'whole' | 'too-large'> {
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.resolve('too-large');
  return new Promise((resolve) => {
    let read = 0;
    const late = setTimeout(() => request.destroy(), WHOLE_MS).unref();
    request.on('data', (chunk: Buffer) => {
      read += chunk.length;
      if (read <= most) return;
      request.pause();
      resolve('too-large');
    });
    request.once('end', () => resolve('whole'));
    request.once('close', () => {
      clearTimeout(late);
      resolve('too-large');
    });
  });
}
