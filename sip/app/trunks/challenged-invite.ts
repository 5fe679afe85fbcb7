import type { SipHeaders, SrfRequest, SrfResponse } from 'drachtio-srf';
import { answerChallenge, parseChallenges } from '../../../src/domain/auth/answer-challenge.js';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { HashFunction, RandomSource } from '../../../src/ports/crypto.js';
import type { TrunkSecrets } from '../../../src/ports/trunks.js';

/** Who we are to trunks that ask. */
export interface TrunkCredentials {
  readonly secrets: TrunkSecrets;
  readonly random: Pick<RandomSource, 'token'>;
  readonly hash: HashFunction;
}

export interface ChallengedInvite {
  readonly trunk: Trunk;
  /** The request as it was sent. */
  readonly sent: SrfRequest;
  readonly uri: string;
  readonly body: string;
}

const CNONCE_CHARACTERS = 16;

/**
 * Headers of the INVITE that answers a 401 or 407 (RFC 3261 §22.2): same Call-ID and From, CSeq one higher. Null where the
 * trunk has no password, or where the challenge names a realm that is not the trunk's own: our secret answers to nobody else.
 */
export async function credentialsFor(
  { secrets, random, hash }: TrunkCredentials, { trunk, sent, uri, body }: ChallengedInvite, response: SrfResponse,
): Promise<SipHeaders | null> {
  const { authentication } = trunk;
  if (authentication.kind === 'address') return null;
  const proxy = response.status === 407;
  const challenge = response.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
  if (challenge === undefined) return null;
  const { realm, userName } = authentication;
  const own = parseChallenges(challenge).filter((each) => realm === '' || each.realm === realm);
  const password = own.length === 0 ? null : await secrets.password(trunk.id);
  if (password === null) return null;
  const value = answerChallenge(own, { method: 'INVITE', uri, body, userName, password, cnonce: random.token(CNONCE_CHARACTERS), hash });
  const cseq = Number(/^\d+/.exec(sent.get('CSeq') ?? '')?.[0] ?? 0);
  const callId = sent.get('Call-ID');
  const from = sent.get('From');
  if (value === null || callId === undefined || from === undefined) return null;
  return { 'Call-ID': callId, 'From': from, 'CSeq': `${cseq + 1} INVITE`, [proxy ? 'Proxy-Authorization' : 'Authorization']: value };
}
