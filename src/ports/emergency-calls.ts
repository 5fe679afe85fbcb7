import type { CallRecordId } from '../domain/ids.js';
import type { CallFacts } from '../domain/routing/call-facts.js';

/** Tells people that somebody calls for help. Never throws, and the call never waits for it. */
export interface EmergencyCalls {
  placed(call: { readonly callId: CallRecordId; readonly facts: CallFacts; readonly at: number }): void;
}
