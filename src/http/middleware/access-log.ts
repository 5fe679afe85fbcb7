import type { HttpDeps } from '../http-deps.js';
import type { Step } from '../exchange.js';
import { redactedPath } from '../provisioning/phone-path.js';
import type { Route } from '../route.js';

/** One record for each answered request; never a query string or a body, since those may hold secrets. */
export function accessLog({ log, clock }: Pick<HttpDeps, 'log' | 'clock'>): Step {
  return (request, reply, next) => {
    const { method, path, ip } = request;
    reply.once('close', () => {
      const { requestId, startedAt, route, actor } = reply.locals.exchange;
      const fields = {
        requestId, method, path: shownPath(route, path), status: reply.statusCode, ms: clock.now() - startedAt,
        address: ip, operation: route?.operationId, by: actor?.name, complete: reply.writableFinished,
      };
      // Probes come every few seconds and say nothing when all is well.
      if (route?.access === 'public' && reply.statusCode < 400) log.debug('http', fields);
      else log.info('http', fields);
    });
    next();
  };
}

/** Where nobody needs a token, what stands for a parameter of the path may be one. */
function shownPath(route: Route | undefined, path: string): string {
  return route?.access === 'public' ? route.path : redactedPath(path).slice(0, 200);
}
