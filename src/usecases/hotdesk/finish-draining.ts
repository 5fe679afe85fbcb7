import type { DeviceId } from '../../domain/ids.js';

/** Ends sessions that waited for a call's end; both are harmless when there are none, and on several nodes at once. */
export interface FinishDraining {
  /** To be called as soon as the last call of a device is over; returns how many sessions ended. */
  ofDevice(deviceId: DeviceId): Promise<number>;
  /** Each second: those whose calls are over on every node. */
  sweep(): Promise<number>;
}
