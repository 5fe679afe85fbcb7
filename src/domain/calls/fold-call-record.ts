import type { CallEvent, CallRecord } from './call-event.js';

/**
 * One event of a call into its record. Null in means no record yet; null out means that the event cannot begin one.
 * Idempotent: an event folded twice, or a later one of its kind, changes nothing; only a call closed as `lost` takes its true end.
 * Throws RangeError for an event of another call.
 */
export function foldCallRecord(record: CallRecord | null, event: CallEvent): CallRecord | null {
  if (record === null) return event.kind === 'attempted' ? begin(event) : null;
  if (record.id !== event.callId) throw new RangeError(`event of call ${event.callId} for the record of ${record.id}`);
  switch (event.kind) {
    case 'attempted':
      return record;
    case 'answered':
      return record.answeredAt === null ? answer(record, event) : record;
    // Kept beside the record.
    case 'quality':
      return record;
    case 'ended':
      return record.endedAt === null || record.cause === 'lost' ? end(record, event) : record;
  }
}

function begin(event: Extract<CallEvent, { readonly kind: 'attempted' }>): CallRecord {
  const { callId, accountId, nodeId, sipCallId, direction, dialled, caller, callee, emergency, emergencyDesk, forwarded, at } = event;
  return {
    id: callId, accountId, nodeId, sipCallId, direction, dialled, caller, callee, emergency, ...(emergencyDesk === undefined ? {} : { emergencyDesk }),
    ...(forwarded === undefined ? {} : { forwarded }), startedAt: at,
    answeredAt: null, endedAt: null, cause: null, reason: null, status: null, answeredBy: null, legs: [], holdMs: 0,
  };
}

function answer(record: CallRecord, event: Extract<CallEvent, { readonly kind: 'answered' }>): CallRecord {
  const { at, legDeviceId, legHotDeskSessionId = null, legTrunkId = null } = event;
  const deviceId = legDeviceId ?? record.callee.deviceId;
  const callee = { ...record.callee, deviceId, hotDeskSessionId: legHotDeskSessionId, ...(legTrunkId === null ? {} : { trunkId: legTrunkId }) };
  return { ...record, answeredAt: at, answeredBy: legDeviceId, callee };
}

function end(record: CallRecord, event: Extract<CallEvent, { readonly kind: 'ended' }>): CallRecord {
  const { cause, reason, status, legs, holdMs } = event;
  return { ...record, endedAt: event.at, cause, reason, status, legs, holdMs };
}
