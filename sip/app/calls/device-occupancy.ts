import type { DeviceId } from '../../../src/domain/ids.js';
import type { DeviceCalls } from '../../../src/ports/call-control.js';
import type { Log } from '../../../src/ports/runtime.js';

/** One attempt or dialog of a device begins; the function given back ends it, once. */
export type Occupy = (deviceId: DeviceId) => () => void;

/** Which phones are in a call of this node: a count a phone, so that asking is cheap and the last end is seen. */
export interface DeviceOccupancy extends DeviceCalls {
  readonly occupy: Occupy;
}

export function createDeviceOccupancy(log: Pick<Log, 'error'>): DeviceOccupancy {
  const counts = new Map<DeviceId, number>();
  const listeners = new Set<(deviceId: DeviceId) => void>();

  const tell = (deviceId: DeviceId): void => {
    // A redirection ends one attempt and begins the next in the same turn: the phone was never free.
    if (counts.has(deviceId)) return;
    for (const listener of listeners) {
      try {
        listener(deviceId);
      } catch (error) {
        log.error('end of calls not heard', { deviceId, err: error });
      }
    }
  };

  return {
    occupy(deviceId) {
      let open = true;
      counts.set(deviceId, (counts.get(deviceId) ?? 0) + 1);
      return () => {
        if (!open) return;
        open = false;
        const left = (counts.get(deviceId) ?? 0) - 1;
        if (left > 0) return void counts.set(deviceId, left);
        counts.delete(deviceId);
        if (listeners.size > 0) queueMicrotask(() => tell(deviceId));
      };
    },
    inCall: (deviceIds) => new Set(deviceIds.filter((id) => counts.has(id))),
    onCallsOver(listener) {
      const own = (deviceId: DeviceId): void => listener(deviceId);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
