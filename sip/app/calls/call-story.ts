import type { CallParty, EndCause, ForwardedCall } from '../../../src/domain/calls/call-event.js';
import type { CallSide } from '../../../src/domain/calls/call-side.js';
import { recordableDigits } from '../../../src/domain/numbering/dial-plan.js';
import type { MediaEnd } from '../../../src/domain/quality/call-quality.js';
import type { StreamReport } from '../../../src/domain/quality/stream-report.js';
import type { CallFacts } from '../../../src/domain/routing/call-facts.js';
import type { CallRecordId, TrunkId } from '../../../src/domain/ids.js';
import type { Reason } from '../../../src/domain/reasons.js';
import type { CallLog } from '../../../src/ports/call-log.js';
import type { LiveCall } from '../../../src/ports/call-control.js';
import type { Clock } from '../../../src/ports/runtime.js';
import { calleeParty, callerParty, directionOf } from '../../../src/usecases/call-parties.js';
import { emergencyNote } from '../../../src/usecases/desk-emergency.js';
import type { Occupy } from './device-occupancy.js';
import { createHoldClock } from './hold.js';
import { createLegLog, type LegLog } from './leg-log.js';
import type { PhoneTarget } from './ring-target.js';
import type { SentOutside } from './send-on.js';

export interface CallStoryDeps {
  readonly callLog: CallLog;
  readonly clock: Clock;
  readonly nodeId: string;
  /** Says which phones are in a call. */
  readonly occupy: Occupy;
}

/** What is told of a call while it lives: its events for the record, and its line in the list of live calls. */
export interface CallStory {
  readonly legs: LegLog;
  readonly held: boolean;
  hold(side: 'caller' | 'callee', held: boolean): void;
  /** A phone took the call. */
  answering(target: Pick<PhoneTarget, 'device' | 'hotDeskSessionId'>): void;
  /** A trunk took the call. */
  answeringTrunk(trunkId: TrunkId): void;
  /** A number outside took it, by a call of whoever sent it there: what happens from now on is told of that as well. */
  sentOn(call: SentOutside): void;
  /** Both legs stand; where their sound is, unless one of them is ours. */
  answered(ends?: Readonly<Record<CallSide, MediaEnd>>): void;
  /** Somebody told how the call sounds; also after its end. */
  measured(reports: readonly StreamReport[]): void;
  ended(cause: EndCause, reason: Reason | null, status: number): void;
  live(): Omit<LiveCall, 'id' | 'state' | 'emergency'>;
}

/** A real one: 933 and its like only test the way (call policy rule 1). */
export function isEmergencyCall({ dialled }: CallFacts): boolean {
  return dialled.kind === 'emergency' && !dialled.test;
}

/** Begins with `attempted`: every attempt leaves a record, also one that is refused or cancelled at once. */
export function beginStory(
  deps: CallStoryDeps, id: CallRecordId, facts: CallFacts, sipCallId: string, byTrunk?: (trunkId: TrunkId) => void, forwarded?: ForwardedCall,
): CallStory {
  const { callLog, clock, nodeId } = deps;
  const startedAt = clock.now();
  const accountId = facts.account.id;
  const base = { callId: id, accountId } as const;
  const caller: CallParty = callerParty(facts);
  let callee: CallParty = calleeParty(facts);
  const dialled = recordableDigits(facts.dialled, facts.account.policy.featureCodes);
  const legs = createLegLog(deps.occupy, byTrunk);
  // A call to a feature code is no call of the phone: a guest signs out by one.
  const release = facts.dialled.kind === 'feature-code' || facts.source.kind !== 'device' ? () => undefined : deps.occupy(facts.source.device.id);
  const holdClock = createHoldClock();
  let answeredAt: number | null = null;
  let further: SentOutside | null = null;

  callLog.append({
    ...base, kind: 'attempted', at: startedAt, nodeId, sipCallId: sipCallId.slice(0, 256),
    direction: directionOf(facts), dialled, caller, callee, emergency: isEmergencyCall(facts),
    ...(forwarded === undefined ? {} : { forwarded }),
    ...(facts.emergency === undefined ? {} : { emergencyDesk: emergencyNote(facts.emergency) }),
  });
  return {
    legs,
    get held() {
      return holdClock.held;
    },
    hold(side, held) {
      holdClock.set(side, held, clock.now());
      further?.story.hold(side, held);
    },
    sentOn(call) {
      further = call;
    },
    answering({ device, hotDeskSessionId }) {
      callee = { ...callee, deviceId: device.id, hotDeskSessionId };
    },
    answeringTrunk(trunkId) {
      callee = { ...callee, trunkId };
    },
    answered(ends) {
      answeredAt = clock.now();
      further?.story.answered();
      const { deviceId: legDeviceId, hotDeskSessionId: legHotDeskSessionId, trunkId: legTrunkId = null } = callee;
      callLog.append({ ...base, kind: 'answered', at: answeredAt, legDeviceId, legHotDeskSessionId, ...(legTrunkId === null ? {} : { legTrunkId }), ...(ends === undefined ? {} : { ends }) });
    },
    measured: (reports) => callLog.append({ ...base, kind: 'quality', at: clock.now(), reports }),
    ended(cause, reason, status) {
      const at = clock.now();
      further?.end(cause, reason, status);
      const holdMs = holdClock.total(at);
      callLog.append({ ...base, kind: 'ended', at, cause, reason, status, legs: legs.close(at), holdMs });
      release();
    },
    live: () => ({ accountId, caller, callee, dialled, startedAt, answeredAt }),
  };
}
