import {
  digestMatches, digestUriMatches, formatChallenge, parseAuthorization, type DigestCredentials,
} from '../domain/auth/digest.js';
import { checkNonce, makeNonce } from '../domain/auth/nonce.js';
import type { Account, DigestAlgorithm } from '../domain/identity/account.js';
import type { Device, DeviceHa1 } from '../domain/device/device.js';
import type { Clock } from '../ports/runtime.js';
import type { Directory } from '../ports/directory.js';
import type { HashFunction, KeyedHash, RandomSource } from '../ports/crypto.js';
import type { NonceUse } from '../ports/location-service.js';

/** How long a nonce is good for. Replay state is kept that long; a phone that refreshes sooner saves a round trip. */
export const NONCE_LIFETIME_MS = 600_000;

export interface RequestToAuthenticate {
  readonly account: Account;
  readonly method: string;
  readonly requestUri: string;
  /** The Authorization header's values, several joined with a comma; undefined without. */
  readonly authorization: string | undefined;
  /** User part of the AOR the request is about: its device may have digest algorithms of its own. */
  readonly aorUser: string;
}

export type Authentication =
  | { readonly kind: 'authenticated'; readonly device: Device; readonly nonce: NonceUse }
  /** Values for WWW-Authenticate, one line each; the same bytes but for the nonce whether the user exists or not. */
  | { readonly kind: 'challenge'; readonly challenges: readonly string[] }
  | { readonly kind: 'malformed'; readonly reason: string };

export interface AuthenticateRequest {
  (request: RequestToAuthenticate): Authentication;
  /** A challenge with `stale=true` for a request whose nonce count turned out used (RFC 7616 §3.4.5). */
  again(account: Account, aorUser: string): readonly string[];
}

export interface AuthenticateRequestDeps {
  readonly directory: Pick<Directory, 'deviceByUserName' | 'ha1'>;
  readonly clock: Clock;
  readonly random: Pick<RandomSource, 'token'>;
  readonly mac: KeyedHash;
  readonly hash: HashFunction;
  /** Hosts that name this system besides the account's domain: own addresses, for the `uri` comparison. */
  readonly hostAliases: readonly string[];
}

/** Stands in for the secret of a user that does not exist, so that both answers cost the same work. */
const NOBODY: DeviceHa1 = {
  MD5: '00000000000000000000000000000000',
  'SHA-256': '0000000000000000000000000000000000000000000000000000000000000000',
};

/**
 * Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760) against the directory in memory: no waiting, no round trip.
 * The caller still has to spend the nonce count (`NonceUse`) at the location service, which finds replays.
 */
export function createAuthenticateRequest(deps: AuthenticateRequestDeps): AuthenticateRequest {
  const mac = (text: string): string => deps.mac(text, 16);

  const challenge = (account: Account, aorUser: string, stale: boolean): readonly string[] => {
    const device = deps.directory.deviceByUserName(account.id, aorUser);
    const algorithms = algorithmsFor(account, device);
    const nonce = makeNonce({ at: deps.clock.now(), random: deps.random.token(8), mac });
    return algorithms.map((algorithm) => formatChallenge({ realm: account.sipDomain, nonce, algorithm, stale }));
  };

  const authenticate = (request: RequestToAuthenticate): Authentication => {
    const { account, aorUser } = request;
    const again = (stale: boolean): Authentication => {
      return { kind: 'challenge', challenges: challenge(account, aorUser, stale) };
    };
    if (request.authorization === undefined) return again(false);

    const found = credentialsForRealm(request.authorization, account.sipDomain);
    if (found.kind === 'malformed') return found;
    if (found.kind === 'none') return again(false);
    const credentials = found.credentials;
    if (!digestUriMatches(credentials.uri, request.requestUri, [account.sipDomain, ...deps.hostAliases])) {
      return { kind: 'malformed', reason: 'digest uri is not the Request-URI' };
    }

    const nonce = checkNonce(credentials.nonce, { at: deps.clock.now(), lifetimeMs: NONCE_LIFETIME_MS, mac });
    if (nonce.kind === 'forged') return again(false);
    const device = deps.directory.deviceByUserName(account.id, credentials.username);
    const ha1 = (device === undefined ? undefined : deps.directory.ha1(device.id)) ?? NOBODY;
    const matches = digestMatches(credentials, { method: request.method, ha1, hash: deps.hash });
    if (!matches || device === undefined || ha1 === NOBODY) return again(false);
    const { algorithm } = credentials;
    if (algorithm === null || !algorithmsFor(account, device).includes(algorithm)) return again(false);
    // RFC 7616 §3.3: stale only where the digest itself was right.
    if (nonce.kind === 'expired') return again(true);
    const use = { nonce: credentials.nonce, count: credentials.nc ?? 0, expiresAt: nonce.expiresAt };
    return { kind: 'authenticated', device, nonce: use };
  };

  return Object.assign(authenticate, {
    again: (account: Account, aorUser: string) => challenge(account, aorUser, true),
  });
}

function algorithmsFor(account: Account, device: Device | undefined): readonly DigestAlgorithm[] {
  return device?.digestAlgorithms ?? account.policy.digestAlgorithms;
}

type Found =
  | { readonly kind: 'found'; readonly credentials: DigestCredentials }
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed'; readonly reason: string };

/** RFC 3261 §22.2: a request may carry credentials for several realms; ours count. */
function credentialsForRealm(header: string, realm: string): Found {
  for (const value of splitCredentials(header)) {
    const parsed = parseAuthorization(value);
    if (parsed.kind === 'malformed') return parsed;
    if (parsed.credentials.realm === realm) return { kind: 'found', credentials: parsed.credentials };
  }
  return { kind: 'none' };
}

/** Cuts joined Authorization lines before each scheme word that follows a comma outside quotes. */
function splitCredentials(header: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < header.length; i += 1) {
    const char = header[i];
    if (quoted && char === '\\') i += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === ',' && /^,\s*digest\s/i.test(header.slice(i, i + 16))) {
      parts.push(header.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(header.slice(start));
  return parts.map((part) => part.trim());
}
