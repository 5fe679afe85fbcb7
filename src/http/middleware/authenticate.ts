import { asId, type ApiClientId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/admin-stores.js';
import type { TokenClaims } from '../../ports/crypto.js';
import { permissionsOf } from '../../usecases/admin/roles.js';
import type { Step } from '../exchange.js';
import type { HttpDeps } from '../http-deps.js';
import { badToken } from '../problem.js';
import { writeProblem } from '../write-answer.js';

/**
 * Reads the bearer token and the client behind it. The client is read each time, so that a disabled client, a changed
 * role
 * and a replaced secret count at once. Public routes go on without.
 */
export function authenticate({ tokens, stores }: Pick<HttpDeps, 'tokens' | 'stores'>): Step {
  return async (request, reply, next) => {
    const { exchange } = reply.locals;
    if (exchange.route?.access === 'public') return next();
    const token = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const claims = token === undefined ? null : await tokens.verify(token);
    const client = claims && await stores.apiClients.get(asId<ApiClientId>(claims.clientId));
    if (!claims || !client || !counts(client, claims)) return writeProblem(reply, badToken());
    exchange.permissions = permissionsOf(client.role);
    exchange.actor = {
      accountId: client.accountId,
      name: `client:${client.id}`,
      address: request.ip ?? '',
      requestId: exchange.requestId,
    };
    next();
  };
}

function counts(client: ApiClient, claims: TokenClaims): boolean {
  return !client.disabled && client.generation === claims.generation && client.accountId === claims.accountId;
}
