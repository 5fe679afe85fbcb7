import { isFromDevice, type CallFacts, type DeviceCallFacts } from '../../../src/domain/routing/call-facts.js';
import { deskLanguage } from '../../../src/domain/hotdesk/prompt-language.js';
import { REASONS, type Reason } from '../../../src/domain/reasons.js';
import type { Log } from '../../../src/ports/runtime.js';
import { CallerMedia, type MediaDeps } from '../feature-codes/caller-media.js';
import { flowOf } from '../steps/flow-of.js';
import { refusalAnswer, sendAnswer, type Answer } from '../steps/answer.js';
import { aorOf } from '../syntax/aor.js';
import { headerOf } from '../syntax/header.js';
import { sdpOf } from '../syntax/sdp-of.js';
import type { CallAttempt } from './call.js';

/** What says to callers why they are refused; without it they get the status alone. */
export interface SpokenRefusals {
  readonly media: MediaDeps;
  /** Whether the account and the phone's site want it. */
  readonly wanted: (facts: DeviceCallFacts) => boolean;
}

export interface RefusalDeps {
  readonly spoken: SpokenRefusals | undefined;
  readonly log: Log;
}

/** RFC 3960 in spirit: early media for so long at most, then the refusal itself. */
export const LONGEST_REFUSAL_MS = 10_000;

/**
 * Refuses a call: with the reason's prompt as early media (183 with SDP, never a 200) and then the status, or with the status at once. Calls
 * for help and callers that were given a description already are never kept waiting by a prompt.
 * @param described whether an SDP went to the caller before
 */
export function refuseCall(deps: RefusalDeps, attempt: Pick<CallAttempt, 'id' | 'request' | 'response' | 'facts'>, reason: Reason, status: number, described: boolean): void {
  const { facts, response } = attempt;
  const answer = refusalFor(facts, reason, status);
  const { prompt } = REASONS[reason];
  const { spoken } = deps;
  const silent = prompt === null || spoken === undefined || described || facts.dialled.kind === 'emergency' || !isFromDevice(facts) || !spoken.wanted(facts);
  const offer = silent ? null : sdpOf(attempt.request);
  if (silent || offer === null || response.finalResponseSent) return sendAnswer(response, answer);
  speak(spoken, attempt, facts, offer, prompt).catch((error: unknown) => deps.log.warn('refusal not spoken', { callId: attempt.id, err: error }))
    .then(() => sendAnswer(response, answer))
    // The caller's own end, or the connection's: nobody waits for the answer any more.
    .catch((error: unknown) => deps.log.debug('refusal not sent', { callId: attempt.id, err: error }));
}

/** Resolves when the prompt was heard, the caller gave up, or the time is over. */
async function speak(
  { media }: SpokenRefusals, { id, request, response }: Pick<CallAttempt, 'id' | 'request' | 'response'>, facts: DeviceCallFacts, offer: string, prompt: string,
): Promise<void> {
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  request.on('cancel', stop);
  const late = setTimeout(stop, LONGEST_REFUSAL_MS);
  const ref = { callId: headerOf(request, 'call-id') ?? '', fromTag: aorOf(request, 'from')?.tag ?? '', toTag: id };
  try {
    const opening = await CallerMedia.open(media, { ref, address: flowOf(request).address }, offer);
    if (opening.kind === 'refused') return;
    try {
      if (response.finalResponseSent) return;
      response.send(183, undefined, { headers: { 'Content-Type': 'application/sdp' }, body: opening.media.sdp });
      const { endpoint } = opening.media;
      const { done } = endpoint.play([{ id: prompt, language: deskLanguage(facts.source.site, facts.account.policy), accountId: facts.account.id }], { bargeIn: false });
      await Promise.race([done, stopped]);
    } finally {
      opening.media.close();
    }
  } finally {
    clearTimeout(late);
  }
}

/** The final response for a refused call. Outside, the cause is told, and nothing of what is set up here. */
function refusalFor({ source }: CallFacts, reason: Reason, status: number): Answer {
  if (source.kind === 'device') return refusalAnswer(reason, { status });
  return refusalAnswer(reason, { status, headers: { Reason: `Q.850;cause=${REASONS[reason].q850}` } });
}
