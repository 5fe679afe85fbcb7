import type { Binding } from '../../../src/domain/registration/binding.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { HotDeskSessionId } from '../../../src/domain/ids.js';
import type { RingCandidate } from '../../../src/domain/routing/call-facts.js';

/** One branch of a call: one binding of one phone. */
export interface RingTarget {
  /** Distinct in a call; the same phone and contact give the same, so that redirections cannot go round in circles. */
  readonly id: string;
  readonly device: Device;
  readonly binding: Binding;
  /** Under which the called user sits at the phone as guest, as decided when it began to ring; null = no guest. */
  readonly hotDeskSessionId: HotDeskSessionId | null;
  /** Max-Forwards left before this branch; each redirection spends one. */
  readonly hopsLeft: number;
}

export function ringTargets(candidates: readonly RingCandidate[], hopsLeft: number): readonly RingTarget[] {
  return candidates.flatMap(({ device, bindings, session }) => bindings.map((binding) => (
    { id: `${device.id} ${binding.contactUri}`, device, binding, hotDeskSessionId: session?.id ?? null, hopsLeft })));
}
