import type { DeviceId } from '../domain/ids.js';
import type { DeviceCalls } from '../ports/call-control.js';

/** The calls of phones for verbs that are made before the SIP application is: no call until it is bound. */
export interface LateDeviceCalls extends DeviceCalls {
  bind(calls: DeviceCalls): void;
}

export function createLateDeviceCalls(): LateDeviceCalls {
  const listeners = new Set<(deviceId: DeviceId) => void>();
  let bound: DeviceCalls | null = null;
  return {
    inCall: (deviceIds) => bound?.inCall(deviceIds) ?? new Set(),
    onCallsOver: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    bind: (calls) => {
      bound = calls;
      calls.onCallsOver((deviceId) => {
        for (const listener of listeners) listener(deviceId);
      });
    },
  };
}
