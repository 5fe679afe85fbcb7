import type { EndCause } from '../../../src/domain/calls/call-event.js';
import { asId, type CallRecordId } from '../../../src/domain/ids.js';
import type { Account } from '../../../src/domain/identity/account.js';
import { REASONS, type Reason } from '../../../src/domain/reasons.js';
import type { CallDecision } from '../../../src/domain/routing/call-decision.js';
import { isForward, type CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { IdSource } from '../../../src/ports/runtime.js';
import { forwardedCall } from '../../../src/usecases/call-parties.js';
import type { SendingOn } from '../../../src/usecases/forwarding/gather-forward-facts.js';
import type { SendOn } from '../../../src/usecases/place-call.js';
import { beginStory, type CallStory, type CallStoryDeps } from './call-story.js';

type OutcomeOf<Kind extends CallDecision['outcome']['kind']> = Extract<CallDecision['outcome'], { readonly kind: Kind }>;

/** A call to the telephone network that comes of one that was sent on: with facts, places and a record of its own. */
export interface SentOutside {
  readonly facts: CallFacts;
  readonly outcome: OutcomeOf<'dial-trunk'>;
  readonly story: Pick<CallStory, 'legs' | 'hold' | 'answered' | 'answeringTrunk'>;
  /** Idempotent. */
  end(cause: EndCause, reason: Reason | null, status: number): void;
}

export type SentOn =
  | { readonly kind: 'inside'; readonly outcome: OutcomeOf<'ring'> | OutcomeOf<'forward'> }
  | { readonly kind: 'outside'; readonly call: SentOutside }
  /** The caller is told what had become of the call before: what somebody may not call is none of the caller's business. */
  | { readonly kind: 'refused' };

/** Sends a call on, by a decision of its own. */
export type SendCallOn = (wanted: Pick<SendingOn, 'forwarder' | 'because' | 'to' | 'via' | 'hopsLeft'>) => Promise<SentOn>;

export interface SendOnDeps extends CallStoryDeps {
  readonly sendOn: SendOn;
  readonly ids: IdSource;
}

export function createSendCallOn(
  deps: SendOnDeps, call: { readonly id: CallRecordId; readonly account: Account; readonly facts: CallFacts; readonly sipCallId: string },
): SendCallOn {
  return async (wanted) => {
    const { account, facts: before } = call;
    const placed = await deps.sendOn({ account, facts: before, ...wanted });
    if (placed.kind === 'gone') return { kind: 'refused' };
    const { facts, decision: { outcome }, hold } = placed;
    const outside = facts.dialled.kind === 'number' && facts.calledNumber === null;
    const begin = (): CallStory => {
      const forwarded = isForward(facts) ? forwardedCall(facts.source, call.id) : undefined;
      return beginStory(deps, asId<CallRecordId>(deps.ids.next()), facts, call.sipCallId, hold.byTrunk, forwarded);
    };
    switch (outcome.kind) {
      case 'ring':
      case 'forward': return { kind: 'inside', outcome };
      case 'dial-trunk': {
        hold.keep();
        const story = begin();
        let open = true;
        const end: SentOutside['end'] = (cause, reason, status) => {
          if (!open) return;
          open = false;
          hold.release();
          story.ended(cause, reason, status);
        };
        return { kind: 'outside', call: { facts, outcome, story, end } };
      }
      case 'reject': {
        // Who may not call there has the refusal among the own calls.
        if (outside) begin().ended('refused', outcome.reason, REASONS[outcome.reason].sip);
        return { kind: 'refused' };
      }
      case 'run-feature': return { kind: 'refused' };
    }
  };
}
