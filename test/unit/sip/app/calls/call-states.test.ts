import t from 'tap';
import { callStep, type CallHappening, type CallPhase } from '../../../../../sip/app/calls/call-states.js';

const PHASES: readonly CallPhase[] = ['routing', 'ringing', 'answering', 'up', 'ended'];
const EVENTS: readonly CallHappening[] = [
  { kind: 'refused', reason: 'unknown-number' }, { kind: 'ring' }, { kind: 'answered' }, { kind: 'fork-failed', status: 486, cause: 'all-failed' }, { kind: 'hunt-failed', status: 0, cause: 'exhausted' },
  { kind: 'connected' }, { kind: 'caller-cancelled' }, { kind: 'caller-gone', cause: 'caller-hangup' }, { kind: 'callee-gone', cause: 'callee-hangup' },
  { kind: 'stop', cause: 'admin' }, { kind: 'connection-lost' },
];

interface Row {
  readonly rule: string;
  readonly from: CallPhase;
  readonly event: CallHappening;
  readonly to: CallPhase;
  readonly effects: readonly string[];
  readonly end?: { readonly cause: string; readonly status: number };
}

const ROWS: readonly Row[] = [
  { rule: 'a decision to ring', from: 'routing', event: { kind: 'ring' }, to: 'ringing', effects: ['fork'] },
  { rule: 'a refusal', from: 'routing', event: { kind: 'refused', reason: 'unknown-number' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'refused', status: 404 } },
  { rule: 'an answer', from: 'ringing', event: { kind: 'answered' }, to: 'answering', effects: ['answer-caller'] },
  { rule: 'both legs stand', from: 'answering', event: { kind: 'connected' }, to: 'up', effects: ['bridge'] },
  { rule: 'busy keeps the phone\'s status', from: 'ringing', event: { kind: 'fork-failed', status: 600, cause: 'all-failed' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'busy', status: 600 } },
  { rule: 'unreachable is 480, not 408', from: 'ringing', event: { kind: 'fork-failed', status: 408, cause: 'all-failed' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'failed', status: 480 } },
  { rule: 'no gateway takes it', from: 'ringing', event: { kind: 'hunt-failed', status: 0, cause: 'exhausted' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'failed', status: 503 } },
  { rule: 'no gateway takes its codecs', from: 'ringing', event: { kind: 'hunt-failed', status: 488, cause: 'exhausted' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'failed', status: 488 } },
  { rule: 'busy in the network', from: 'ringing', event: { kind: 'hunt-failed', status: 486, cause: 'refused' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'busy', status: 486 } },
  { rule: "a trunk's own words stay with us", from: 'ringing', event: { kind: 'hunt-failed', status: 402, cause: 'refused' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'failed', status: 500 } },
  { rule: 'ring time over', from: 'ringing', event: { kind: 'fork-failed', status: 480, cause: 'ring-timeout' }, to: 'ended', effects: ['refuse', 'end'], end: { cause: 'no-answer', status: 480 } },
  { rule: 'the caller cancels while phones ring: no response of ours, the edge gave it', from: 'ringing', event: { kind: 'caller-cancelled' }, to: 'ended', effects: ['cancel-fork', 'end'], end: { cause: 'cancelled', status: 487 } },
  { rule: 'the caller cancels while the 200 is on its way', from: 'answering', event: { kind: 'caller-cancelled' }, to: 'ended', effects: ['bye-callee', 'end'], end: { cause: 'cancelled', status: 487 } },
  { rule: 'the callee hangs up before the caller is connected: answered, and over', from: 'answering', event: { kind: 'callee-gone', cause: 'callee-hangup' }, to: 'ended', effects: ['bridge', 'bye-caller', 'end'], end: { cause: 'callee-hangup', status: 200 } },
  { rule: 'the caller hangs up', from: 'up', event: { kind: 'caller-gone', cause: 'caller-hangup' }, to: 'ended', effects: ['bye-callee', 'end'], end: { cause: 'caller-hangup', status: 200 } },
  { rule: 'the callee hangs up', from: 'up', event: { kind: 'callee-gone', cause: 'callee-hangup' }, to: 'ended', effects: ['bye-caller', 'end'], end: { cause: 'callee-hangup', status: 200 } },
  { rule: 'an administrator ends the call', from: 'up', event: { kind: 'stop', cause: 'admin' }, to: 'ended', effects: ['bye-caller', 'bye-callee', 'end'], end: { cause: 'admin', status: 200 } },
  { rule: 'an administrator ends a ringing call', from: 'ringing', event: { kind: 'stop', cause: 'admin' }, to: 'ended', effects: ['cancel-fork', 'refuse', 'end'], end: { cause: 'admin', status: 480 } },
  { rule: 'a stop while it rings is 503', from: 'ringing', event: { kind: 'stop', cause: 'shutdown' }, to: 'ended', effects: ['cancel-fork', 'refuse', 'end'], end: { cause: 'shutdown', status: 503 } },
  { rule: 'the connection is lost: nothing can be sent', from: 'up', event: { kind: 'connection-lost' }, to: 'ended', effects: ['end'], end: { cause: 'flow-lost', status: 200 } },
];

for (const { rule, from, event, to, effects, end } of ROWS) {
  t.test(rule, (t) => {
    const step = callStep(from, event);
    t.equal(step.phase, to);
    t.same(step.effects.map(({ kind }) => kind), effects);
    if (end !== undefined) t.match(step.effects.at(-1), { kind: 'end', ...end });
    t.end();
  });
}

t.test('whatever happens, a call ends once and stays ended', (t) => {
  for (const event of EVENTS) t.same(callStep('ended', event), { phase: 'ended', effects: [] }, event.kind);
  for (const phase of PHASES) {
    for (const event of EVENTS) {
      const step = callStep(phase, event);
      const ends = step.effects.filter(({ kind }) => kind === 'end').length;
      t.equal(ends, step.phase === 'ended' && phase !== 'ended' ? 1 : 0, `${phase} × ${event.kind}`);
    }
  }
  t.end();
});
