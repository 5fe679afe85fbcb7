import { UPLOAD_PROBLEMS } from '../../domain/prompts/prompt-upload-problems.js';
import { StorageFault } from '../../ports/runtime.js';
import type { ErrorStep } from '../exchange.js';
import type { HttpDeps } from '../http-deps.js';
import { badRequest, problem, type Problem } from '../problem.js';
import type { BodyType } from '../route.js';
import { writeProblem } from '../write-answer.js';

/** Seconds; a little different each time, so that callers do not come back all at once. */
const RETRY_AFTER = { least: 2, spread: 4 } as const;

const TOO_LARGE: Readonly<Record<BodyType, Problem>> = {
  json: tooLarge('The body is larger than 1 MB.', 'Send at most 1 MB.'),
  form: tooLarge('The body is larger than 1 MB.', 'Send at most 1 MB.'),
  stream: tooLarge('The file is too large.', 'Send less, or raise FIRMWARE_MAX_MB.'),
  'csv-stream': tooLarge('The table is too large.', 'Cut it in parts.'),
  csv: tooLarge('The table is larger than 16 MB.', 'Send at most 16 MB, or several tables.'),
  wav: tooLarge(UPLOAD_PROBLEMS['too-big'].text, UPLOAD_PROBLEMS['too-big'].remedy),
};

function tooLarge(message: string, remedy: string): Problem {
  return problem(413, 300, message, {
    errors: [{ field: 'body', text: remedy }],
    // What is still on its way is not read, so nothing after it can be.
    headers: { connection: 'close' },
  });
}

/** What a body reader complains of, by its own word for it. */
const BODY_FAULTS: ReadonlyMap<string, Problem> = new Map([
  ['entity.parse.failed', badRequest('body', 'The body is not valid JSON.')],
  ['parameters.too.many', badRequest('body', 'The form has too many fields.', 413)],
  ['encoding.unsupported', badRequest('content-encoding', 'Use gzip, deflate or br, or none.', 415)],
  ['charset.unsupported', badRequest('content-type', 'Use the character set UTF-8.', 415)],
  ['request.size.invalid', badRequest('content-length', 'The body is not as long as Content-Length says.')],
  ['request.aborted', badRequest('body', 'The body ended too early.')],
]);

/** The one place where faults become answers: a part that is away is 503, a body nobody can read 4xx, a bug 500. */
export function answerError({ log, random }: Pick<HttpDeps, 'log' | 'random'>): ErrorStep {
  return (error: unknown, _request, reply, _next) => {
    const { requestId, route } = reply.locals.exchange;
    const fields = { requestId, operation: route?.operationId, err: error };
    if (reply.headersSent) {
      log.error('http-answer-broken', fields);
      reply.destroy();
      return;
    }
    if (error instanceof StorageFault) {
      log.warn('http-part-away', fields);
      const seconds = RETRY_AFTER.least + (random.bytes(1)[0] ?? 0) % RETRY_AFTER.spread;
      return writeProblem(reply, partAway(seconds));
    }
    const fault = bodyFault(error, route?.bodyType ?? 'json');
    if (fault) return writeProblem(reply, fault);
    log.error('http-bug', fields);
    writeProblem(reply, problem(500, 500, `Something went wrong here. Name request ${requestId} when you report it.`));
  };
}

function partAway(seconds: number): Problem {
  return problem(503, 503, 'A part of the system is not available. Try again shortly.', {
    headers: { 'retry-after': String(seconds) },
  });
}

function bodyFault(error: unknown, bodyType: BodyType): Problem | undefined {
  if (!(error instanceof Error) || !('type' in error) || typeof error.type !== 'string') return compressedFault(error);
  if (error.type === 'entity.too.large') return TOO_LARGE[bodyType];
  return BODY_FAULTS.get(error.type) ?? compressedFault(error);
}

/** Broken compressed bodies come as an http-error with a 4xx status and no word of their own. */
function compressedFault(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  const ours = error.status < 400 || error.status >= 500;
  return ours ? undefined : badRequest('body', 'The body cannot be read.', error.status);
}
