import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { asId, type ApiClientId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/access-stores.js';
import type { TokenClaims } from '../../ports/crypto.js';
import { clientOfScimToken, isScimToken, SCIM_PERMISSIONS } from '../../usecases/scim/scim-tokens.js';
import { permissionsOfRole } from '../../usecases/admin/phone-roles.js';
import type { Step } from '../exchange.js';
import type { HttpDeps } from '../http-deps.js';
import { isScimPath } from '../scim/scim-problem.js';
import { badToken } from '../problem.js';
import { writeProblem } from '../write-answer.js';

const USE_NOTED_MS = 5 * 60_000;

/**
 * Reads the bearer token and the client behind it. The client is read each time, so that a disabled client, a changed role and a
 * token taken back count at once. Public routes go on without.
 */
export function authenticate({ tokens, stores, clock, log, digestHash }: Pick<HttpDeps, 'tokens' | 'stores' | 'clock' | 'log' | 'digestHash'>): Step {
  const noted = new Map<ApiClientId, number>();
  /** Kept to some minutes, and never waited for. */
  const noteUse = (id: ApiClientId): void => {
    const now = clock.now();
    if (now - (noted.get(id) ?? 0) < USE_NOTED_MS) return;
    noted.set(id, now);
    stores.apiClients.used(id, now).catch((error: unknown) => log.debug('client-use-not-noted', { err: error }));
  };
  const clientOf = async (token: string): Promise<ApiClient | null> => {
    const claims = await tokens.verify(token);
    const client = claims && await stores.apiClients.get(asId<ApiClientId>(claims.clientId));
    const revoked = claims !== null && claims.tokenId !== '' && await stores.revokedTokens.has(claims.tokenId);
    return !claims || !client || revoked || !counts(client, claims) ? null : client;
  };
  return async (request, reply, next) => {
    const { exchange } = reply.locals;
    if (exchange.route?.access === 'public') return next();
    const token = /^Bearer +([^\s]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    // The long-lived tokens of identity providers open nothing but SCIM.
    const longLived = token !== undefined && isScimToken(token);
    const client = token === undefined || (longLived && !isScimPath(exchange.route?.path ?? '')) ? null
      : longLived ? await clientOfScimToken({ stores, clock, hash: digestHash }, token) : await clientOf(token);
    if (client === null) return writeProblem(reply, badToken());
    const permissions = await permissionsOfRole(stores, client.accountId, client.role);
    exchange.permissions = longLived ? new Set([...permissions].filter((one) => SCIM_PERMISSIONS.has(one))) : permissions;
    exchange.clientId = client.id;
    noteUse(client.id);
    exchange.actor = {
      accountId: client.accountId,
      name: `client:${client.id}`,
      address: request.ip ?? '',
      requestId: exchange.requestId,
      reach: WHOLE_ACCOUNT,
    };
    next();
  };
}

function counts(client: ApiClient, claims: TokenClaims): boolean {
  return !client.disabled && client.generation === claims.generation && client.accountId === claims.accountId;
}
