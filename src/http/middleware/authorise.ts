import type { Step } from '../exchange.js';
import type { Access } from '../route.js';
import { noPermission, wholeAccountOnly } from '../problem.js';
import { writeProblem } from '../write-answer.js';

/** Permissions that count for the whole account alone. */
const WHOLE: ReadonlySet<Access> = new Set<Access>(['scim:read', 'scim:write']);

/** Lets a request pass only when the caller's role has the permission that the route names. */
export function authorise(): Step {
  return (_request, reply, next) => {
    const { route, permissions, actor } = reply.locals.exchange;
    if (route?.access === 'public') return next();
    // An identity provider speaks of everybody.
    if (route && WHOLE.has(route.access) && permissions?.has(route.access) && actor?.reach.account !== true) {
      return writeProblem(reply, wholeAccountOnly());
    }
    if (route && permissions?.has(route.access)) return next();
    writeProblem(reply, noPermission(route?.access ?? ''));
  };
}
