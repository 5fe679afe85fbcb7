import { TransportFault } from '../transport/transport-fault.js';
import type { Flow } from '../transport/transport.js';
import type { ServerPath } from './dispatch.js';
import type { EdgeContext } from './edge-context.js';
import { LARGEST_DATAGRAM, orderServers, type Candidate } from './server-order.js';

/** A peer that drops TCP silently must not hold up a call. */
const INSTEAD_OF_UDP_MS = 1_500;

/**
 * The servers a path leads to, in the order to be tried.
 * @param size of the whole request, in bytes
 * @throws TransportFault `unresolved` (as rejection)
 */
export async function serversOf(context: EdgeContext, path: ServerPath, size: number): Promise<readonly Candidate[]> {
  const located = await context.transport.locate(path.server);
  const mayChange = size > LARGEST_DATAGRAM && path.server.transport === undefined && context.listeners.some(({ transport }) => transport === 'tcp');
  return orderServers(located, mayChange, context.servers);
}

/** Connects to one server; what it teaches about it is remembered. @throws TransportFault (as rejection) */
export async function connectTo(context: EdgeContext, { target, insteadOfUdp }: Candidate): Promise<Flow> {
  const connecting = context.transport.connect(target);
  try {
    return await (insteadOfUdp ? soon(connecting) : connecting);
  } catch (fault) {
    if (insteadOfUdp) context.servers.refusedTcp(target);
    else if (fault instanceof TransportFault && fault.reason !== 'no-such-transport') context.servers.failed(target);
    throw fault;
  }
}

/** A flow to the first server that can be connected to, for what is sent without transaction. @throws TransportFault (as rejection) */
export async function firstFlow(context: EdgeContext, path: ServerPath, size: number): Promise<Flow> {
  let last: unknown;
  for (const candidate of await serversOf(context, path, size)) {
    try {
      return await connectTo(context, candidate);
    } catch (fault) {
      last = fault;
    }
  }
  throw last instanceof Error ? last : new TransportFault('unresolved', path.server.host);
}

async function soon(connecting: Promise<Flow>): Promise<Flow> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransportFault('timeout', 'TCP for a large request')), INSTEAD_OF_UDP_MS);
  });
  return Promise.race([connecting, late]).finally(() => clearTimeout(timer));
}
