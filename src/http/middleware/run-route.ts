import { NOWHERE, sitesOf } from '../../domain/access/reach.js';
import { asId, type AccountId } from '../../domain/ids.js';
import type { Answer } from '../answers.js';
import { ifMatching, namesTag, tagOf } from '../entity-tag.js';
import type { Step } from '../exchange.js';
import { hostileParts } from '../hostile-input.js';
import type { HttpDeps } from '../http-deps.js';
import { onceOnly } from '../idempotency.js';
import { ignoredFieldsHeader } from '../ignored-fields.js';
import { invalid } from '../problem.js';
import { isUnread, type Route } from '../route.js';
import { hasBody } from './read-body.js';
import { writeAnswer, writeProblem } from '../write-answer.js';

const NOT_MODIFIED: Answer = { kind: 'empty', status: 304 };

/**
 * Checks the request against the route's schemas, runs its handler, once where it names itself, and only while the resource is as
 * expected where the caller says so; then writes the answer. `tagged`: the GET of each resource that has an ETag, by path.
 */
export function runRoute(deps: HttpDeps, tagged: ReadonlyMap<string, Route>): Step {
  return async (request, reply) => {
    const { route, params, actor, permissions, person, requestId } = reply.locals.exchange;
    if (!route || !params) throw new Error('a request came to its handler without a route');
    const hostile = [...hostileParts(request.query), ...hostileParts(request.body)];
    if (hostile.length > 0) return writeProblem(reply, invalid(hostile));
    const context = {
      deps,
      actor: actor ?? { accountId: asId<AccountId>(''), name: 'public', address: request.ip ?? '', requestId, reach: NOWHERE },
      permissions: permissions ?? new Set(),
      sites: actor === undefined ? [] : sitesOf(actor.reach),
      person: person ?? null,
      headers: request.headers,
      origin: `${request.protocol}://${request.get('host') ?? 'localhost'}`,
    };
    const raw = { query: request.query, body: isUnread(route.bodyType) ? (hasBody(request.headers) ? request : undefined) : request.body };
    const ifMatch = route.method === 'GET' || route.access === 'public' ? undefined : request.get('if-match');
    const run = () => (ifMatch === undefined ? route.run(context, params, raw) : ifMatching(tagged.get(route.path), ifMatch, route, context, params, raw));
    const identity = [route.method, request.path, request.query, request.body ?? null];
    const { answer, ignored, replayed } = await onceOnly(deps, reply.locals.exchange, { key: request.get('idempotency-key'), identity }, run);
    if (replayed) reply.set('idempotency-replayed', 'true');
    if (ignored.length > 0) reply.set('x-ignored-fields', ignoredFieldsHeader(ignored));
    const tag = tagged.get(route.path) === route ? tagOf(route, answer) : null;
    if (tag !== null) reply.set('etag', tag);
    const known = request.get('if-none-match');
    writeAnswer(reply, tag !== null && known !== undefined && namesTag(known, tag) ? NOT_MODIFIED : answer);
    // What a refused file still sends is read to its end, or its sender never sees the answer.
    if (isUnread(route.bodyType)) request.resume();
  };
}
