import { asId, type ScimTokenId } from '../../domain/ids.js';
import type { ApiClient } from '../../ports/access-stores.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { HashFunction } from '../../ports/crypto.js';
import type { Clock } from '../../ports/runtime.js';
import type { ScimToken } from '../../ports/scim-stores.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { findApiClient } from '../admin/api-clients.js';
import { moreThan } from '../admin/giving-roles.js';
import type { Permission } from '../admin/roles.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';

/** Tells these tokens from others, and finds them where they were left lying. */
const PREFIX = 'cbscim_';
/** 40 of 32 symbols: 200 bits, so that a plain hash is enough. */
const LENGTH = 40;
const MOST = 10;
const USE_NOTED_MS = 5 * 60_000;

/** All that such a token opens, whatever its client's role allows besides. */
export const SCIM_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>(['scim:read', 'scim:write']);

export function isScimToken(text: string): boolean {
  return text.startsWith(PREFIX);
}

export interface NewScimToken {
  readonly token: ScimToken;
  /** In the clear, for this one answer. */
  readonly secret: string;
}

type TokenDeps = AdminDeps & { readonly digestHash: HashFunction };

/** Makes a token of an API client; `days` null = it never ends by itself. Refused to those who may not use SCIM themselves. */
export async function createScimToken(
  deps: TokenDeps, actor: Actor, clientId: string, wanted: { readonly name: string; readonly days: number | null }, may: ReadonlySet<Permission>,
): Promise<Outcome<NewScimToken>> {
  const more = moreThan(may, SCIM_PERMISSIONS);
  if (more !== null) return more;
  const secret = PREFIX + deps.random.token(LENGTH);
  return change(deps, actor, async (draft) => {
    const client = await findApiClient(draft.stores, draft.accountId, clientId);
    if (client.kind === 'refused') return client;
    if ((await draft.stores.scimTokens.of(client.value.id)).length >= MOST) {
      return refused('conflict', 'clientId', `A client has at most ${MOST} SCIM tokens. Revoke one first.`, clientId);
    }
    const token: ScimToken = {
      id: asId<ScimTokenId>(draft.newId()), accountId: draft.accountId, clientId: client.value.id, name: wanted.name,
      tokenHash: deps.digestHash('sha256', secret), generation: client.value.generation, createdAt: draft.at,
      expiresAt: wanted.days === null ? null : draft.at + wanted.days * 86_400_000, lastUsedAt: null,
    };
    await draft.stores.scimTokens.insert(token);
    draft.note({ aggregate: 'scim_token', id: token.id, change: 'created', action: 'add-scim-token', before: null, after: shown(token) });
    return done({ token, secret });
  });
}

export async function revokeScimToken(deps: AdminDeps, actor: Actor, clientId: string, tokenId: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const client = await findApiClient(draft.stores, draft.accountId, clientId);
    if (client.kind === 'refused') return client;
    const token = (await draft.stores.scimTokens.of(client.value.id)).find(({ id }) => id === tokenId);
    if (token === undefined) return refused('not-found', 'tokenId', 'The client has no SCIM token with this id.', tokenId);
    await draft.stores.scimTokens.delete(client.value.id, token.id);
    draft.note({ aggregate: 'scim_token', id: token.id, change: 'deleted', action: 'revoke-scim-token', before: shown(token), after: null });
    return done(null);
  });
}

function shown({ id, name, clientId, expiresAt }: ScimToken) {
  return { id, name, clientId, expiresAt };
}

/** The client behind a token that counts; null for any other. Its use is noted to some minutes. */
export async function clientOfScimToken(
  { stores, clock, hash }: { readonly stores: Stores; readonly clock: Clock; readonly hash: HashFunction }, text: string,
): Promise<ApiClient | null> {
  const token = await stores.scimTokens.byHash(hash('sha256', text));
  const now = clock.now();
  if (token === null || (token.expiresAt !== null && token.expiresAt <= now)) return null;
  const client = await stores.apiClients.get(token.clientId);
  if (client === null || client.disabled || client.generation !== token.generation) return null;
  if (now - (token.lastUsedAt ?? 0) > USE_NOTED_MS) await stores.scimTokens.used(token.id, now);
  return client;
}
