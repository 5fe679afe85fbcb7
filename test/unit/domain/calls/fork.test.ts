import fc from 'fast-check';
import t from 'tap';
import { forkStep, startFork, type ForkEffect, type ForkEvent, type ForkState } from '../../../../src/domain/calls/fork.js';

function play(branches: readonly string[], events: readonly ForkEvent[]): { readonly state: ForkState; readonly effects: readonly ForkEffect[] } {
  let state = startFork(branches);
  const effects: ForkEffect[] = [];
  for (const event of events) {
    const step = forkStep(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const ringing = (branch: string, status = 180): ForkEvent => ({ kind: 'provisional', branch, status });
const answered = (branch: string): ForkEvent => ({ kind: 'answered', branch });
const failed = (branch: string, status: number): ForkEvent => ({ kind: 'failed', branch, status });
const cancel = (branch: string, reason: Extract<ForkEffect, { kind: 'cancel' }>['reason']): ForkEffect => ({ kind: 'cancel', branch, reason });
const relay = (status: number, withSdp: boolean): ForkEffect => ({ kind: 'relay-provisional', status, withSdp });
const answer = (branch: string): ForkEffect => ({ kind: 'answer', branch });
const late = (branch: string): ForkEffect => ({ kind: 'end-late-answer', branch });
const fail = (status: number, cause: Extract<ForkEffect, { kind: 'fail' }>['cause'] = 'all-failed'): ForkEffect => ({ kind: 'fail', status, cause });

const ROWS: readonly (readonly [name: string, branches: readonly string[], events: readonly ForkEvent[], effects: readonly ForkEffect[]])[] = [
  ['one phone: early media passes', ['a'], [{ kind: 'trying', branch: 'a' }, ringing('a'), ringing('a', 183), answered('a')], [relay(180, true), relay(183, true), answer('a')]],
  ['100 and 199 stay here', ['a'], [ringing('a', 100), ringing('a', 199)], []],
  ['several phones: one 180 without SDP', ['a', 'b'], [ringing('a'), ringing('b')], [relay(180, false)]],
  ['several phones: 183 becomes 180', ['a', 'b'], [ringing('a', 183), ringing('b', 180)], [relay(180, false)]],
  ['the first answer wins, the others are cancelled', ['a', 'b', 'c'], [ringing('a'), answered('b')],
    [relay(180, false), answer('b'), cancel('a', 'completed-elsewhere'), cancel('c', 'completed-elsewhere')]],
  ['an answer that crosses the CANCEL is ended', ['a', 'b'], [answered('a'), answered('b')], [answer('a'), cancel('b', 'completed-elsewhere'), late('b')]],
  ['a 487 after the CANCEL changes nothing', ['a', 'b'], [answered('a'), failed('b', 487)], [answer('a'), cancel('b', 'completed-elsewhere')]],
  ['the winner\'s 2xx again changes nothing', ['a'], [answered('a'), answered('a')], [answer('a')]],
  ['a late answer again changes nothing', ['a', 'b'], [answered('a'), answered('b'), answered('b')], [answer('a'), cancel('b', 'completed-elsewhere'), late('b')]],
  ['RFC 3261 §16.7 step 6: the best failure when all have failed', ['a', 'b'], [failed('a', 486), failed('b', 408)], [fail(486)]],
  ['one failure of several is no end', ['a', 'b'], [failed('a', 486)], []],
  ['an answer after another\'s failure', ['a', 'b'], [failed('a', 486), answered('b')], [answer('b')]],
  ['RFC 3261 §16.7 step 5: 6xx ends all', ['a', 'b'], [ringing('b'), failed('a', 603)], [relay(180, false), cancel('b', 'declined-everywhere'), fail(603, 'declined-everywhere')]],
  ['an answer after a 6xx is ended', ['a', 'b'], [failed('a', 600), answered('b')], [cancel('b', 'declined-everywhere'), fail(600, 'declined-everywhere'), late('b')]],
  ['the caller\'s CANCEL', ['a', 'b'], [failed('a', 486), { kind: 'caller-cancelled' }], [cancel('b', 'caller-cancelled'), fail(487, 'caller-cancelled')]],
  ['CANCEL after the answer is too late', ['a'], [answered('a'), { kind: 'caller-cancelled' }], [answer('a')]],
  ['an answer after the caller\'s CANCEL is ended', ['a'], [{ kind: 'caller-cancelled' }, answered('a')], [cancel('a', 'caller-cancelled'), fail(487, 'caller-cancelled'), late('a')]],
  ['nobody answers in time', ['a', 'b'], [ringing('a'), { kind: 'ring-timeout' }],
    [relay(180, false), cancel('a', 'ring-timeout'), cancel('b', 'ring-timeout'), fail(480, 'ring-timeout')]],
  ['time-out after the end changes nothing', ['a'], [failed('a', 486), { kind: 'ring-timeout' }], [fail(486)]],
  ['no provisional response after the end', ['a', 'b'], [answered('a'), ringing('b')], [answer('a'), cancel('b', 'completed-elsewhere')]],
  ['a redirect nobody follows counts as unavailable', ['a'], [{ kind: 'redirected', branch: 'a' }], [fail(480)]],
  ['a 302 reported as failure counts as unavailable', ['a'], [failed('a', 302)], [fail(480)]],
  ['a redirect goes on with its own branches', ['a'], [{ kind: 'redirected', branch: 'a', into: ['a1', 'a2'] }, failed('a1', 486), answered('a2')],
    [{ kind: 'start', branch: 'a1' }, { kind: 'start', branch: 'a2' }, answer('a2')]],
  ['a redirect after the end starts nothing', ['a', 'b'], [answered('b'), { kind: 'redirected', branch: 'a', into: ['a1'] }], [answer('b'), cancel('a', 'completed-elsewhere')]],
  ['a redirect to itself counts as unavailable', ['a'], [{ kind: 'redirected', branch: 'a', into: ['a'] }], [fail(480)]],
  ['events of unknown branches change nothing', ['a'], [answered('x'), failed('x', 486)], []],
  ['no response at all is a time-out', ['a'], [failed('a', 0)], [fail(408)]],
];

t.test('the fork', async (t) => {
  for (const [name, branches, events, effects] of ROWS) t.same(play(branches, events).effects, effects, name);
});

const joins = (into: readonly string[], alone = false): ForkEvent => ({ kind: 'joins', into, alone });
const start = (name: string): ForkEffect => ({ kind: 'start', branch: name });
const LATER: readonly (readonly [name: string, branches: readonly string[], awaited: number, events: readonly ForkEvent[], effects: readonly ForkEffect[]])[] = [
  ['who joins rings beside the others', ['a'], 1, [ringing('a'), joins(['b']), answered('b')], [relay(180, false), start('b'), answer('b'), cancel('a', 'completed-elsewhere')]],
  ['or in their place', ['a'], 1, [joins(['b'], true), failed('a', 487), answered('b')], [cancel('a', 'ring-timeout'), start('b'), answer('b')]],
  ['nothing rings any more: the next one does not wait', ['a'], 2, [failed('a', 486), joins(['b']), failed('b', 480)], [{ kind: 'next' }, start('b'), { kind: 'next' }]],
  ['all have failed', ['a'], 1, [failed('a', 486), joins(['b']), failed('b', 404)], [{ kind: 'next' }, start('b'), fail(486)]],
  ['nobody may join', ['a'], 1, [joins([]), failed('a', 486)], [fail(486)]],
  ['nobody may join, and nobody is there', [], 1, [joins([])], [fail(480)]],
  ['whoever joins after the end is not called', ['a'], 1, [answered('a'), joins(['b'])], [answer('a')]],
  ['an answer that crosses its CANCEL is ended', ['a'], 1, [joins(['b'], true), answered('a')], [cancel('a', 'ring-timeout'), start('b'), late('a')]],
];

t.test('branches that join later', async (t) => {
  for (const [name, branches, awaited, events, effects] of LATER) {
    let state = startFork(branches, awaited);
    const all = events.flatMap((each) => {
      const stepped = forkStep(state, each);
      ({ state } = stepped);
      return stepped.effects;
    });
    t.same(all, effects, name);
  }
});

t.test('a fork without distinct branches is a bug', async (t) => {
  t.throws(() => startFork([]), RangeError);
  t.throws(() => startFork(['a', 'a']), RangeError);
});

const BRANCHES = ['a', 'b', 'c', 'd'];
const branch = fc.constantFrom(...BRANCHES, 'e', 'f', 'unknown');
const event: fc.Arbitrary<ForkEvent> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('provisional' as const), branch, status: fc.constantFrom(100, 180, 183, 199) }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('answered' as const), branch }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('failed' as const), branch, status: fc.constantFrom(0, 302, 404, 408, 486, 487, 500, 503, 600, 603) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trying' as const), branch }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('redirected' as const), branch, into: fc.uniqueArray(fc.constantFrom('e', 'f'), { maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('caller-cancelled' as const, 'ring-timeout' as const) }) },
);
const history = fc.record({ branches: fc.uniqueArray(fc.constantFrom(...BRANCHES), { minLength: 1 }), events: fc.array(event, { maxLength: 25 }) });
const isOutcome = ({ kind }: ForkEffect): boolean => kind === 'answer' || kind === 'fail';

