import { joinReaches, reaches, type Reach } from '../../domain/access/reach.js';
import { outside } from '../../usecases/access/check-notes.js';
import { permissionsWithin, reachWith } from '../../usecases/access/grants.js';
import { placeOf } from '../../usecases/access/place-of.js';
import { forbidden, refused, type Refused } from '../../usecases/outcome.js';
import type { ExchangeState, Step } from '../exchange.js';
import type { HttpDeps } from '../http-deps.js';
import { fromRefusal, noPermission, onlyPeople } from '../problem.js';
import { writeProblem } from '../write-answer.js';

/**
 * Lets a request pass only when the caller has the permission that the route names, as far as it reaches: to the whole account, to the
 * things that the path names, or, where the route is for everybody's own, to the caller's own. From here on the actor's reach is that of
 * this one permission.
 */
export function authorise({ stores }: Pick<HttpDeps, 'stores'>): Step {
  return async (_request, reply, next) => {
    const { exchange } = reply.locals;
    const { route, actor } = exchange;
    if (route?.access === 'public') return next();
    const reach = route && reachOf(exchange);
    if (!route || !actor || !reach) return writeProblem(reply, route?.access === 'person' ? onlyPeople() : noPermission(route?.access ?? ''));
    exchange.permissions = permissionsWithin(exchange.grants ?? [], reach);
    exchange.actor = { ...actor, reach };
    exchange.params = ownParams(exchange);
    const refusal = reach.account ? null : await outsideSubject(stores, exchange, reach);
    if (refusal !== null) return writeProblem(reply, fromRefusal(refusal));
    next();
  };
}

function reachOf({ route, grants = [], person }: ExchangeState): Reach | null {
  if (!route || route.access === 'public') return null;
  const given = route.access === 'person' ? null : reachWith(grants, route.access);
  const own: Reach | null = (route.self || route.access === 'person') && person ? { account: false, siteIds: new Set(), own: person.userId } : null;
  const parts = [given, own].filter((part) => part !== null);
  return parts.length === 0 ? null : joinReaches(parts);
}

/** `me` of a path is who asks, where a person does. */
function ownParams({ params = new Map(), person }: ExchangeState): ReadonlyMap<string, string> {
  return person && params.get('userId') === 'me' ? new Map([...params, ['userId', person.userId]]) : params;
}

/** What a path names and nobody knows by that name is not there for whoever reaches only some things. */
async function outsideSubject(stores: HttpDeps['stores'], { route, params, actor }: ExchangeState, reach: Reach): Promise<Refused | null> {
  if (!route || !actor || !params) return null;
  const { subject } = route;
  if (subject.kind === 'account') {
    return forbidden(`No permission. This is of the whole account; your permission ${route.access} counts only at the targets of your role.`);
  }
  if (subject.kind !== 'path') return null;
  for (const { parameter, is } of subject.things) {
    const place = await placeOf(stores, actor.accountId, is, params.get(parameter) ?? '');
    if (place === null) return refused('not-found', parameter, 'There is nothing with this id.', params.get(parameter));
    if (!reaches(reach, place)) return outside(stores, actor.accountId, reach, place);
  }
  return null;
}
