import { asId, type ApiClientId } from '../domain/ids.js';
import type { Stores } from '../ports/admin-stores.js';
import type { SecretHasher, TokenIssuer } from '../ports/crypto.js';
import type { Clock } from '../ports/runtime.js';
import type { ApiClient } from '../ports/access-stores.js';
import { roleAllowing } from './admin/phone-roles.js';

export const TOKEN_LIFETIME_SECONDS = 3600;

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenDeps {
  readonly stores: Pick<Stores, 'apiClients' | 'roles' | 'revokedTokens'>;
  readonly clock: Clock;
  readonly hasher: SecretHasher;
  readonly tokens: TokenIssuer;
}

export type TokenRefusal = 'invalid-client' | 'unsupported-grant' | 'wrong-account' | 'busy';
export type TokenResult =
  | { readonly kind: 'done'; readonly token: string; readonly scope: string }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal };

/**
 * Secrets checked at once in this process; each takes tens of milliseconds of work, so a flood of guesses must not
 * queue without end.
 */
const MOST_AT_ONCE = 32;
let running = 0;

/** Verified in place of a hash that is missing, so that an unknown client costs as much as a wrong secret. */
const NO_HASH = 'scrypt$16384$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Exchanges an API client's id and secret for a bearer token (server-to-server, or RFC 6749 §4.4). */
export async function issueToken(
  deps: TokenDeps, { clientId, clientSecret }: ClientCredentials,
  request: { readonly grantType: string; readonly accountId: string | null },
): Promise<TokenResult> {
  const { grantType, accountId } = request;
  if (grantType !== 'account_credentials' && grantType !== 'client_credentials') {
    return { kind: 'refused', reason: 'unsupported-grant' };
  }
  if (running >= MOST_AT_ONCE) return { kind: 'refused', reason: 'busy' };
  running += 1;
  try {
    const client = await knownClient(deps, clientId, clientSecret);
    if (!client) return { kind: 'refused', reason: 'invalid-client' };
    if (grantType === 'account_credentials' && accountId !== client.accountId) {
      return { kind: 'refused', reason: 'wrong-account' };
    }
    const claims = {
      clientId: client.id, accountId: client.accountId, role: client.role, generation: client.generation,
    };
    const token = await deps.tokens.issue(claims, TOKEN_LIFETIME_SECONDS);
    const { permissions } = await roleAllowing(deps.stores, client.accountId, client.role);
    return { kind: 'done', token, scope: [...permissions].join(' ') };
  } finally {
    running -= 1;
  }
}

/** The client with this id whose secret it is, and who may ask for tokens; a rotated secret counts until its time is over. */
async function knownClient(deps: TokenDeps, id: string, secret: string): Promise<ApiClient | null> {
  const client = await deps.stores.apiClients.get(asId<ApiClientId>(id));
  const { earlierSecret } = client ?? {};
  const matches = await deps.hasher.verify(secret, client?.secretHash ?? NO_HASH)
    || (earlierSecret && earlierSecret.until > deps.clock.now() && await deps.hasher.verify(secret, earlierSecret.hash));
  return client && matches && !client.disabled ? client : null;
}

/**
 * Takes one token back (RFC 7009 §2): only a token of the very client that asks. A token that is none, or has ended, is no error
 * (RFC 7009 §2.2).
 */
export async function revokeToken(deps: TokenDeps, { clientId, clientSecret }: ClientCredentials, token: string): Promise<'done' | 'invalid-client' | 'busy'> {
  if (running >= MOST_AT_ONCE) return 'busy';
  running += 1;
  try {
    const client = await knownClient(deps, clientId, clientSecret);
    if (!client) return 'invalid-client';
    const claims = await deps.tokens.verify(token);
    if (claims?.clientId === client.id && claims.tokenId !== '') {
      await deps.stores.revokedTokens.add({ id: claims.tokenId, accountId: client.accountId, clientId: client.id, expiresAt: claims.expiresAt });
    }
    return 'done';
  } finally {
    running -= 1;
  }
}
