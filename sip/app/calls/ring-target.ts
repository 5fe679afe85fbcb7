import type { Binding } from '../../../src/domain/registration/binding.js';
import type { Device } from '../../../src/domain/device/device.js';
import type { HotDeskSessionId } from '../../../src/domain/ids.js';
import type { RingCandidate } from '../../../src/domain/routing/call-facts.js';
import type { SentOutside } from './send-on.js';

/** One branch of a call: one binding of one phone. */
export interface PhoneTarget {
  readonly kind: 'phone';
  /** Distinct in a call; the same phone and contact give the same, so that redirections cannot go round in circles. */
  readonly id: string;
  readonly device: Device;
  readonly binding: Binding;
  /** Under which the called user sits at the phone as guest, as decided when it began to ring; null = no guest. */
  readonly hotDeskSessionId: HotDeskSessionId | null;
  /** Max-Forwards left before this branch; each redirection spends one. */
  readonly hopsLeft: number;
}

/** A number outside that rings like a phone: a call of whoever sends it there. */
export interface NumberTarget {
  readonly kind: 'number';
  readonly id: string;
  readonly call: SentOutside;
}

export type RingTarget = PhoneTarget | NumberTarget;

/** @param stage before the names of branches of a call that was sent on, so that the same phone may ring again */
export function ringTargets(candidates: readonly RingCandidate[], hopsLeft: number, stage = ''): readonly PhoneTarget[] {
  return candidates.flatMap(({ device, bindings, session }) => bindings.map((binding): PhoneTarget => (
    { kind: 'phone', id: `${stage}${device.id} ${binding.contactUri}`, device, binding, hotDeskSessionId: session?.id ?? null, hopsLeft })));
}

export function numberTarget(call: SentOutside, stage = ''): NumberTarget {
  return { kind: 'number', id: `${stage}${call.outcome.number}`, call };
}
