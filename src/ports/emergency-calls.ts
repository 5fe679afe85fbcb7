import type { CallRecordId } from '../domain/ids.js';
import type { CallDecision } from '../domain/routing/call-decision.js';
import type { CallFacts } from '../domain/routing/call-facts.js';

export interface PlacedEmergencyCall {
  readonly callId: CallRecordId;
  readonly facts: CallFacts;
  readonly decision: CallDecision;
  readonly at: number;
}

/** Hears of calls for help. Never throws, and the call never waits for it. */
export interface EmergencyCalls {
  placed(call: PlacedEmergencyCall): void;
  ended?(call: Pick<PlacedEmergencyCall, 'facts' | 'at'>): void;
}
