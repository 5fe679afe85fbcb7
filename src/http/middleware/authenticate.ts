import { NOWHERE } from '../../domain/access/reach.js';
import type { ApiClientId } from '../../domain/ids.js';
import { whoAsks, whoAsksByScimToken } from '../../usecases/access/who-asks.js';
import { isScimToken } from '../../usecases/scim/scim-tokens.js';
import type { Step } from '../exchange.js';
import type { HttpDeps } from '../http-deps.js';
import { badToken } from '../problem.js';
import { isScimPath } from '../scim/scim-problem.js';
import { writeProblem } from '../write-answer.js';

const USE_NOTED_MS = 5 * 60_000;

/** Reads the bearer token and finds whom it stands for. Public routes go on without. */
export function authenticate(deps: Pick<HttpDeps, 'tokens' | 'stores' | 'clock' | 'log' | 'digestHash'>): Step {
  const { stores, clock, log } = deps;
  const noted = new Map<ApiClientId, number>();
  /** Kept to some minutes, and never waited for. */
  const noteUse = (id: ApiClientId): void => {
    const now = clock.now();
    if (now - (noted.get(id) ?? 0) < USE_NOTED_MS) return;
    noted.set(id, now);
    stores.apiClients.used(id, now).catch((error: unknown) => log.debug('client-use-not-noted', { err: error }));
  };
  return async (request, reply, next) => {
    const { exchange } = reply.locals;
    if (exchange.route?.access === 'public') return next();
    const token = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    // The long-lived tokens of identity providers open nothing but SCIM.
    const longLived = token !== undefined && isScimToken(token);
    const asks = longLived ? isScimPath(exchange.route?.path ?? '') ? whoAsksByScimToken : null : whoAsks;
    const caller = token === undefined || asks === null ? null : await asks(deps, token);
    if (caller === null) return writeProblem(reply, badToken());
    exchange.grants = caller.grants;
    if (caller.by.kind === 'client') {
      exchange.callerId = caller.by.client.id;
      noteUse(caller.by.client.id);
    } else {
      exchange.callerId = caller.name;
      exchange.person = { userId: caller.by.userId, sessionId: caller.by.sessionId };
    }
    // How far it reaches depends on the route: the next step says so.
    exchange.actor = { accountId: caller.accountId, name: caller.name, address: request.ip ?? '', requestId: exchange.requestId, reach: NOWHERE };
    next();
  };
}
