import type { DeviceId } from '../domain/ids.js';
import type { Binding } from '../domain/registration/binding.js';

/** Which bindings answered lately, as far as this node asked: a phone that went silent behind its NAT is not rung. */
export interface Reachability {
  /** A REGISTER or an answer of the phone. */
  heard(binding: Pick<Binding, 'deviceId' | 'contactUri'>): void;
  /** A ping without answer; the third in a row makes the binding silent. */
  missed(binding: Pick<Binding, 'deviceId' | 'contactUri'>): void;
  silent(binding: Pick<Binding, 'deviceId' | 'contactUri'>): boolean;
  /** Forgets everything but these. */
  keepOnly(bindings: readonly Pick<Binding, 'deviceId' | 'contactUri'>[]): void;
}

export const MISSES_UNTIL_SILENT = 3;

export function createReachability(): Reachability {
  const misses = new Map<string, number>();
  return {
    heard: (binding) => void misses.delete(reachKey(binding)),
    missed: (binding) => void misses.set(reachKey(binding), (misses.get(reachKey(binding)) ?? 0) + 1),
    silent: (binding) => misses.size > 0 && (misses.get(reachKey(binding)) ?? 0) >= MISSES_UNTIL_SILENT,
    keepOnly(bindings) {
      if (misses.size === 0) return;
      const kept = new Set(bindings.map(reachKey));
      for (const key of misses.keys()) if (!kept.has(key)) misses.delete(key);
    },
  };
}

function reachKey(binding: Pick<Binding, 'deviceId' | 'contactUri'>): string {
  return `${binding.deviceId} ${binding.contactUri}`;
}

/** The bindings worth ringing, device by device. */
export function heardOf(
  bindings: ReadonlyMap<DeviceId, readonly Binding[]>, reachability: Pick<Reachability, 'silent'>,
): ReadonlyMap<DeviceId, readonly Binding[]> {
  return new Map([...bindings].map(([device, list]) => [device, list.filter((each) => !reachability.silent(each))]));
}
