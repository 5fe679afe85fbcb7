/** Calls that are over, written as the call path writes them, for tests of what is told of calls. */
import { asId, type CallRecordId } from '../../src/domain/ids.js';
import type { CallEvent, CallLeg, CallParty, EndCause } from '../../src/domain/calls/call-event.js';
import { createCallRecordSink } from '../../src/storage/postgres/call-record-sink.js';
import type { ApiOffice } from './api-office.js';

export const NO_PARTY: CallParty = {
  extensionId: null, extensionNumber: '', userId: null, deviceId: null, siteId: null, name: '', number: '', hotDeskSessionId: null,
};

export interface PastCall {
  readonly at: number;
  readonly caller: CallParty;
  readonly callee: CallParty;
  readonly direction?: 'internal' | 'outbound' | 'inbound';
  readonly dialled?: string;
  readonly emergency?: boolean;
  /** Seconds until the answer; null = nobody answered. Default 2. */
  readonly answeredAfter?: number | null;
  /** Seconds from start to end; null = still up. Default 12. */
  readonly endedAfter?: number | null;
  readonly cause?: EndCause;
}

let stream = 0;

/** Folds the calls into records; gives their ids in the same order. */
export async function pastCalls(office: ApiOffice, calls: readonly PastCall[]): Promise<readonly CallRecordId[]> {
  const made = calls.map((call) => ({ id: asId<CallRecordId>(office.deps.ids.next()), call }));
  const entries = made.flatMap(({ id, call }) => eventsOf(office, id, call)).map((event) => ({ streamId: `7-${++stream}`, event }));
  await createCallRecordSink(office.database).fold(entries);
  return made.map(({ id }) => id);
}

function eventsOf(office: ApiOffice, callId: CallRecordId, call: PastCall): readonly CallEvent[] {
  const { at, caller, callee, answeredAfter = 2, endedAfter = 12, cause = 'caller-hangup' } = call;
  const base = { callId, accountId: office.account.id };
  const answeredAt = answeredAfter === null ? null : at + answeredAfter * 1000;
  const endedAt = endedAfter === null ? null : at + endedAfter * 1000;
  const leg: readonly CallLeg[] = callee.deviceId === null ? [] : [{
    deviceId: callee.deviceId, contactUri: 'sip:x@192.0.2.9', startedAt: at, ringingAt: at, answeredAt, endedAt, status: answeredAt === null ? 480 : 200,
    result: answeredAt === null ? 'no-answer' : 'answered',
  }];
  return [
    {
      ...base, kind: 'attempted', at, nodeId: 'n', sipCallId: `${callId}@phone`, direction: call.direction ?? 'internal', caller, callee,
      dialled: call.dialled ?? (callee.extensionNumber || callee.number), emergency: call.emergency ?? false,
    },
    ...(answeredAt === null ? [] : [{ ...base, kind: 'answered' as const, at: answeredAt, legDeviceId: callee.deviceId }]),
    ...(endedAt === null ? [] : [{ ...base, kind: 'ended' as const, at: endedAt, cause, reason: null, status: 200, holdMs: 0, legs: leg }]),
  ];
}

/** A phone user as a side of a call, on the phone given. */
export async function partyOf(office: ApiOffice, email: string, deviceId: CallParty['deviceId'] = null): Promise<CallParty> {
  const { json } = await office.expect(200, 'GET', `/v2/phone/users/${email}`);
  const user = await office.expect(200, 'GET', `/v2/users/${email}`);
  return {
    ...NO_PARTY, extensionId: json.extension_id, extensionNumber: String(json.extension_number), userId: json.id, siteId: json.site_id, deviceId,
    name: user.json.display_name || `${user.json.first_name} ${user.json.last_name}`,
  };
}
