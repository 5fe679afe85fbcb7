import type { ConnectTarget } from '../transport/transport.js';
import type { ServerMemory } from './server-memory.js';

/** RFC 3261 §18.1.1: the largest request that may go by UDP when the path MTU is unknown, in bytes. */
export const LARGEST_DATAGRAM = 1_300;

/** A server to be tried. */
export interface Candidate {
  readonly target: ConnectTarget;
  /** TCP because the request is too large for the UDP that was meant (RFC 3261 §18.1.1); UDP comes behind it. */
  readonly insteadOfUdp: boolean;
}

/**
 * The order servers are tried in.
 * @param targets as located, best first
 * @param mayChange the request is too large for UDP and nobody named a transport for it
 */
export function orderServers(targets: readonly ConnectTarget[], mayChange: boolean, memory: ServerMemory): readonly Candidate[] {
  // RFC 3263 §4.3: what failed a moment ago comes last; sort() keeps the order of the others.
  const down = new Map(targets.map((target) => [target, memory.isDown(target) ? 1 : 0]));
  const ordered = [...targets].sort((one, other) => (down.get(one) ?? 0) - (down.get(other) ?? 0));
  const streams = ordered.filter(({ transport }) => transport !== 'udp');
  if (mayChange && streams.length > 0) return [...streams, ...ordered.filter(({ transport }) => transport === 'udp')].map(asLocated);
  return ordered.flatMap((target) => {
    // RFC 3261 §18.1.1: a congestion-controlled transport for what does not fit, UDP where there is none.
    const changes = mayChange && target.transport === 'udp' && !memory.isWithoutTcp(target);
    return changes ? [{ target: { ...target, transport: 'tcp' }, insteadOfUdp: true }, asLocated(target)] : [asLocated(target)];
  });
}

const asLocated = (target: ConnectTarget): Candidate => ({ target, insteadOfUdp: false });
