import type { GatewaySighting } from '../../../src/domain/trunk/gateway-health.js';
import type { TrunkGatewayId } from '../../../src/domain/ids.js';
import type { Trunk, TrunkGateway } from '../../../src/domain/trunk/trunk.js';
import type { TrunkDirectory, TrunkHealth } from '../../../src/ports/trunks.js';

export interface GatewayProberDeps {
  readonly trunks: () => Pick<TrunkDirectory, 'all'>;
  readonly health: TrunkHealth;
  readonly ask: (trunk: Trunk, gateway: TrunkGateway, patienceMs: number) => Promise<GatewaySighting>;
  /** Whether there is an edge: without one nothing is learnt of a gateway. */
  readonly connected: () => boolean;
  /** Uniform in 0–1. */
  readonly jitter: () => number;
}

export interface GatewayProber {
  /** Follows the trunks as they are now: to be called after each change. */
  sync(): void;
  stop(): void;
  /** How many gateways are probed. */
  readonly size: number;
}

const PATIENCE_MS = 5_000;
/** A new gateway is asked soon, all of a start not at once. */
const FIRST_WITHIN_MS = 1_500;
/** After a miss, and while it is down: what the interval says, or sooner. */
const AGAIN_AFTER_MISS_MS = 2_000;
const AGAIN_WHILE_DOWN_MS = 10_000;

/** Asks every gateway of every enabled trunk by OPTIONS in its trunk's interval, give or take a fifth, on each node for itself. */
export function createGatewayProber({ trunks, health, ask, connected, jitter }: GatewayProberDeps): GatewayProber {
  const timers = new Map<TrunkGatewayId, NodeJS.Timeout>();
  let stopped = false;

  const wanted = (): ReadonlyMap<TrunkGatewayId, { readonly trunk: Trunk; readonly gateway: TrunkGateway }> => new Map(trunks().all()
    .filter(({ enabled, probeSeconds }) => enabled && probeSeconds > 0)
    .flatMap((trunk) => trunk.gateways.map((gateway) => [gateway.id, { trunk, gateway }] as const)));

  function schedule(id: TrunkGatewayId, ms: number): void {
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(() => void probe(id), ms).unref());
  }

  async function probe(id: TrunkGatewayId): Promise<void> {
    const found = wanted().get(id);
    if (stopped || found === undefined) return void timers.delete(id);
    const { trunk, gateway } = found;
    const seen = connected() ? await ask(trunk, gateway, PATIENCE_MS) : null;
    // The edge may have gone meanwhile, and the trunk may have changed: neither says anything of the gateway.
    if (stopped || !timers.has(id)) return;
    if (seen !== null && connected()) health.report(id, seen);
    schedule(id, nextIn(trunk, id, seen));
  }

  function nextIn({ probeSeconds }: Trunk, id: TrunkGatewayId, seen: GatewaySighting | null): number {
    const interval = probeSeconds * 1000;
    if (health.of(id).state === 'down') return Math.min(interval, AGAIN_WHILE_DOWN_MS) * spread();
    const missed = seen === null || (seen.kind !== 'answered' && seen.retryAfterMs === null);
    return (missed ? Math.min(interval, AGAIN_AFTER_MISS_MS) : interval) * spread();
  }

  const spread = (): number => 0.8 + 0.4 * jitter();

  return {
    sync() {
      if (stopped) return;
      const now = wanted();
      for (const [id, timer] of timers) {
        if (now.has(id)) continue;
        clearTimeout(timer);
        timers.delete(id);
      }
      for (const id of now.keys()) if (!timers.has(id)) schedule(id, FIRST_WITHIN_MS * jitter());
    },
    stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
    get size() {
      return timers.size;
    },
  };
}
