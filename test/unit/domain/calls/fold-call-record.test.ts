import t from 'tap';
import type { AccountId, CallRecordId, DeviceId, HotDeskSessionId } from '../../../../src/domain/ids.js';
import { asId } from '../../../../src/domain/ids.js';
import type { CallEvent, CallLeg, CallParty, CallRecord } from '../../../../src/domain/calls/call-event.js';
import { foldCallRecord } from '../../../../src/domain/calls/fold-call-record.js';

const base = { callId: asId<CallRecordId>('call-1'), accountId: asId<AccountId>('account-1') };
const device = asId<DeviceId>('device-2');
const party: CallParty = { extensionId: null, extensionNumber: '1001', userId: null, deviceId: null, siteId: null, name: 'Ann', number: '', hotDeskSessionId: null };
const leg: CallLeg = { deviceId: device, contactUri: 'sip:b@h', startedAt: 1, ringingAt: 2, answeredAt: 3, endedAt: null, status: 200, result: 'answered' };

const attempted: CallEvent = {
  ...base, kind: 'attempted', at: 1000, nodeId: 'n1', sipCallId: 'abc', direction: 'internal', dialled: '1002', caller: party,
  callee: { ...party, name: 'Ben' }, emergency: false,
};
const answered: CallEvent = { ...base, kind: 'answered', at: 4000, legDeviceId: device };
const session = asId<HotDeskSessionId>('session-1');
const guestAnswered: CallEvent = { ...base, kind: 'answered', at: 4000, legDeviceId: device, legHotDeskSessionId: session };
const ended: CallEvent = { ...base, kind: 'ended', at: 9000, cause: 'caller-hangup', reason: null, status: 200, legs: [leg], holdMs: 700 };
const lost: CallEvent = { ...base, kind: 'ended', at: 8000, cause: 'lost', reason: null, status: 200, legs: [], holdMs: 0 };
const refused: CallEvent = { ...base, kind: 'ended', at: 1001, cause: 'refused', reason: 'unknown-number', status: 404, legs: [], holdMs: 0 };

const whole: Partial<CallRecord> = { startedAt: 1000, answeredAt: 4000, endedAt: 9000, cause: 'caller-hangup', status: 200, answeredBy: device, legs: [leg], holdMs: 700 };
const ROWS: readonly (readonly [string, readonly CallEvent[], Partial<CallRecord> | null])[] = [
  ['a call begins with its attempt', [attempted], { id: base.callId, nodeId: 'n1', dialled: '1002', startedAt: 1000, answeredAt: null, endedAt: null, cause: null, legs: [] }],
  ['answered and ended', [attempted, answered, ended], whole],
  ['every event twice changes nothing', [attempted, attempted, answered, answered, ended, ended], whole],
  ['a second answer or end changes nothing', [attempted, answered, { ...answered, at: 5000, legDeviceId: null }, ended, { ...ended, at: 9999, cause: 'admin' }], whole],
  ['the called side is the phone that answered', [attempted, answered], { callee: { ...party, name: 'Ben', deviceId: device } }],
  ['and the session under which it rang', [attempted, guestAnswered], { callee: { ...party, name: 'Ben', deviceId: device, hotDeskSessionId: session } }],
  ['the first answer\'s session stays', [attempted, guestAnswered, guestAnswered, answered], { callee: { ...party, name: 'Ben', deviceId: device, hotDeskSessionId: session } }],
  ['an answer by no phone leaves the called side as it is', [attempted, { ...answered, legDeviceId: null }], { callee: { ...party, name: 'Ben' } }],
  ['a refused call has its reason', [attempted, refused], { answeredAt: null, endedAt: 1001, cause: 'refused', reason: 'unknown-number', status: 404 }],
  ['closed as lost', [attempted, answered, lost], { cause: 'lost', endedAt: 8000 }],
  ['the true end replaces lost', [attempted, answered, lost, ended], whole],
  ['lost never replaces the true end', [attempted, answered, ended, lost], whole],
  ['an answer told after the end still counts', [attempted, ended, answered], { answeredAt: 4000, endedAt: 9000 }],
  ['nothing begins without an attempt', [answered], null],
  ['nor by an end', [ended], null],
];

t.test('folding', async (t) => {
  for (const [name, events, expected] of ROWS) {
    const record = events.reduce<CallRecord | null>(foldCallRecord, null);
    if (expected === null) t.equal(record, null, name);
    else t.match(record, expected, name);
  }
});

t.test('an event of another call is a bug', async (t) => {
  const record = foldCallRecord(null, attempted);
  t.throws(() => foldCallRecord(record, { ...answered, callId: asId<CallRecordId>('call-2') }), RangeError);
});
