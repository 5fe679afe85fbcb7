import type { IncomingHttpHeaders } from 'node:http';
import express, { type NextFunction } from 'express';
import type { Step } from '../exchange.js';
import { UPLOAD_LIMITS } from '../../domain/prompts/prompt-upload-problems.js';
import { badRequest } from '../problem.js';
import { BODY_MEDIA_TYPE, isUnread, type BodyType } from '../route.js';
import { writeProblem } from '../write-answer.js';

/** Files that are passed on as they come may take longer. */
const WHOLE_BODY_MS = 30_000;
const LIMIT_BYTES = 1_048_576;
/** A table of two hundred thousand rows. */
export const CSV_LIMIT_BYTES = 16 * 1_048_576;

interface Reader {
  /** Media types that are taken. */
  readonly types: readonly string[];
  readonly read: express.RequestHandler;
}

const READERS: Readonly<Record<BodyType, Reader>> = {
  json: { types: ['application/json', '+json'], read: express.json({ limit: LIMIT_BYTES, strict: false, type: () => true }) },
  form: {
    types: ['application/x-www-form-urlencoded'],
    read: express.urlencoded({ limit: LIMIT_BYTES, extended: false, type: () => true, parameterLimit: 100 }),
  },
  // What browsers and tools call the same thing.
  wav: { types: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'], read: express.raw({ limit: UPLOAD_LIMITS.bytes, type: () => true }) },
  // Read by whoever runs the route.
  stream: { types: ['application/octet-stream', 'application/macbinary'], read: (_request, _reply, next) => next() },
  'csv-stream': { types: ['text/csv', 'application/csv'], read: (_request, _reply, next) => next() },
  csv: { types: ['text/csv', 'application/csv'], read: express.text({ limit: CSV_LIMIT_BYTES, type: () => true }) },
};

/** Reads the body of a route that has one, in the one form it takes; other routes never look at a body. */
export function readBody(): Step {
  return (request, reply, next) => {
    const { route } = reply.locals.exchange;
    if (!route?.body || !hasBody(request.headers)) return next();
    const reader = READERS[route.bodyType];
    if (!request.is([...reader.types])) {
      return writeProblem(reply, badRequest('content-type', `Send the body as ${BODY_MEDIA_TYPE[route.bodyType]}.`, 415));
    }
    if (isUnread(route.bodyType)) return next();
    const late = setTimeout(() => request.destroy(), WHOLE_BODY_MS).unref();
    const done: NextFunction = (error?: unknown) => {
      clearTimeout(late);
      if (error === undefined) next();
      else next(error);
    };
    request.once('close', () => clearTimeout(late));
    reader.read(request, reply, done);
  };
}

export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
