import { asId, type AccountId } from '../../domain/ids.js';
import type { Step } from '../exchange.js';
import { hostileParts } from '../hostile-input.js';
import type { HttpDeps } from '../http-deps.js';
import { ignoredFieldsHeader } from '../ignored-fields.js';
import { invalid } from '../problem.js';
import { writeAnswer, writeProblem } from '../write-answer.js';

/** Checks the request against the route's schemas, runs its handler, and writes the answer. */
export function runRoute(deps: HttpDeps): Step {
  return async (request, reply) => {
    const { route, params, actor, permissions, requestId } = reply.locals.exchange;
    if (!route || !params) throw new Error('a request came to its handler without a route');
    const hostile = [...hostileParts(request.query), ...hostileParts(request.body)];
    if (hostile.length > 0) return writeProblem(reply, invalid(hostile));
    const context = {
      deps,
      actor: actor ?? { accountId: asId<AccountId>(''), name: 'public', address: request.ip ?? '', requestId },
      permissions: permissions ?? new Set(),
      headers: request.headers,
      origin: `${request.protocol}://${request.get('host') ?? 'localhost'}`,
    };
    const { answer, ignored } = await route.run(context, params, { query: request.query, body: request.body });
    if (ignored.length > 0) reply.set('x-ignored-fields', ignoredFieldsHeader(ignored));
    writeAnswer(reply, answer);
  };
}
