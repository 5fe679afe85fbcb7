import type { Binding } from '../domain/registration/binding.js';
import type { Clock, Log } from '../ports/runtime.js';
import type { LocationService } from '../ports/location-service.js';
import type { NatPinger } from '../ports/call-control.js';
import type { Reachability } from './reachability.js';

const PERIOD_MS = 25_000;
const SPREAD_MS = 5_000;
/** Pings sent at one tick at most: a burst would find no room in the phones' way, nor in ours. */
const PINGS_A_TICK = 400;

export interface KeepNatOpen {
  /** To be called about once a second: pings what is due. Resolves when the pings are on their way. */
  tick(): Promise<void>;
}

export interface KeepNatOpenDeps {
  readonly location: Pick<LocationService, 'nattedBindings'>;
  readonly pinger: NatPinger;
  readonly reachability: Reachability;
  readonly clock: Clock;
  readonly log: Log;
  /** Uniform in 0–1. */
  readonly jitter: () => number;
}

/**
 * Keeps the NATs before UDP phones open with an OPTIONS every 25 ± 5 s: most forget a mapping after 30 s (RFC 4787 §4.3
 * notwithstanding). A phone that misses three is not rung until it is heard again.
 */
export function createKeepNatOpen(deps: KeepNatOpenDeps): KeepNatOpen {
  const dueAt = new Map<string, number>();
  let bindings: readonly Binding[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  const next = (now: number): number => now + PERIOD_MS + (2 * deps.jitter() - 1) * SPREAD_MS;

  const refresh = async (now: number): Promise<void> => {
    if (now - readAt < SPREAD_MS) return;
    readAt = now;
    bindings = await deps.location.nattedBindings();
    deps.reachability.keepOnly(bindings);
    const keys = new Set(bindings.map(key));
    for (const known of dueAt.keys()) if (!keys.has(known)) dueAt.delete(known);
    for (const each of keys) if (!dueAt.has(each)) dueAt.set(each, now + deps.jitter() * PERIOD_MS);
  };

  const ping = async (binding: Binding): Promise<void> => {
    const answered = await deps.pinger.ping(binding);
    if (answered) return deps.reachability.heard(binding);
    const before = deps.reachability.silent(binding);
    deps.reachability.missed(binding);
    if (!before && deps.reachability.silent(binding)) {
      deps.log.info('phone fell silent', { deviceId: binding.deviceId, contact: binding.contactUri });
    }
  };

  return {
    async tick() {
      const now = deps.clock.now();
      await refresh(now);
      const due = bindings.filter((binding) => (dueAt.get(key(binding)) ?? Infinity) <= now).slice(0, PINGS_A_TICK);
      for (const binding of due) {
        dueAt.set(key(binding), next(now));
        ping(binding).catch((error: unknown) => deps.log.warn('NAT ping failed', { err: error }));
      }
    },
  };
}

function key(binding: Binding): string {
  return `${binding.deviceId} ${binding.contactUri} ${binding.flow.address}:${binding.flow.port}`;
}
