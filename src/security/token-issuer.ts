import { randomBytes } from 'node:crypto';
import { SignJWT, jwtVerify, type JWTPayload } from 'jose';
import type { TokenIssuer, UserTokenClaims, VerifiedToken } from '../ports/crypto.js';
import type { Clock } from '../ports/runtime.js';

const ISSUER = 'cordboard';

/** Bearer tokens as HS256 JWTs (RFC 7519), signed with a key only this installation's nodes share. */
export function createTokenIssuer(key: Buffer, clock: Clock): TokenIssuer {
  const sign = (subject: string, claims: JWTPayload, lifetimeSeconds: number): Promise<string> => {
    const now = Math.floor(clock.now() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(subject)
      .setJti(randomBytes(16).toString('base64url'))
      .setIssuedAt(now)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(key);
  };
  const read = async (token: string): Promise<JWTPayload | null> => {
    try {
      return (await jwtVerify(token, key, { algorithms: ['HS256'], issuer: ISSUER, currentDate: new Date(clock.now()) })).payload;
    } catch {
      return null;
    }
  };
  return {
    issue: (claims, lifetimeSeconds) => (
      sign(claims.clientId, { acc: claims.accountId, rol: claims.role, gen: claims.generation }, lifetimeSeconds)),
    async verify(token): Promise<VerifiedToken | null> {
      const { sub, acc, rol, gen, jti = '', exp = 0 } = await read(token) ?? {};
      if (typeof sub !== 'string' || typeof acc !== 'string' || typeof rol !== 'string' || typeof gen !== 'number') return null;
      return { clientId: sub, accountId: acc, role: rol, generation: gen, tokenId: jti, expiresAt: exp * 1000 };
    },
    issueForUser: (claims, lifetimeSeconds) => sign(claims.userId, { acc: claims.accountId, sid: claims.sessionId }, lifetimeSeconds),
    async verifyUser(token): Promise<UserTokenClaims | null> {
      const { sub, acc, sid } = await read(token) ?? {};
      return typeof sub !== 'string' || typeof acc !== 'string' || typeof sid !== 'string' ? null : { userId: sub, accountId: acc, sessionId: sid };
    },
  };
}
