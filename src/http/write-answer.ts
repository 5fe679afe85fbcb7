import { Readable, pipeline } from 'node:stream';
import type { Answer } from './answers.js';
import type { Reply } from './exchange.js';
import { problemBody, type Problem } from './problem.js';
import { isScimPath, SCIM_MEDIA_TYPE, scimErrorBody } from './scim/scim-problem.js';

/** Writes an answer; the only place that touches the response's status and body. */
export function writeAnswer(reply: Reply, answer: Answer): void {
  switch (answer.kind) {
    case 'json':
      reply.set(answer.headers ?? {}).status(answer.status).type(jsonType(reply)).json(answer.body);
      return;
    case 'text':
      reply.set(answer.headers ?? {}).status(answer.status).type(answer.contentType).send(answer.text);
      return;
    case 'bytes':
      reply.status(answer.status).type(answer.contentType).send(Buffer.from(answer.bytes));
      return;
    case 'stream':
      reply.status(answer.status).type(answer.contentType).set('content-disposition', `attachment; filename="${answer.filename}"`);
      if (reply.req.method === 'HEAD') reply.end();
      // A fault on the way destroys the connection, and a reader who leaves ends the reading.
      else pipeline(Readable.from(answer.chunks), reply, () => undefined);
      return;
    case 'empty':
      reply.status(answer.status).end();
      return;
    case 'problem':
      writeProblem(reply, answer.problem);
  }
}

export function writeProblem(reply: Reply, problem: Problem): void {
  const body = isScimPath(reply.req.path) ? scimErrorBody(problem) : problemBody(problem);
  reply.set(problem.headers).status(problem.status).type(jsonType(reply)).json(body);
}

function jsonType({ req }: Reply): string {
  return isScimPath(req.path) ? SCIM_MEDIA_TYPE : 'application/json';
}
