import { answerChallenge, parseChallenges } from '../../domain/auth/answer-challenge.js';
import type { Trunk } from '../../domain/trunk/trunk.js';
import type { HashFunction, RandomSource } from '../../ports/crypto.js';
import type { TrunkSecrets } from '../../ports/trunks.js';

export interface TrunkChallenge {
  /** Value of WWW-Authenticate or Proxy-Authenticate, as it came from the trunk's own gateway on our own request. */
  readonly header: string;
  readonly method: string;
  /** Request-URI of the request that carries the answer. */
  readonly uri: string;
  readonly body: string;
}

export type TrunkAnswer =
  /** Value of Authorization or Proxy-Authorization; `stale` tells that only the nonce was too old. */
  | { readonly kind: 'answer'; readonly value: string; readonly stale: boolean }
  /** Nothing of ours may go there: one sentence why. */
  | { readonly kind: 'none'; readonly why: string };

/** Answers a challenge of a trunk's peer with the trunk's own credentials, for its own realm only. */
export type AnswerTrunkChallenge = (trunk: Trunk, challenge: TrunkChallenge) => Promise<TrunkAnswer>;

export interface TrunkCredentialDeps {
  readonly secrets: TrunkSecrets;
  readonly random: Pick<RandomSource, 'token'>;
  readonly hash: HashFunction;
}

const CNONCE_LENGTH = 24;

export function createAnswerTrunkChallenge({ secrets, random, hash }: TrunkCredentialDeps): AnswerTrunkChallenge {
  return async ({ id, authentication }, { header, method, uri, body }) => {
    if (authentication.kind === 'address') return { kind: 'none', why: 'The peer asks for a password, and the trunk has none.' };
    const all = parseChallenges(header);
    const own = authentication.realm === '' ? all : all.filter(({ realm }) => realm === authentication.realm);
    if (own.length === 0) {
      const asked = all.map(({ realm }) => `"${realm}"`).join(', ');
      return { kind: 'none', why: all.length === 0 ? 'The challenge cannot be read.' : `The peer asks for the realm ${asked}, not "${authentication.realm}".` };
    }
    const password = await secrets.password(id);
    if (password === null) return { kind: 'none', why: 'The trunk has no password.' };
    const value = answerChallenge(own, { method, uri, body, userName: authentication.userName, password, cnonce: random.token(CNONCE_LENGTH), hash });
    return value === null ? { kind: 'none', why: 'The peer asks for an algorithm that is not known here.' } : { kind: 'answer', value, stale: own.some(({ stale }) => stale) };
  };
}
