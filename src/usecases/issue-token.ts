import { asId, type ApiClientId } from '../domain/ids.js';
import type { Stores } from '../ports/admin-stores.js';
import type { SecretHasher, TokenIssuer } from '../ports/crypto.js';
import { permissionsOf } from './admin/roles.js';

export const TOKEN_LIFETIME_SECONDS = 3600;

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenDeps {
  readonly stores: Pick<Stores, 'apiClients'>;
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
    const client = await deps.stores.apiClients.get(asId<ApiClientId>(clientId));
    const matches = await deps.hasher.verify(clientSecret, client?.secretHash ?? NO_HASH);
    if (!client || !matches || client.disabled) return { kind: 'refused', reason: 'invalid-client' };
    if (grantType === 'account_credentials' && accountId !== client.accountId) {
      return { kind: 'refused', reason: 'wrong-account' };
    }
    const claims = {
      clientId: client.id, accountId: client.accountId, role: client.role, generation: client.generation,
    };
    const token = await deps.tokens.issue(claims, TOKEN_LIFETIME_SECONDS);
    return { kind: 'done', token, scope: [...permissionsOf(client.role)].join(' ') };
  } finally {
    running -= 1;
  }
}
