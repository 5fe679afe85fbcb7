import fc from 'fast-check';
import t from 'tap';
import {
  EMERGENCY_PROGRESS_MS, FIRST_RESPONSE_MS, huntStep, PROGRESS_MS, startHunt, type HuntEffect, type HuntEvent, type HuntRules,
} from '../../../../src/domain/calls/hunt.js';

const NORMAL: HuntRules = { emergency: false, hearsTrying: true };
const EMERGENCY: HuntRules = { emergency: true, hearsTrying: true };
const failed = (route: number, status: number): HuntEvent => ({ kind: 'failed', route, status });
const provisional = (route: number, status: number): HuntEvent => ({ kind: 'provisional', route, status });
const say = (effect: HuntEffect): string => {
  switch (effect.kind) {
    case 'watch': return `watch ${effect.route} ${effect.ms}`;
    case 'fail': return `fail ${effect.cause} ${effect.status}`;
    case 'relay-provisional': return `relay ${effect.status}`;
    case 'cancel': return `cancel ${effect.route} ${effect.reason}`;
    default: return `${effect.kind} ${effect.route}`;
  }
};
/** What is done at all these events, watches left out. */
function play(rules: HuntRules, routes: number, ...events: readonly HuntEvent[]): readonly string[] {
  const first = startHunt(routes, rules);
  const done = [...first.effects];
  events.reduce((state, event) => {
    const step = huntStep(state, event);
    done.push(...step.effects);
    return step.state;
  }, first.state);
  return done.filter(({ kind }) => kind !== 'watch').map(say);
}

t.test('call policy rule 11: what leads on and what is final', async (t) => {
  for (const status of [0, 403, 408, 488, 500, 503, 504, 599, 302, 401, 407]) {
    t.same(play(NORMAL, 2, failed(0, status)), ['try 0', 'try 1'], `${status} leads to the next`);
  }
  for (const status of [400, 402, 404, 410, 480, 484, 486, 600, 603]) {
    t.same(play(NORMAL, 2, failed(0, status)), ['try 0', `fail refused ${status}`], `${status} is final`);
    t.same(play(EMERGENCY, 2, failed(0, status)), ['try 0', 'try 1'], `${status} of an emergency call leads on`);
  }
  t.same(play(NORMAL, 2, provisional(0, 183), failed(0, 503)), ['try 0', 'relay 183', 'fail refused 503'], 'after an 18x nothing leads on');
  t.same(play(EMERGENCY, 2, provisional(0, 180), failed(0, 486)), ['try 0', 'relay 180', 'try 1'], 'but for emergency calls');
  t.same(play(NORMAL, 1, failed(0, 503)), ['try 0', 'fail exhausted 0']);
  t.same(play(NORMAL, 2, failed(0, 488), failed(1, 503)), ['try 0', 'try 1', 'fail exhausted 488'], 'a codec that somebody did not take is worth telling');
  t.same(play(EMERGENCY, 1, failed(0, 486)), ['try 0', 'fail refused 486'], 'the last word of the called side');
});

t.test('call policy rule 11: time', async (t) => {
  const watches = (rules: HuntRules, ...events: readonly HuntEvent[]): readonly string[] => {
    const first = startHunt(2, rules);
    const all = [...first.effects];
    events.reduce((state, event) => {
      const step = huntStep(state, event);
      all.push(...step.effects);
      return step.state;
    }, first.state);
    return all.filter(({ kind }) => kind === 'watch').map(say);
  };
  t.same(watches(NORMAL, { kind: 'trying', route: 0 }), [`watch 0 ${FIRST_RESPONSE_MS}`, `watch 0 ${PROGRESS_MS}`], '4 s for any response, 20 s with 100 alone');
  t.same(watches(EMERGENCY, { kind: 'trying', route: 0 }), [`watch 0 ${FIRST_RESPONSE_MS}`, `watch 0 ${EMERGENCY_PROGRESS_MS}`], '8 s in an emergency');
  t.same(watches({ ...NORMAL, hearsTrying: false }), [`watch 0 ${PROGRESS_MS}`], 'without knowing of a 100, silence has to be waited for');
  t.same(watches(NORMAL, provisional(0, 180)), [`watch 0 ${FIRST_RESPONSE_MS}`, 'watch 0 0'], 'after an 18x no time is set');
  t.same(play(NORMAL, 2, { kind: 'late', route: 0 }), ['try 0', 'cancel 0 silent', 'try 1']);
  t.same(play(NORMAL, 2, provisional(0, 180), { kind: 'late', route: 0 }), ['try 0', 'relay 180'], 'nor does one that comes late count');
});

t.test('races', async (t) => {
  t.same(play(NORMAL, 2, { kind: 'late', route: 0 }, { kind: 'answered', route: 0 }), ['try 0', 'cancel 0 silent', 'try 1', 'end-late-answer 0'], 'a 200 of an attempt given up');
  t.same(play(NORMAL, 2, { kind: 'caller-cancelled' }, { kind: 'answered', route: 0 }), ['try 0', 'cancel 0 caller-cancelled', 'fail caller-cancelled 0', 'end-late-answer 0'], 'a 200 that crosses the CANCEL');
  t.same(play(EMERGENCY, 2, { kind: 'caller-cancelled' }, failed(0, 487)), ['try 0', 'cancel 0 caller-cancelled', 'fail caller-cancelled 0'], "the caller's CANCEL ends an emergency call too");
  t.same(play(NORMAL, 2, { kind: 'answered', route: 0 }, { kind: 'answered', route: 0 }, { kind: 'caller-cancelled' }), ['try 0', 'answer 0'], 'an answered call is no longer hunted');
  t.same(play(NORMAL, 2, provisional(0, 180), { kind: 'ring-timeout' }), ['try 0', 'relay 180', 'cancel 0 ring-timeout', 'fail ring-timeout 0']);
  t.throws(() => startHunt(0, NORMAL), RangeError);
});

t.test('whatever comes in whatever order: one outcome, no attempt twice', async () => {
  const route = fc.integer({ min: 0, max: 2 });
  const event: fc.Arbitrary<HuntEvent> = fc.oneof(
    fc.record({ kind: fc.constantFrom('trying' as const, 'answered' as const, 'late' as const), route }),
    fc.record({ kind: fc.constantFrom('provisional' as const), route, status: fc.constantFrom(100, 180, 183, 199) }),
    fc.record({ kind: fc.constantFrom('failed' as const), route, status: fc.constantFrom(0, 302, 403, 404, 486, 488, 503, 603) }),
    fc.record({ kind: fc.constantFrom('caller-cancelled' as const, 'ring-timeout' as const) }),
  );
  fc.assert(fc.property(fc.boolean(), fc.array(event, { maxLength: 20 }), (emergency, events) => {
    const done = play({ emergency, hearsTrying: true }, 3, ...events);
    const outcomes = done.filter((what) => /^(?:answer|fail) /.test(what)).length;
    const tries = done.filter((what) => what.startsWith('try '));
    return outcomes <= 1 && new Set(tries).size === tries.length && done.lastIndexOf('try 0') === 0;
  }), { numRuns: 500 });
});
