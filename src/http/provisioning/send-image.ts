import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { IMAGE_CHUNK, type FirmwareImage } from '../../domain/device/firmware-image.js';
import { namesTag } from '../entity-tag.js';
import { readRange, type ByteRange } from './byte-range.js';

type Piece = (number: number) => Promise<Uint8Array | null>;

/**
 * Sends an image, or the part of it that was asked for, piece by piece as the phone takes it. One that is replaced meanwhile breaks
 * off, so that no phone gets halves of two.
 */
export async function sendImage(request: IncomingMessage, response: ServerResponse, { bytes, sha256 }: FirmwareImage, piece: Piece): Promise<void> {
  const etag = `"${sha256.slice(0, 32)}"`;
  const headers: Readonly<Record<string, string>> = {
    etag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff',
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const known = request.headers['if-none-match'];
  if (known !== undefined && namesTag(known, etag)) {
    response.writeHead(304).end();
    return;
  }
  // RFC 9110 §14.2: Range means something with GET alone.
  const asked = readRange(request.method === 'GET' ? request.headers.range : undefined, header(request, 'if-range'), etag, bytes);
  if (asked.kind === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${bytes}`, 'content-length': 0 }).end();
    return;
  }
  const range = asked.kind === 'part' ? asked.range : { first: 0, last: bytes - 1 };
  response.statusCode = asked.kind === 'part' ? 206 : 200;
  if (asked.kind === 'part') response.setHeader('content-range', `bytes ${range.first}-${range.last}/${bytes}`);
  response.setHeader('content-length', range.last - range.first + 1);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // Whoever leaves ends the reading.
  await pipeline(Readable.from(partsOf(range, piece), { objectMode: false }), response).catch(() => void response.destroy());
}

async function* partsOf({ first, last }: ByteRange, piece: Piece): AsyncGenerator<Uint8Array> {
  for (let number = Math.floor(first / IMAGE_CHUNK); number * IMAGE_CHUNK <= last; number += 1) {
    const data = await piece(number);
    if (data === null) throw new Error('the image is gone');
    const begins = number * IMAGE_CHUNK;
    yield data.subarray(Math.max(0, first - begins), Math.min(data.length, last + 1 - begins));
  }
}

function header({ headers }: IncomingMessage, name: 'if-range'): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}
