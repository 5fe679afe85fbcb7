import t from 'tap';
import { linkStep, type LinkEvent, type LinkState } from '../../../../src/storage/redis/link-state.js';

const ROWS: readonly (readonly [rule: string, state: LinkState, event: LinkEvent, next: LinkState, effects: readonly string[]])[] = [
  ['a new connection is tried before it is trusted', 'closed', 'connected', 'silent', ['probe']],
  ['an answer makes it usable', 'silent', 'probe-answered', 'up', ['announce-up']],
  ['no answer: tried again', 'silent', 'probe-failed', 'silent', ['probe']],
  ['one command without an answer stops all others', 'up', 'timed-out', 'silent', ['announce-away', 'probe']],
  ['so does a probe', 'up', 'probe-failed', 'silent', ['announce-away', 'probe']],
  ['a closed connection is an outage at once', 'up', 'disconnected', 'closed', ['announce-away']],
  ['an outage is announced once: further time-outs', 'silent', 'timed-out', 'silent', []],
  ['an outage is announced once: closing after silence', 'silent', 'disconnected', 'closed', []],
  ['the answer of an old connection proves nothing', 'closed', 'probe-answered', 'closed', []],
  ['answers while up change nothing', 'up', 'probe-answered', 'up', []],
];

for (const [rule, state, event, next, effects] of ROWS) {
  t.test(rule, async (t) => t.same(linkStep(state, event), { state: next, effects }));
}
