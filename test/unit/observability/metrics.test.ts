/** What Prometheus reads of the figures that the parts hand over. */
import t from 'tap';
import { createMetrics } from '../../../src/observability/metrics.js';

t.test('every figure of a part is shown, whatever its name is made of', async (t) => {
  const rows: readonly { readonly rule: string; readonly given: string; readonly shown: string }[] = [
    { rule: 'a plain name', given: 'applications', shown: 'cordboard_edge_applications 3' },
    { rule: 'dashes become underscores', given: 'dialogs-inbound', shown: 'cordboard_edge_dialogs_inbound 3' },
    { rule: 'a word behind is the method', given: 'requests-in INVITE', shown: 'cordboard_edge_requests_in{method="INVITE"} 3' },
    { rule: 'a method with a dash', given: 'requests-in X-Y', shown: 'cordboard_edge_requests_in{method="X-Y"} 3' },
    { rule: 'digits behind are the status', given: 'stray-responses 404', shown: 'cordboard_edge_stray_responses{status="404"} 3' },
    { rule: 'both', given: 'responses-in BYE 200', shown: 'cordboard_edge_responses_in{method="BYE",status="200"} 3' },
  ];
  const values = Object.fromEntries(rows.map(({ given }) => [given, 3]));
  const lines = (await createMetrics([{ prefix: 'edge', read: async () => values }]).render()).split('\n');
  for (const { rule, shown } of rows) t.ok(lines.includes(shown), `${rule}: ${shown}`);
});

t.test('a part that cannot answer hides no other', async (t) => {
  const text = await createMetrics([
    { prefix: 'gone', read: () => Promise.reject(new Error('gone')) }, { prefix: 'here', read: async () => ({ one: 1 }) },
  ]).render();
  t.match(text, /^cordboard_here_one 1$/m);
});
