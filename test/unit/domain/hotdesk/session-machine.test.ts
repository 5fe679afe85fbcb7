import t from 'tap';
import { asId } from '../../../../src/domain/ids.js';
import type { DeviceId, UserId } from '../../../../src/domain/ids.js';
import { replaySessions } from '../../../../src/domain/hotdesk/replay-sessions.js';
import { sessionStep, type SessionEvent } from '../../../../src/domain/hotdesk/session-machine.js';
import { aSession, aSessionEvent } from '../../../support/hot-desk-samples.js';

const active = aSession();
const draining = aSession({ state: 'draining', cause: 'timeout', drainingSince: 5, endedBy: 'system' });
const ended = aSession({ state: 'ended', cause: 'user', endedAt: 6, endedBy: 'device:desk' });
const end = (inCall: boolean): SessionEvent => ({ kind: 'end', cause: 'admin', inCall, fence: 9, at: 7, actor: 'client:1' });
const callsOver: SessionEvent = { kind: 'calls-over', fence: 9, at: 7, actor: 'system' };

t.test('every state with every event', async (t) => {
  for (const [rule, session, event, changes, effects] of [
    ['ends at once without a call', active, end(false), { state: 'ended', cause: 'admin', fence: 9, endedAt: 7, drainingSince: null, endedBy: 'client:1' }, ['signed_out']],
    ['drains while a call is up', active, end(true), { state: 'draining', cause: 'admin', fence: 9, drainingSince: 7, endedAt: null, endedBy: 'client:1' }, ['draining']],
    ['calls of an active session end nothing', active, callsOver, {}, []],
    ['the cause is fixed when draining begins', draining, end(false), {}, []],
    ['and a call more or less does not matter', draining, end(true), {}, []],
    ['ends with the last call, by whom and for what it drained', draining, callsOver, { state: 'ended', fence: 9, endedAt: 7, cause: 'timeout', endedBy: 'system' }, ['signed_out']],
    ['ended is ended', ended, end(false), {}, []],
    ['and stays so', ended, callsOver, {}, []],
  ] as const) t.same(sessionStep(session, event), { state: { ...session, ...changes }, effects }, rule);
});

t.test('a log replays to the live state and names what it breaks', async (t) => {
  const elsewhere = { deviceId: asId<DeviceId>('other'), userId: asId<UserId>('other') };
  const states = (events: Parameters<typeof replaySessions>[0]) => [...replaySessions(events).sessions.values()].map((one) => `${one.id} ${one.state}`);
  const sound = [
    aSessionEvent(5, 'signed_in', 'b'), aSessionEvent(1, 'signed_in', 'a'), aSessionEvent(2, 'draining', 'a'), aSessionEvent(6, 'signed_out', 'a'),
    aSessionEvent(7, 'signed_in', 'c', elsewhere), aSessionEvent(8, 'signed_out', 'c', elsewhere),
  ];
  t.same(states(sound), ['a ended', 'b active', 'c ended'], 'in the order of the sequence, whatever order it comes in');
  t.same(replaySessions(sound).broken, [], 'the next guest may come while one drains');
  for (const [rule, events, sentence] of [
    ['two guests at a phone', [aSessionEvent(1, 'signed_in', 'a'), aSessionEvent(2, 'signed_in', 'b', { userId: elsewhere.userId })], /second guest/],
    ['two phones of a user', [aSessionEvent(1, 'signed_in', 'a'), aSessionEvent(2, 'signed_in', 'b', { deviceId: elsewhere.deviceId })], /second session/],
    ['two ends', [aSessionEvent(1, 'signed_in', 'a'), aSessionEvent(2, 'signed_out', 'a'), aSessionEvent(3, 'signed_out', 'a')], /signed_out after ended/],
    ['an end without a start', [aSessionEvent(1, 'signed_out', 'a')], /signed_out after nothing/],
    ['two starts', [aSessionEvent(1, 'signed_in', 'a'), aSessionEvent(2, 'signed_out', 'a'), aSessionEvent(3, 'signed_in', 'a')], /signed_in after ended/],
    ['two causes', [aSessionEvent(1, 'signed_in', 'a'), aSessionEvent(2, 'draining', 'a'), aSessionEvent(3, 'signed_out', 'a', { cause: 'idle' })], /two causes/],
  ] as const) t.match(replaySessions(events).broken[0], sentence, rule);
});
