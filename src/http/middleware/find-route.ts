import type { Step } from '../exchange.js';
import { badRequest, unknownPath, wrongMethod } from '../problem.js';
import type { Route } from '../route.js';
import { createMatcher } from '../route-match.js';
import { writeProblem } from '../write-answer.js';

/** Looks the request up in the route table; what is not there ends here. */
export function findRoute(routes: readonly Route[]): Step {
  const match = createMatcher(routes);
  return (request, reply, next) => {
    const result = match(request.method, request.path);
    switch (result.kind) {
      case 'found':
        reply.locals.exchange.route = result.route;
        reply.locals.exchange.params = result.params;
        next();
        return;
      case 'wrong-method': return writeProblem(reply, wrongMethod(request.method, result.allowed));
      case 'malformed': return writeProblem(reply, badRequest('path', 'The path is not valid percent-encoded UTF-8.'));
      case 'unknown': return writeProblem(reply, unknownPath(request.path.slice(0, 200)));
    }
  };
}
