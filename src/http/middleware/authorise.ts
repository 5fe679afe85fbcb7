import type { Step } from '../exchange.js';
import { noPermission } from '../problem.js';
import { writeProblem } from '../write-answer.js';

/** Lets a request pass only when the caller's role has the permission that the route names. */
export function authorise(): Step {
  return (_request, reply, next) => {
    const { route, permissions } = reply.locals.exchange;
    if (route?.access === 'public') return next();
    if (route && permissions?.has(route.access)) return next();
    writeProblem(reply, noPermission(route?.access ?? ''));
  };
}
