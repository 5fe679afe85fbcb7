import type { CallLeg } from '../../../src/domain/calls/call-event.js';
import type { Occupy } from './device-occupancy.js';
import type { RingTarget } from './ring-target.js';

/** What became of each branch of a call, for its record. */
export interface LegLog {
  started(target: RingTarget, at: number): void;
  ringing(branch: string, at: number): void;
  ended(branch: string, status: number, result: CallLeg['result'], at: number): void;
  answered(branch: string, at: number): void;
  /** Every leg; what is still open ends now. */
  close(at: number): readonly CallLeg[];
}

/** Each leg that is not over holds its phone. */
export function createLegLog(occupy: Occupy): LegLog {
  const legs = new Map<string, CallLeg>();
  const held = new Map<string, () => void>();
  const change = (branch: string, fields: Partial<CallLeg>): void => {
    const leg = legs.get(branch);
    if (leg !== undefined && leg.endedAt === null) legs.set(branch, { ...leg, ...fields });
  };
  return {
    started(target, at) {
      held.set(target.id, occupy(target.device.id));
      legs.set(target.id, {
        deviceId: target.device.id, contactUri: target.binding.contactUri, startedAt: at,
        ringingAt: null, answeredAt: null, endedAt: null, status: 0, result: 'open',
      });
    },
    ringing(branch, at) {
      if (legs.get(branch)?.ringingAt === null) change(branch, { ringingAt: at });
    },
    answered: (branch, at) => change(branch, { answeredAt: at, status: 200, result: 'answered' }),
    ended(branch, status, result, at) {
      change(branch, { endedAt: at, status, result });
      held.get(branch)?.();
    },
    close(at) {
      for (const release of held.values()) release();
      return [...legs.values()].map((leg) => (leg.endedAt === null ? { ...leg, endedAt: at } : leg));
    },
  };
}
