import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { Trunk } from '../../../src/domain/trunk/trunk.js';
import type { AnswerTrunkChallenge } from '../../../src/usecases/trunks/trunk-credentials.js';
import type { AnswerInDialog, DialogParty } from '../calls/in-dialog.js';

/**
 * Answers challenges to requests of ours in a call by a trunk, as to its INVITE: our secret goes to nobody but its own realm. Interop: some peers
 * ask for credentials of every request, re-INVITE and BYE too.
 */
export function answersInDialog(answerChallenge: AnswerTrunkChallenge, trunk: Trunk): AnswerInDialog {
  return async (challenge, body) => {
    const proxy = challenge.status === 407;
    const header = challenge.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
    if (header === undefined || challenge.req === undefined) return null;
    const { method, uri } = challenge.req;
    const answer = await answerChallenge(trunk, { header, method, uri, body });
    return answer.kind === 'none' ? null : { [proxy ? 'Proxy-Authorization' : 'Authorization']: answer.value };
  };
}

/** Of a call that a trunk brought. */
export function callerCredentials(trunks: { readonly answerChallenge: AnswerTrunkChallenge } | undefined, { source }: CallFacts): Pick<DialogParty, 'credentials'> {
  return source.kind !== 'trunk' || trunks === undefined ? {} : { credentials: answersInDialog(trunks.answerChallenge, source.trunk) };
}
