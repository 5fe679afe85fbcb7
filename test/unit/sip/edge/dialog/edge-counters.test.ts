/** Counters have a bounded set of names, whoever sends what. */
import t from 'tap';
import { EdgeCounters } from '../../../../../sip/edge/dialog/edge-context.js';

t.test('names from the network', (t) => {
  const counters = new EdgeCounters();
  for (let each = 0; each < 1000; each += 1) counters.count(`requests-in MADEUP${each}`);
  counters.count('responses-out MADEUP 501');
  counters.count('requests-in INVITE');
  counters.count('responses-in INVITE 486');
  counters.count('stray-responses 404');
  counters.count('own-byes');
  t.strictSame(Object.fromEntries(counters.values), {
    'requests-in OTHER': 1000, 'responses-out OTHER 501': 1, 'requests-in INVITE': 1, 'responses-in INVITE 486': 1,
    'stray-responses 404': 1, 'own-byes': 1,
  }, 'methods nobody specified share one name');
  t.end();
});
