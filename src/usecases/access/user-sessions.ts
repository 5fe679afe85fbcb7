import { WHOLE_ACCOUNT } from '../../domain/access/reach.js';
import { asId, type AccountId, type UserId, type UserSessionId } from '../../domain/ids.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { PinHasher, RandomSource, TokenIssuer } from '../../ports/crypto.js';
import type { SignInWay, UserSession } from '../../ports/sign-in-stores.js';
import { userNotFound } from '../admin/not-found.js';
import { change, type Actor, type ChangeDeps } from '../change.js';
import { done, forbidden, type Outcome } from '../outcome.js';

/** What an access token of a person lives; a new one comes by the refresh token. */
export const USER_TOKEN_SECONDS = 900;
/** A sign-in ends by itself, however often it is refreshed. */
export const USER_SESSION_MS = 12 * 3_600_000;
/** So long after signing in a person counts as just having proved who they are. */
export const FRESH_MS = 10 * 60_000;
/** 32 of 32 symbols: 160 bits. */
const SECRET_LENGTH = 32;

export interface SessionDeps extends ChangeDeps {
  readonly stores: Stores;
  readonly random: RandomSource;
  readonly tokens: TokenIssuer;
  /** Its keyed hash stands for refresh tokens at rest. */
  readonly pinHasher: PinHasher;
}

export interface SessionTokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Counts once: each use gives another one. */
  readonly refreshToken: string;
}

type From = Pick<Actor, 'address' | 'requestId'>;

/**
 * Signs in a person who has proved who they are, `how` they did: the seam of every way to sign in. The token's rights are what the person's
 * roles give, read at each use, and what everybody may do with their own. Refused for people who are not active.
 */
export async function startUserSession(
  deps: SessionDeps, accountId: AccountId, userId: UserId, how: SignInWay, from: From,
): Promise<Outcome<SessionTokens>> {
  const secret = deps.random.token(SECRET_LENGTH);
  const started = await change<UserSession>(deps, { ...from, accountId, name: `user:${userId}`, reach: WHOLE_ACCOUNT }, async (draft) => {
    const user = await draft.stores.users.get(accountId, userId);
    if (user === null) return userNotFound(userId);
    if (user.status !== 'active') return forbidden('This person is not active.');
    const session: UserSession = {
      id: asId<UserSessionId>(draft.newId()), accountId, userId, how, refreshHash: deps.pinHasher.keyOf(accountId, secret), earlierRefreshHash: null,
      address: from.address, createdAt: draft.at, expiresAt: draft.at + USER_SESSION_MS,
    };
    await draft.stores.userSessions.insert(session);
    draft.audit({ aggregate: 'user', id: userId, action: 'sign-in', about: { how, session: session.id } });
    return done(session);
  });
  return started.kind === 'refused' ? started : done(await tokensOf(deps, started.value, secret));
}

/**
 * Another pair of tokens for a refresh token; null for one that does not count. RFC 9700 §4.14.2: each counts once, and one that comes a
 * second time was stolen by somebody, or from somebody: the sign-in ends.
 */
export async function refreshUserSession(deps: SessionDeps, refreshToken: string): Promise<SessionTokens | null> {
  const held = await heldBy(deps, refreshToken);
  if (held === null) return null;
  const { session, hash } = held;
  const secret = deps.random.token(SECRET_LENGTH);
  const user = await deps.stores.users.get(session.accountId, session.userId);
  const rotated = user?.status === 'active' && hash === session.refreshHash
    && await deps.stores.userSessions.rotate(session.id, hash, deps.pinHasher.keyOf(session.accountId, secret));
  if (rotated) return tokensOf(deps, session, secret);
  await deps.stores.userSessions.end(session.id);
  return null;
}

/** Ends the sign-in that an access or refresh token belongs to (RFC 7009 §2.1); whoever has the token may. */
export async function endSessionOfToken(deps: SessionDeps, token: string): Promise<void> {
  const claims = await deps.tokens.verifyUser(token);
  const id = claims === null ? (await heldBy(deps, token))?.session.id : asId<UserSessionId>(claims.sessionId);
  if (id !== undefined) await deps.stores.userSessions.end(id);
}

/** Ends every sign-in of a person; their roles stay, and they may sign in again. */
export async function endSessionsOfUser(deps: ChangeDeps, actor: Actor, userId: UserId): Promise<Outcome<null>> {
  return change<null>(deps, actor, async (draft) => {
    if (await draft.stores.users.get(draft.accountId, userId) === null) return userNotFound(userId);
    await draft.stores.userSessions.endOf(userId);
    draft.audit({ aggregate: 'user', id: userId, action: 'sign-out-everywhere', about: {} });
    return done(null);
  });
}

/** The sign-in that a refresh token names, where the token is its present one or the one before. */
async function heldBy(deps: SessionDeps, refreshToken: string): Promise<{ readonly session: UserSession; readonly hash: string } | null> {
  const [id = '', secret = ''] = refreshToken.split('.');
  const session = await deps.stores.userSessions.get(asId<UserSessionId>(id));
  if (session === null || session.expiresAt <= deps.clock.now()) return null;
  const hash = deps.pinHasher.keyOf(session.accountId, secret);
  return hash === session.refreshHash || hash === session.earlierRefreshHash ? { session, hash } : null;
}

async function tokensOf(deps: SessionDeps, { id, accountId, userId, expiresAt }: UserSession, secret: string): Promise<SessionTokens> {
  const expiresInSeconds = Math.max(1, Math.min(USER_TOKEN_SECONDS, Math.floor((expiresAt - deps.clock.now()) / 1000)));
  const accessToken = await deps.tokens.issueForUser({ userId, accountId, sessionId: id }, expiresInSeconds);
  return { accessToken, expiresInSeconds, refreshToken: `${id}.${secret}` };
}
