import type { RateClass } from '../../ports/rate-limits.js';
import type { Step } from '../exchange.js';
import type { HttpDeps } from '../http-deps.js';
import { BY_ADDRESS } from '../operations.js';
import { tooMany } from '../problem.js';
import { writeProblem } from '../write-answer.js';

/** How each class is called in the headers. */
const CATEGORY: Readonly<Record<RateClass, string>> = { light: 'Light', heavy: 'Heavy', token: 'Token' };

/**
 * Counts a request for its client, or where a client only says who it is, for its address. Every counted answer tells how many
 * are left; what is too much is refused before anything is read. Probes and documentation are not counted.
 */
export function limitRate({ rateLimits }: Pick<HttpDeps, 'rateLimits'>): Step {
  return async (request, reply, next) => {
    const { route, callerId } = reply.locals.exchange;
    const byAddress = route !== undefined && BY_ADDRESS.has(route.operationId);
    const caller = byAddress ? request.ip ?? '' : callerId;
    if (!route || caller === undefined) return next();
    // A whole office signs in from behind one address: what costs no guess counts by the second.
    const kind = byAddress && route.load === 'light' ? 'token' : route.load;
    const verdict = await rateLimits.take(kind, caller);
    if (verdict === null) return next();
    const seconds = Math.max(1, Math.ceil(verdict.resetMs / 1000));
    reply.set({
      'x-ratelimit-category': CATEGORY[kind],
      'x-ratelimit-type': kind === 'token' ? 'Per-minute-limit' : 'Per-second-limit',
      'x-ratelimit-limit': String(verdict.limit),
      'x-ratelimit-remaining': String(verdict.remaining),
      'x-ratelimit-reset': String(seconds),
    });
    if (verdict.allowed) return next();
    writeProblem(reply, tooMany(seconds, byAddress ? 'this address' : 'this client'));
  };
}
