import type { CallLeg } from '../../../src/domain/calls/call-event.js';
import type { TrunkId } from '../../../src/domain/ids.js';
import type { Occupy } from './device-occupancy.js';

/** A branch as it begins: to a phone, or to a trunk's gateway. */
export type StartedLeg = Pick<CallLeg, 'deviceId' | 'trunkId' | 'gatewayId' | 'contactUri'> & { readonly id: string };

/** What became of each branch of a call, for its record. */
export interface LegLog {
  /** `apart`: the trunk is counted elsewhere. */
  started(leg: StartedLeg, at: number, apart?: boolean): void;
  ringing(branch: string, at: number): void;
  ended(branch: string, status: number, result: CallLeg['result'], at: number): void;
  answered(branch: string, at: number): void;
  /** Every leg; what is still open ends now. */
  close(at: number): readonly CallLeg[];
}

/** Each leg that is not over holds its phone; `byTrunk` is told of each trunk that is tried. */
export function createLegLog(occupy: Occupy, byTrunk: (trunkId: TrunkId) => void = () => undefined): LegLog {
  const legs = new Map<string, CallLeg>();
  const held = new Map<string, () => void>();
  const change = (branch: string, fields: Partial<CallLeg>): void => {
    const leg = legs.get(branch);
    if (leg !== undefined && leg.endedAt === null) legs.set(branch, { ...leg, ...fields });
  };
  return {
    started({ id, ...leg }, at, apart = false) {
      if (leg.deviceId !== null) held.set(id, occupy(leg.deviceId));
      if (!apart && leg.trunkId !== undefined && leg.trunkId !== null) byTrunk(leg.trunkId);
      legs.set(id, { ...leg, startedAt: at, ringingAt: null, answeredAt: null, endedAt: null, status: 0, result: 'open' });
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

/** Legs of a call that was sent on, told in its own record as well, where their trunks are counted. */
export function bothLegs(whole: LegLog, own: LegLog): LegLog {
  return {
    started(leg, at) {
      whole.started(leg, at, true);
      own.started(leg, at);
    },
    ringing(branch, at) {
      whole.ringing(branch, at);
      own.ringing(branch, at);
    },
    answered(branch, at) {
      whole.answered(branch, at);
      own.answered(branch, at);
    },
    ended(branch, status, result, at) {
      whole.ended(branch, status, result, at);
      own.ended(branch, status, result, at);
    },
    close: (at) => own.close(at),
  };
}
