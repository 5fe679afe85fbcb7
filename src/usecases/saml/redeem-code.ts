import type { HashFunction } from '../../ports/crypto.js';
import { startUserSession, type SessionDeps, type SessionTokens } from '../access/user-sessions.js';
import type { Actor } from '../change.js';

export interface ShownCode {
  readonly code: string;
  /** Of RFC 7636; '' where the code was read off a page. */
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/**
 * The session for which a sign-in's code stands; null for one that does not count. It is used up even when what comes with it is wrong (RFC 6749
 * §4.1.2), and a program's code counts only with the verifier of whoever began (RFC 7636 §4.6).
 */
export async function redeemSamlCode(
  deps: SessionDeps & { readonly digestHash: HashFunction }, { code, codeVerifier, redirectUri }: ShownCode, from: Pick<Actor, 'address' | 'requestId'>,
): Promise<SessionTokens | null> {
  const kept = await deps.stores.samlSignIns.takeCode(deps.digestHash('sha256', code), deps.clock.now());
  if (kept === null) return null;
  const challenge = Buffer.from(deps.digestHash('sha256', codeVerifier), 'hex').toString('base64url');
  if (kept.back !== null && (kept.back.redirectUri !== redirectUri || kept.back.codeChallenge !== challenge)) return null;
  const started = await startUserSession(deps, kept.accountId, kept.userId, 'saml', from);
  return started.kind === 'done' ? started.value : null;
}
