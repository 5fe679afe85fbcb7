import { afterSighting, newGateway, type GatewayHealth, type GatewaySighting } from '../../domain/trunk/gateway-health.js';
import type { TrunkGatewayId } from '../../domain/ids.js';
import type { Trunk, TrunkGateway } from '../../domain/trunk/trunk.js';
import type { Clock } from '../../ports/runtime.js';
import type { TrunkDirectory, TrunkHealth } from '../../ports/trunks.js';

/** A gateway that went down or came back. */
export interface GatewayChange {
  readonly trunk: Trunk;
  readonly gateway: TrunkGateway;
  readonly health: GatewayHealth;
}

/** What this node knows of every gateway, in memory: another node may see it differently, and is right about itself. */
export interface GatewayHealthBoard extends TrunkHealth {
  /** Called when a gateway changes its state; returns the unsubscribe. */
  onChange(listener: (change: GatewayChange) => void): () => void;
  /** Forgets gateways that no enabled trunk has. */
  forgetOthers(): void;
}

export function createGatewayHealth({ trunks, clock }: { readonly trunks: () => Pick<TrunkDirectory, 'all'>; readonly clock: Clock }): GatewayHealthBoard {
  const known = new Map<TrunkGatewayId, { readonly health: GatewayHealth; readonly asked: string }>();
  const listeners = new Set<(change: GatewayChange) => void>();
  const find = (id: TrunkGatewayId): Pick<GatewayChange, 'trunk' | 'gateway'> | null => {
    for (const trunk of trunks().all()) {
      const gateway = trunk.gateways.find((each) => each.id === id);
      if (gateway !== undefined) return { trunk, gateway };
    }
    return null;
  };
  const healthOf = (id: TrunkGatewayId, found: Pick<GatewayChange, 'trunk' | 'gateway'> | null): GatewayHealth => {
    const entry = known.get(id);
    return entry === undefined || entry.asked !== askedOf(found) ? newGateway(clock.now()) : entry.health;
  };
  return {
    of: (id) => healthOf(id, find(id)),
    report(id: TrunkGatewayId, seen: GatewaySighting) {
      const at = clock.now();
      const found = find(id);
      const before = healthOf(id, found);
      const health = afterSighting(before, seen, at, found === null || found.trunk.probeSeconds > 0);
      known.set(id, { health, asked: askedOf(found) });
      if (found !== null && health.state !== before.state) for (const tell of listeners) tell({ ...found, health });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forgetOthers() {
      const kept = new Set(trunks().all().filter(({ enabled }) => enabled).flatMap(({ gateways }) => gateways.map(({ id }) => id)));
      for (const id of known.keys()) if (!kept.has(id)) known.delete(id);
    },
  };
}

/**
 * Where and whether a gateway is asked. What was seen under another address says nothing of this one, and a gateway that nobody asks
 * any more would stay down for ever.
 */
function askedOf(found: Pick<GatewayChange, 'trunk' | 'gateway'> | null): string {
  if (found === null) return '';
  const { gateway: { transport, host, port }, trunk: { probeSeconds } } = found;
  return `${transport} ${host} ${port} ${probeSeconds > 0 ? 'probed' : 'not probed'}`;
}
