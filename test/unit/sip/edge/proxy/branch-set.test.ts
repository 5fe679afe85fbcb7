import t from 'tap';
import { bestResponse } from '../../../../../sip/edge/proxy/best-response.js';
import { isOpen, stepBranch, type BranchEvent, type BranchState } from '../../../../../sip/edge/proxy/branch.js';
import { newBranchSet, stepBranchSet, type BranchSet, type SetEvent } from '../../../../../sip/edge/proxy/branch-set.js';
import { duration } from '../../../../../sip/edge/proxy/duration.js';

type Row = readonly [rule: string, state: BranchState, event: BranchEvent, next: BranchState, effects: readonly string[]];

const rows: readonly Row[] = [
  ['§16.6 steps 10, 11: sent, C started', 'waiting', 'start', 'calling', ['start-provisional', 'start-C', 'send-request']],
  ['a target not tried yet is just left out', 'waiting', 'withdraw', 'skipped', []],
  ['§16.7 step 5: a 100 is not forwarded', 'calling', 'receive-100', 'proceeding', ['stop-provisional']],
  ['§16.7 steps 2, 5: 1xx restarts C and is forwarded', 'calling', 'receive-1xx', 'proceeding', ['stop-provisional', 'start-C', 'forward']],
  ['§16.7 step 5: 2xx is forwarded at once', 'calling', 'receive-2xx', 'succeeded', ['stop-provisional', 'stop-C', 'forward', 'tell-success']],
  ['§16.7 step 5: a failure is kept', 'calling', 'receive-failure', 'failed', ['stop-provisional', 'stop-C', 'tell-failure']],
  ['§16.9: silence and faults are failures', 'calling', 'no-answer', 'failed', ['stop-provisional', 'stop-C', 'tell-failure']],
  ['provisional timeout: given up, no CANCEL yet', 'calling', 'timer-provisional', 'unheard', ['stop-C', 'tell-failure']],
  ['§16.8: C without provisional counts as 408', 'calling', 'timer-C', 'unheard', ['stop-provisional', 'tell-failure']],
  ['§9.1: no CANCEL before a provisional', 'calling', 'withdraw', 'unheard', ['stop-provisional', 'stop-C']],
  ['§16.7 step 2: a 100 does not restart C', 'proceeding', 'receive-100', 'proceeding', []],
  ['§16.7 step 2: every other 1xx does', 'proceeding', 'receive-1xx', 'proceeding', ['start-C', 'forward']],
  ['§16.8: C after a provisional cancels', 'proceeding', 'timer-C', 'canceling', ['send-cancel', 'start-guard']],
  ['§16.7 step 10: a pending branch is cancelled', 'proceeding', 'withdraw', 'canceling', ['stop-C', 'send-cancel', 'start-guard']],
  ['§9.1: CANCEL as soon as the provisional comes', 'unheard', 'receive-1xx', 'withdrawn', ['send-cancel']],
  ['§9.1: a 100 will do', 'unheard', 'receive-100', 'withdrawn', ['send-cancel']],
  ['§16.7 step 5: a 2xx goes up from a branch given up', 'unheard', 'receive-2xx', 'succeeded', ['forward', 'tell-success']],
  ['its failure replaces the 408', 'unheard', 'receive-failure', 'failed', ['tell-failure']],
  ['one CANCEL is enough', 'withdrawn', 'receive-1xx', 'withdrawn', []],
  ['§16.7 step 5: a 2xx that crossed the CANCEL goes up', 'canceling', 'receive-2xx', 'succeeded', ['stop-guard', 'forward', 'tell-success']],
  ['a cancelled branch ends with its 487', 'canceling', 'receive-failure', 'failed', ['stop-guard', 'tell-failure']],
  ['a cancelled branch rings no more', 'canceling', 'receive-1xx', 'canceling', []],
  ['§9.1: 64*T1 after the CANCEL it is over', 'canceling', 'timer-guard', 'failed', ['abandon', 'tell-failure']],
  ['§16.7 step 5: 2xx of another fork', 'succeeded', 'receive-2xx', 'succeeded', ['forward']],
  ['nothing follows a failure', 'failed', 'receive-2xx', 'failed', []],
];

const STATES: readonly BranchState[] = [
  'waiting', 'calling', 'proceeding', 'unheard', 'withdrawn', 'canceling', 'succeeded', 'failed', 'skipped',
];
const EVENTS: readonly BranchEvent[] = [
  'start', 'receive-100', 'receive-1xx', 'receive-2xx', 'receive-failure', 'no-answer',
  'timer-provisional', 'timer-C', 'timer-guard', 'withdraw',
];

t.test('one branch (RFC 3261 §16)', (t) => {
  for (const [rule, state, event, next, effects] of rows) t.strictSame(stepBranch(state, event), { state: next, effects }, rule);
  for (const state of STATES) {
    for (const event of EVENTS) {
      const { state: next, effects } = stepBranch(state, event);
      if (isOpen(state) && !isOpen(next)) {
        t.ok(effects.some((effect) => effect.startsWith('tell-')) || event === 'withdraw', `${state}, ${event}: nobody waits for a branch that is over`);
      }
      if (!isOpen(state) && state !== 'waiting') t.notOk(isOpen(next), `${state}, ${event}: does not open again`);
    }
  }
  t.end();
});

