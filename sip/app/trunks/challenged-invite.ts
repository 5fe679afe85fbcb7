import type { SipHeaders, SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';

export interface ChallengedInvite {
  readonly trunk: Trunk;
  /** The request as it was sent. */
  readonly sent: SrfRequest;
  readonly uri: string;
  readonly body: string;
}

/**
 * Headers of the INVITE that answers a 401 or 407 (RFC 3261 §22.2): same Call-ID and From, CSeq one higher. Null where the
 * trunk has no answer: our secret goes to nobody but its own realm.
 */
export async function credentialsFor(
  answerChallenge: AnswerTrunkChallenge, { trunk, sent, uri, body }: ChallengedInvite, response: SrfResponse,
): Promise<SipHeaders | null> {
  const proxy = response.status === 407;
  const header = response.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
  if (header === undefined) return null;
  const answer = await answerChallenge(trunk, { header, method: 'INVITE', uri, body });
  const cseq = Number(/^\d+/.exec(sent.get('CSeq') ?? '')?.[0] ?? 0);
  const callId = sent.get('Call-ID');
  const from = sent.get('From');
  if (answer.kind === 'none' || callId === undefined || from === undefined) return null;
  return { 'Call-ID': callId, 'From': from, 'CSeq': `${cseq + 1} INVITE`, [proxy ? 'Proxy-Authorization' : 'Authorization']: answer.value };
}
