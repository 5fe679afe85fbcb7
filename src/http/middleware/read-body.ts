import type { IncomingHttpHeaders } from 'node:http';
import express from 'express';
import type { Step } from '../exchange.js';
import { badRequest } from '../problem.js';
import type { Route } from '../route.js';
import { writeProblem } from '../write-answer.js';

const LIMIT_BYTES = 1_048_576;

interface Reader {
  readonly type: string;
  readonly read: express.RequestHandler;
}

const READERS: Readonly<Record<Route['bodyType'], Reader>> = {
  json: { type: 'application/json', read: express.json({ limit: LIMIT_BYTES, strict: false, type: () => true }) },
  form: {
    type: 'application/x-www-form-urlencoded',
    read: express.urlencoded({ limit: LIMIT_BYTES, extended: false, type: () => true, parameterLimit: 100 }),
  },
};

/** Reads the body of a route that has one, in the one form it takes; other routes never look at a body. */
export function readBody(): Step {
  return (request, reply, next) => {
    const { route } = reply.locals.exchange;
    if (!route?.body || !hasBody(request.headers)) return next();
    const reader = READERS[route.bodyType];
    if (!request.is(reader.type) && !(route.bodyType === 'json' && request.is('+json'))) {
      return writeProblem(reply, badRequest('content-type', `Send the body as ${reader.type}.`, 415));
    }
    reader.read(request, reply, next);
  };
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
