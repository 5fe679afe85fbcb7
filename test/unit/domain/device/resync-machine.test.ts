import t from 'tap';
import { asId, type AccountId, type DeviceId } from '../../../../src/domain/ids.js';
import {
  BACKOFF_MS, CALL_POLL_MS, LEASE_MS, REGISTRATION_POLL_MS, SETTLE_MS, bestAnswer, resyncStep, wantedResync, type DeviceResync, type ResyncEvent,
} from '../../../../src/domain/device/resync-machine.js';

const wish = wantedResync({ deviceId: asId<DeviceId>('d'), accountId: asId<AccountId>('a'), fence: 7, byPerson: false }, 1000);
const sent = resyncStep(wish, { kind: 'send' }, 3000, 0);
const AT = 10_000;

t.match(wish, { state: 'pending', attempts: 0, nextAt: 1000 + SETTLE_MS });
t.match(sent, { state: 'sent', attempts: 1, nextAt: 3000 + LEASE_MS });

t.test('each step', async (t) => {
  const answered = (status: number, retryAfterMs: number | null = null): ResyncEvent => ({ kind: 'answered', status, retryAfterMs });
  for (const [rule, from, event, expected] of [
    ['not registered: looked at again, no attempt', wish, { kind: 'unregistered' }, { state: 'pending', waitsFor: 'registration', attempts: 0, nextAt: AT + REGISTRATION_POLL_MS }],
    ['in a call', wish, { kind: 'in-call' }, { state: 'pending', waitsFor: 'call-end', nextAt: AT + CALL_POLL_MS }],
    ['the call is over: settles first', { ...wish, waitsFor: 'call-end' }, { kind: 'unblocked' }, { waitsFor: null, nextAt: AT + SETTLE_MS }],
    ['label does not change', wish, { kind: 'not-needed' }, { state: 'not-needed', nextAt: null }],
    ['no edge is no attempt', sent, { kind: 'unsent' }, { state: 'pending', waitsFor: 'retry', attempts: 0 }],
    ['200', sent, answered(200), { state: 'confirmed', lastStatus: 200, nextAt: null }],
    ['202', sent, answered(202), { state: 'confirmed', lastStatus: 202 }],
    ['401 left after our answer', sent, answered(401), { state: 'failed', lastStatus: 401, nextAt: null }],
    ['481: no such subscription', sent, answered(481), { state: 'failed', lastStatus: 481 }],
    ['489: bad event', sent, answered(489), { state: 'failed', lastStatus: 489 }],
    ['501 will not pass', sent, answered(501), { state: 'failed', lastStatus: 501 }],
    ['603', sent, answered(603), { state: 'failed', lastStatus: 603 }],
    ['silence', sent, { kind: 'unanswered' }, { state: 'pending', waitsFor: 'retry', lastStatus: 408, nextAt: AT + 5_000 }],
    ['408 of the edge', sent, answered(408), { state: 'pending', nextAt: AT + 5_000 }],
    ['486', sent, answered(486), { state: 'pending', nextAt: AT + 5_000 }],
    ['500', sent, answered(500), { state: 'pending', nextAt: AT + 5_000 }],
    ['503 with Retry-After', sent, answered(503, 42_000), { state: 'pending', lastStatus: 503, nextAt: AT + 42_000 }],
    ['Retry-After shorter than the backoff', sent, answered(503, 1_000), { nextAt: AT + 5_000 }],
    ['Retry-After of a year', sent, answered(503, 3e10), { nextAt: AT + 300_000 }],
    ['the fourth NOTIFY was the last', { ...sent, attempts: 4 }, answered(503), { state: 'failed', lastStatus: 503, nextAt: null }],
    ['an end stays', { ...sent, state: 'confirmed', nextAt: null }, answered(500), { state: 'confirmed', nextAt: null }],
  ] as readonly (readonly [string, DeviceResync, ResyncEvent, Partial<DeviceResync>])[]) {
    t.match(resyncStep(from, event, AT, 0), expected, rule);
  }
  t.equal(BACKOFF_MS.length, 3);
  t.equal(resyncStep(sent, { kind: 'unanswered' }, AT, 1).nextAt, AT + 6_250, 'spread by a quarter');
});

t.test('of several contacts the best answer counts', async (t) => {
  const no = { kind: 'answered', status: 489 } as const;
  const later = { kind: 'answered', status: 503 } as const;
  const yes = { kind: 'answered', status: 200 } as const;
  t.same(bestAnswer([no, later, yes]), yes);
  t.same(bestAnswer([no, later]), later);
  t.same(bestAnswer([no, { kind: 'unanswered' }]), { kind: 'unanswered' });
  t.same(bestAnswer([{ kind: 'unsent' }, no]), no);
  t.equal(bestAnswer([]), undefined);
});
