import t from 'tap';
import { createMetrics } from '../../../src/observability/metrics.js';
import { EDGE_FIGURES } from '../../../src/observability/edge-figures.js';

t.test('figures become metrics whatever their names', async (t) => {
  const values = { 'requests-in REGISTER': 3, 'responses-out INVITE 486': 1, 'shed call': 2, 'overload-level': 1, 'transport-messages_in': 9, 'something new': 4 };
  const metrics = createMetrics([
    { prefix: 'edge', families: EDGE_FIGURES, read: async () => values },
    { prefix: 'away', read: async () => { throw new Error('away'); } },
  ]);
  const text = await metrics.render();
  for (const line of [
    'cordboard_edge_requests_in{method="REGISTER"} 3', 'cordboard_edge_responses_out{method="INVITE",status="486"} 1',
    'cordboard_edge_shed{kind="call"} 2', 'cordboard_edge_overload_level 1', 'cordboard_edge_transport_messages_in 9',
    'cordboard_edge_something{label1="new"} 4', '# HELP cordboard_edge_shed Requests refused with 503 for overload, by kind.',
  ]) t.ok(text.includes(`${line}\n`), line);
});
