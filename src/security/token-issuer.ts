import { randomBytes } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import type { TokenIssuer, VerifiedToken } from '../ports/crypto.js';
import type { Clock } from '../ports/runtime.js';

const ISSUER = 'cordboard';

/** Bearer tokens as HS256 JWTs (RFC 7519), signed with a key only this installation's nodes share. */
export function createTokenIssuer(key: Buffer, clock: Clock): TokenIssuer {
  return {
    async issue(claims, lifetimeSeconds) {
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ acc: claims.accountId, rol: claims.role, gen: claims.generation })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(ISSUER)
        .setSubject(claims.clientId)
        .setJti(randomBytes(16).toString('base64url'))
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .sign(key);
    },
    async verify(token): Promise<VerifiedToken | null> {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['HS256'], issuer: ISSUER, currentDate: new Date(clock.now()),
        });
        const { sub, acc, rol, gen, jti = '', exp = 0 } = payload;
        if (typeof sub !== 'string' || typeof acc !== 'string' || typeof rol !== 'string' || typeof gen !== 'number') return null;
        return { clientId: sub, accountId: acc, role: rol, generation: gen, tokenId: jti, expiresAt: exp * 1000 };
      } catch {
        return null;
      }
    },
  };
}
