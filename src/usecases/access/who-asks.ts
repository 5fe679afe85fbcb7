import { asId, type AccountId, type ApiClientId, type UserId, type UserSessionId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/access-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { HashFunction, TokenClaims, TokenIssuer } from '../../ports/crypto.js';
import type { Clock } from '../../ports/runtime.js';
import { clientOfScimToken, SCIM_PERMISSIONS } from '../scim/scim-tokens.js';
import { grantsOfClient, grantsOfUser, type Grant } from './grants.js';

/** Whom a bearer token stands for, with all they may do. */
export interface Caller {
  readonly accountId: AccountId;
  /** As the audit log names them: `client:<id>` or `user:<id>`. */
  readonly name: string;
  readonly by: { readonly kind: 'client'; readonly client: ApiClient } | { readonly kind: 'user'; readonly userId: UserId; readonly sessionId: UserSessionId };
  readonly grants: readonly Grant[];
}

export interface WhoAsksDeps {
  readonly stores: Stores;
  readonly tokens: TokenIssuer;
  readonly clock: Clock;
}

/**
 * The client or person a token was given to; null for a token that does not count. Both are read each time, so that a disabled client, a
 * deactivated person, a changed role and a session or token taken back count at once, on every node.
 */
export async function whoAsks(deps: WhoAsksDeps, token: string): Promise<Caller | null> {
  const claims = await deps.tokens.verify(token);
  return claims === null ? personOf(deps, token) : clientOf(deps, claims);
}

/** The client whose SCIM token this is, with nothing but what SCIM needs; null for a token that does not count. */
export async function whoAsksByScimToken(
  { stores, clock, digestHash }: Pick<WhoAsksDeps, 'stores' | 'clock'> & { readonly digestHash: HashFunction }, token: string,
): Promise<Caller | null> {
  const client = await clientOfScimToken({ stores, clock, hash: digestHash }, token);
  if (client === null) return null;
  const grants = (await grantsOfClient(stores, client)).map(({ permissions, reach }) => ({
    permissions: new Set([...permissions].filter((one) => SCIM_PERMISSIONS.has(one))), reach,
  }));
  return { accountId: client.accountId, name: `client:${client.id}`, by: { kind: 'client', client }, grants };
}

async function clientOf({ stores }: WhoAsksDeps, claims: TokenClaims & { readonly tokenId: string }): Promise<Caller | null> {
  const client = await stores.apiClients.get(asId<ApiClientId>(claims.clientId));
  if (client === null || client.disabled || client.generation !== claims.generation || client.accountId !== claims.accountId) return null;
  if (claims.tokenId !== '' && await stores.revokedTokens.has(claims.tokenId)) return null;
  return { accountId: client.accountId, name: `client:${client.id}`, by: { kind: 'client', client }, grants: await grantsOfClient(stores, client) };
}

async function personOf({ stores, tokens, clock }: WhoAsksDeps, token: string): Promise<Caller | null> {
  const claims = await tokens.verifyUser(token);
  const session = claims && await stores.userSessions.get(asId<UserSessionId>(claims.sessionId));
  if (!session || session.expiresAt <= clock.now()) return null;
  const user = await stores.users.get(session.accountId, session.userId);
  if (user?.status !== 'active') return null;
  return {
    accountId: session.accountId, name: `user:${user.id}`, by: { kind: 'user', userId: user.id, sessionId: session.id },
    grants: await grantsOfUser(stores, session.accountId, user.id),
  };
}