t.test('whatever the order of events', async () => {
  fc.assert(fc.property(history, ({ branches, events }) => {
    const started = play(branches, events);
    // Every branch gets its final response in the end: the transaction layer sees to it.
    const finals = [...started.state.branches.keys()].map((name) => failed(name, 487));
    const { state, effects } = play(branches, [...events, ...finals]);

    const outcomes = effects.filter(isOutcome);
    if (outcomes.length !== 1) return false;
    const phases = [...state.branches.values()];
    if (phases.filter((phase) => phase === 'won').length !== (outcomes[0]?.kind === 'answer' ? 1 : 0)) return false;
    if (phases.some((phase) => phase === 'inviting' || phase === 'proceeding' || phase === 'cancelling')) return false;

    // At the outcome itself nobody is left who could still win.
    const until = effects.findIndex(isOutcome);
    for (const name of state.branches.keys()) {
      const own = effects.filter((effect) => 'branch' in effect && effect.branch === name && effect.kind !== 'start').map(({ kind }) => kind);
      if (new Set(own).size !== own.length) return false;
      // One 2xx of a branch is either taken or ended, never both, never neither.
      const sawAnswer = answeredWhileKnown(branches, events, name);
      if (sawAnswer !== (own.includes('answer') || own.includes('end-late-answer'))) return false;
    }
    return effects.slice(until + 1).every(({ kind }) => kind === 'cancel' || kind === 'end-late-answer');
  }), { numRuns: 5000 });
});

function answeredWhileKnown(branches: readonly string[], events: readonly ForkEvent[], name: string): boolean {
  return events.some((each, index) => each.kind === 'answered' && each.branch === name && play(branches, events.slice(0, index)).state.branches.has(name));
}
