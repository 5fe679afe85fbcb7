import type { Path } from '../dialog/dispatch.js';
import type { EdgeContext } from '../dialog/edge-context.js';
import { nextHopOf } from '../dialog/next-hop.js';
import { firstFlow } from '../dialog/reach-server.js';
import type { Flow } from '../transport/transport.js';

/** What our Via adds to a request that is forwarded, about. */
export const VIA_BYTES = 80;

/**
 * Where a proxied request goes: the connection a client registered by, else where the URI leads (drachtio wire protocol §9.2).
 * @param uri a SIP URI, also as name-addr
 * @returns undefined when it is none, or of a transport we do not have
 */
export function pathTo(context: EdgeContext, uri: string): Path | undefined {
  const flow = context.flows.find(uri, context.wheel.now);
  if (flow !== undefined) return { kind: 'flow', flow };
  const hop = nextHopOf(uri, context.listeners);
  return hop.kind === 'target' ? hop : undefined;
}

/** Hands over the flow of a path, connecting where needed; exactly one of the two is called, later when it takes longer. */
export function reach(context: EdgeContext, path: Path, size: number, onFlow: (flow: Flow) => void, onFault: () => void): void {
  if (path.kind === 'flow') {
    onFlow(path.flow);
    return;
  }
  firstFlow(context, path, size).then(onFlow, (fault: unknown) => {
    context.log.info('proxy-target-unreachable', { reason: String(fault) });
    onFault();
  }).catch((bug: unknown) => {
    context.counters.count('faults');
    context.log.error('edge-fault', { where: 'proxy', error: bug instanceof Error ? (bug.stack ?? bug.message) : String(bug) });
  });
}
