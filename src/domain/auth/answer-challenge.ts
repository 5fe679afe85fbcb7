import type { DigestHash } from './digest.js';
import { parseAuthParams } from './auth-params.js';

/** A Digest challenge of somebody else; `realm`, `nonce` and `opaque` are the text between the quotes. */
export interface ReceivedChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  /** As sent; null where the parameter is missing, which means MD5 (RFC 7616 §3.3). */
  readonly algorithm: string | null;
  /** What is offered; empty for the form without qop of RFC 2069. */
  readonly qop: readonly string[];
  readonly stale: boolean;
}

interface KnownAlgorithm {
  readonly hash: 'md5' | 'sha256';
  readonly session: boolean;
}

const ALGORITHMS: ReadonlyMap<string, KnownAlgorithm> = new Map([
  ['MD5', { hash: 'md5', session: false }],
  ['MD5-SESS', { hash: 'md5', session: true }],
  ['SHA-256', { hash: 'sha256', session: false }],
  ['SHA-256-SESS', { hash: 'sha256', session: true }],
]);

/** Longer values are an attack, not a challenge. */
const LONGEST_VALUE = 4_096;
const SCHEME = /(?:^|,)[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]+(?=[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=)/g;

/**
 * The Digest challenges of WWW-Authenticate or Proxy-Authenticate, in order. Several headers may have been joined by commas
 * (RFC 7235 §4.1); other schemes and what cannot be read are left out. Never throws.
 */
export function parseChallenges(value: string): readonly ReceivedChallenge[] {
  if (value.length > LONGEST_VALUE) return [];
  // Quoted texts may hold what looks like a scheme: they are blotted out, at the same length, to find where challenges begin.
  const plain = value.replace(/"(?:[^"\\]|\\.)*"/gs, (quoted) => `"${'x'.repeat(quoted.length - 2)}"`);
  const starts = [...plain.matchAll(SCHEME)];
  return starts.flatMap((match, index) => {
    if (match[1]?.toLowerCase() !== 'digest') return [];
    const params = parseAuthParams(value.slice(match.index + match[0].length, starts[index + 1]?.index));
    if (params.kind === 'malformed') return [];
    const { values } = params;
    const realm = values.get('realm');
    const nonce = values.get('nonce');
    if (realm === undefined || nonce === undefined) return [];
    return [{
      realm, nonce,
      opaque: values.get('opaque') ?? null,
      algorithm: values.get('algorithm') ?? null,
      qop: (values.get('qop') ?? '').split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== ''),
      stale: values.get('stale')?.toLowerCase() === 'true',
    }];
  });
}

export interface ChallengeQuestion {
  readonly method: string;
  /** Request-URI of the request that carries the answer. */
  readonly uri: string;
  readonly body: string;
  readonly userName: string;
  readonly password: string;
  /** Fresh and unforeseeable. */
  readonly cnonce: string;
  readonly hash: DigestHash;
}

/**
 * Value of Authorization or Proxy-Authorization for the first challenge that can be answered (RFC 8760 §2.4: they come best
 * first): MD5 and SHA-256, also with -sess, qop auth before auth-int before none. Null when none can. For the first request of
 * a nonce: nc is 1.
 */
export function answerChallenge(challenges: readonly ReceivedChallenge[], question: ChallengeQuestion): string | null {
  for (const challenge of challenges) {
    const known = ALGORITHMS.get((challenge.algorithm ?? 'MD5').toUpperCase());
    const qop = chosenQop(challenge.qop);
    if (known === undefined || qop === undefined) continue;
    return answered(challenge, known, qop, question);
  }
  return null;
}

/** Null = without qop; undefined = nothing we know is offered. */
function chosenQop(offered: readonly string[]): 'auth' | 'auth-int' | null | undefined {
  if (offered.length === 0) return null;
  if (offered.includes('auth')) return 'auth';
  return offered.includes('auth-int') ? 'auth-int' : undefined;
}

const COUNT = '00000001';

function answered(challenge: ReceivedChallenge, known: KnownAlgorithm, qop: 'auth' | 'auth-int' | null, question: ChallengeQuestion): string {
  const { method, uri, body, userName, password, cnonce } = question;
  const hash = (text: string): string => question.hash(known.hash, text);
  // RFC 7616 §3.4.2: the realm is hashed without its quoted pairs.
  const secret = hash(`${userName}:${challenge.realm.replace(/\\(.)/gs, '$1')}:${password}`);
  const ha1 = known.session ? hash(`${secret}:${challenge.nonce}:${cnonce}`) : secret;
  // RFC 7616 §3.4.3.
  const ha2 = hash(qop === 'auth-int' ? `${method}:${uri}:${hash(body)}` : `${method}:${uri}`);
  const middle = qop === null ? challenge.nonce : `${challenge.nonce}:${COUNT}:${cnonce}:${qop}`;
  const response = hash(`${ha1}:${middle}:${ha2}`);
  return [
    `Digest username="${userName.replace(/["\\]/g, '\\$&')}"`, `realm="${challenge.realm}"`, `nonce="${challenge.nonce}"`, `uri="${uri}"`,
    `response="${response}"`,
    ...(challenge.algorithm === null ? [] : [`algorithm=${challenge.algorithm}`]),
    ...(challenge.opaque === null ? [] : [`opaque="${challenge.opaque}"`]),
    // RFC 7616 §3.4: qop and nc stand without quotes.
    ...(qop === null ? [] : [`qop=${qop}`, `nc=${COUNT}`]),
    ...(qop === null && !known.session ? [] : [`cnonce="${cnonce}"`]),
  ].join(', ');
}
