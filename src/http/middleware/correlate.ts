import type { HttpDeps } from '../http-deps.js';
import type { Step } from '../exchange.js';

const GIVEN_ID = /^[\w.:-]{8,64}$/;

/**
 * Names the request: the caller's own `x-request-id` where it is a plain one, else a new id; mirrored as
 * `x-zm-trackingid`.
 */
export function correlate({ ids, clock }: Pick<HttpDeps, 'ids' | 'clock'>): Step {
  return (request, reply, next) => {
    const given = request.get('x-request-id');
    const requestId = given !== undefined && GIVEN_ID.test(given) ? given : ids.next();
    reply.locals.exchange = { requestId, startedAt: clock.now() };
    reply.set({ 'x-request-id': requestId, 'x-zm-trackingid': requestId });
    next();
  };
}
