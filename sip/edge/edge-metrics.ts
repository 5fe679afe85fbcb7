import { getHeapStatistics } from 'node:v8';
import type { EdgeContext } from './dialog/edge-context.js';
import { protectionFigures } from './protection/report.js';

/** Everything /metrics shows of the edge, by name; names with a blank carry method and status as labels behind it. */
export function edgeMetrics(context: EdgeContext, applications: number): Readonly<Record<string, number>> {
  const sizes = context.transactions.sizes;
  return {
    'applications': applications,
    'dialogs-inbound': context.dialogs.count('uas'),
    'dialogs-outbound': context.dialogs.count('uac'),
    'transactions-active': sizes.active,
    'transactions-answered': sizes.answered,
    'transactions-client': sizes.clients,
    'requests-pending': context.requests.size,
    'invites-pending': context.invites.size,
    'registered-flows': context.flows.size,
    'timers': context.wheel.size,
    ...protectionFigures(context.protection),
    // Of this thread alone.
    'heap-used-bytes': getHeapStatistics().used_heap_size,
    ...Object.fromEntries(context.counters.values),
    ...Object.fromEntries(Object.entries(context.transport.counters()).map(([name, value]) => [`transport-${name}`, value])),
  };
}