/** Effects in short: `0 send-request`, `best`, `finish`. Timers are left out. */
function run(set: BranchSet, events: readonly SetEvent[]): { readonly set: BranchSet; readonly did: readonly (readonly string[])[] } {
  const did = events.map((event) => {
    const step = stepBranchSet(set, event);
    set = step.set;
    return step.effects.flatMap((effect) => {
      if (effect.kind === 'branch') return /^(start|stop)-/.test(effect.effect) ? [] : [`${effect.id} ${effect.effect}`];
      return [effect.kind === 'finish' ? 'finish' : effect.canceled ? 'best or 487' : 'best or 408'];
    });
  });
  return { set, did };
}
const begin: SetEvent = { kind: 'begin' };
const cancel: SetEvent = { kind: 'cancel' };
const on = (id: number, event: BranchEvent, status?: number, redirects?: readonly string[]): SetEvent =>
  ({ kind: 'branch', id, event, ...(status === undefined ? {} : { status }), ...(redirects === undefined ? {} : { redirects }) });
const failed = (id: number, status: number): SetEvent => on(id, 'receive-failure', status);

const stories: readonly (readonly [rule: string, order: BranchSet['order'], targets: number, events: readonly SetEvent[], did: readonly (readonly string[])[]])[] = [
  ['serial: the next one after a failure', 'serial', 2, [begin, failed(0, 486), failed(1, 404)],
    [['0 send-request'], ['1 send-request'], ['best or 408', 'finish']]],
  ['serial: the next one after the provisional timeout, the first is cancelled when it wakes up', 'serial', 2,
    [begin, on(0, 'timer-provisional'), on(1, 'receive-1xx'), on(0, 'receive-1xx'), failed(0, 487), on(1, 'receive-2xx')],
    [['0 send-request'], ['1 send-request'], ['1 forward'], ['0 send-cancel'], [], ['1 forward', 'finish']]],
  ['serial: a late failure starts nothing while another one is open', 'serial', 3, [begin, on(0, 'timer-provisional'), failed(0, 500)],
    [['0 send-request'], ['1 send-request'], []]],
  ['serial: the next one after Timer C, when the cancelled one is over', 'serial', 2, [begin, on(0, 'receive-1xx'), on(0, 'timer-C'), failed(0, 487)],
    [['0 send-request'], ['0 forward'], ['0 send-cancel'], ['1 send-request']]],
  ['simultaneous: the first 2xx cancels the others, a later 2xx goes up too', 'simultaneous', 3,
    [begin, on(0, 'receive-1xx'), on(1, 'receive-1xx'), on(1, 'receive-2xx'), on(0, 'receive-2xx'), failed(2, 486)],
    [['0 send-request', '1 send-request', '2 send-request'], ['0 forward'], ['1 forward'], ['1 forward', '0 send-cancel', 'finish'], ['0 forward'], []]],
  ['simultaneous: the best failure when all have failed', 'simultaneous', 2, [begin, failed(0, 486), failed(1, 503)],
    [['0 send-request', '1 send-request'], [], ['best or 408', 'finish']]],
  ['§16.7 step 5: 6xx starts nothing more', 'serial', 3, [begin, failed(0, 603)], [['0 send-request'], ['best or 408', 'finish']]],
  ['§16.7 step 5: 6xx cancels the others and waits for them', 'simultaneous', 2, [begin, on(0, 'receive-1xx'), failed(1, 603), failed(0, 487)],
    [['0 send-request', '1 send-request'], ['0 forward'], ['0 send-cancel'], ['best or 408', 'finish']]],
  ['§16.7 step 5: a 2xx that comes after a 6xx goes up', 'simultaneous', 2, [begin, on(0, 'receive-1xx'), failed(1, 603), on(0, 'receive-2xx')],
    [['0 send-request', '1 send-request'], ['0 forward'], ['0 send-cancel'], ['0 forward', 'finish']]],
  ['drachtio §11: 401 stops a serial search', 'serial', 2, [begin, failed(0, 401)], [['0 send-request'], ['best or 408', 'finish']]],
  ['drachtio §11: 407 lets open branches go on', 'simultaneous', 2, [begin, failed(0, 407), on(1, 'receive-2xx')],
    [['0 send-request', '1 send-request'], [], ['1 forward', 'finish']]],
  ['§16.10: CANCEL goes to branches that rang; their 487 is the answer', 'simultaneous', 2, [begin, on(0, 'receive-1xx'), cancel, failed(0, 487)],
    [['0 send-request', '1 send-request'], ['0 forward'], ['0 send-cancel'], ['best or 487', 'finish']]],
  ['§16.10: nobody rang: 487 at once, CANCEL when one does', 'serial', 2, [begin, cancel, on(0, 'receive-1xx')],
    [['0 send-request'], ['best or 487', 'finish'], ['0 send-cancel']]],
  ['§16.10: a 2xx that crossed the CANCEL goes up', 'serial', 1, [begin, on(0, 'receive-1xx'), cancel, on(0, 'receive-2xx')],
    [['0 send-request'], ['0 forward'], ['0 send-cancel'], ['0 forward', 'finish']]],
  ['no answer at all: 408', 'serial', 1, [begin, on(0, 'no-answer')], [['0 send-request'], ['best or 408', 'finish']]],
  ['a second CANCEL does nothing', 'serial', 1, [begin, on(0, 'receive-1xx'), cancel, cancel], [['0 send-request'], ['0 forward'], ['0 send-cancel'], []]],
  ['a CANCEL after the end does nothing', 'serial', 1, [begin, on(0, 'receive-2xx'), cancel], [['0 send-request'], ['0 forward', 'finish'], []]],
  ['redirection: tried before the other destinations', 'serial', 2, [begin, on(0, 'receive-failure', 302, ['sip:c', 'sip:d']), failed(2, 486), failed(3, 486)],
    [['0 send-request'], ['2 send-request'], ['3 send-request'], ['1 send-request']]],
  ['redirection: all contacts at once when simultaneous', 'simultaneous', 1, [begin, on(0, 'receive-failure', 302, ['sip:c', 'sip:d'])],
    [['0 send-request'], ['1 send-request', '2 send-request']]],
  ['§16.5: a target known already is not tried again', 'serial', 1, [begin, on(0, 'receive-failure', 302, ['sip:t0'])],
    [['0 send-request'], ['best or 408', 'finish']]],
];

t.test('all branches (RFC 3261 §16.7)', (t) => {
  for (const [rule, order, targets, events, did] of stories) {
    const set = newBranchSet(order, Array.from({ length: targets }, (_, n) => `sip:t${n}`));
    t.strictSame(run(set, events).did, did, rule);
  }
  t.end();
});

t.test('what a branch stands for in the choice of the best', (t) => {
  const followed = run(newBranchSet('serial', ['sip:a']), [begin, on(0, 'receive-failure', 302, ['sip:b']), failed(1, 486)]).set;
  t.strictSame(followed.branches.map((branch) => branch.status), [undefined, 486], '§16.7 step 4: a followed redirection is left out');
  t.strictSame(followed.branches.map((branch) => branch.redirected), [false, true]);
  const silent = run(newBranchSet('serial', ['sip:a', 'sip:b']), [begin, on(0, 'timer-provisional'), failed(1, 500)]).set;
  t.strictSame(silent.branches.map((branch) => branch.status), [408, 500], '§16.8: silence is a 408');
  t.equal(run(newBranchSet('serial', ['sip:a']), [begin]).set.phase, 'searching');
  t.end();
});

t.test('redirections end', (t) => {
  let set = stepBranchSet(newBranchSet('serial', ['sip:0']), begin).set;
  let sent = 1;
  for (let id = 0; id < 100; id += 1) {
    const step = stepBranchSet(set, on(id, 'receive-failure', 302, [`sip:${id + 1}`]));
    set = step.set;
    if (step.effects.some((effect) => effect.kind === 'branch' && effect.effect === 'send-request')) sent += 1;
  }
  t.equal(sent, 32);
  t.equal(set.phase, 'failed');
  t.end();
});

t.test('the best failure (RFC 3261 §16.7 step 6)', (t) => {
  const rows: readonly (readonly [rule: string, statuses: readonly (number | undefined)[], best: number])[] = [
    ['none', [], -1],
    ['branches without a status', [undefined, undefined], -1],
    ['6xx before all', [404, 401, 603, 500], 2],
    ['the first of several 6xx', [600, 603], 0],
    ['3xx before 4xx', [404, 302], 1],
    ['4xx before 5xx', [503, 404], 1],
    ['401 before other 4xx', [404, 401], 1],
    ['407', [486, 407], 1], ['415', [486, 415], 1], ['420', [486, 420], 1], ['484', [486, 484], 1],
    ['busy before silence', [408, 486], 1],
    ['busy before the echo of a CANCEL', [487, 486], 1],
    ['silence before 5xx', [500, 408], 1],
    ['the first of equals', [486, 404], 0],
  ];
  for (const [rule, statuses, best] of rows) t.equal(bestResponse(statuses), best, rule);
  t.end();
});

t.test('durations', (t) => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['2s', 2_000], ['1500ms', 1_500], [' 2s ', 2_000], ['', undefined], ['2', undefined], ['0s', undefined], ['2m', undefined],
    ['-2s', undefined], ['1.5s', undefined], ['9999999999s', undefined],
  ];
  for (const [text, milliseconds] of rows) t.equal(duration(text), milliseconds, JSON.stringify(text));
  t.end();
});
