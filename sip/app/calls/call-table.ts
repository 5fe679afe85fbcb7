import type Srf from 'drachtio-srf';
import type { CallControl, LiveCall } from '../../../src/ports/call-control.js';
import type { CallRecordId } from '../../../src/domain/ids.js';
import type { EndCause } from '../../../src/domain/calls/call-event.js';

/** How long a stop waits for the phones' answers to our BYEs. */
const FAREWELL_MS = 3_000;

/** A call as the table holds it, whatever answers it. */
export interface RunningCall {
  readonly id: CallRecordId;
  readonly emergency: boolean;
  live(): LiveCall;
  stop(cause: EndCause): void;
  connectionLost(): void;
  /** Resolves when every BYE of the call was answered. */
  quiet(): Promise<void>;
}

/** The calls of this node. */
export interface CallTable extends Omit<CallControl, 'ready'> {
  add(call: RunningCall, srf: Srf): void;
  remove(call: RunningCall): void;
  readonly size: number;
  readonly hasEmergency: boolean;
  /** Resolves when no emergency call is left. */
  emergenciesOver(): Promise<void>;
  /** Closes the calls of a connection that is gone. */
  connectionLost(srf: Srf): void;
  /** Ends every call but emergency ones; resolves when the phones have answered, after 3 s at the latest. */
  stopAll(cause: EndCause): Promise<void>;
}

export function createCallTable(): CallTable {
  const calls = new Map<CallRecordId, { readonly call: RunningCall; readonly srf: Srf }>();
  const emergency = (): boolean => [...calls.values()].some(({ call }) => call.emergency);
  const waiting = new Set<() => void>();
  const all = (): readonly { readonly call: RunningCall; readonly srf: Srf }[] => [...calls.values()];
  return {
    get size() {
      return calls.size;
    },
    get hasEmergency() {
      return emergency();
    },
    add: (call, srf) => void calls.set(call.id, { call, srf }),
    remove(call) {
      calls.delete(call.id);
      for (const look of waiting) look();
    },
    emergenciesOver: () => new Promise((resolve) => {
      const look = (): void => {
        if (emergency()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    }),
    list: (accountId) => all().map(({ call }) => call.live()).filter((live) => live.accountId === accountId),
    async hangUp(id, cause) {
      const found = calls.get(id)?.call;
      if (found === undefined) return 'unknown';
      if (found.emergency) return 'emergency';
      found.stop(cause);
      return 'done';
    },
    connectionLost(srf) {
      for (const entry of all()) if (entry.srf === srf) entry.call.connectionLost();
    },
    async stopAll(cause) {
      const ending = all().map(({ call }) => call).filter((call) => !call.emergency);
      for (const call of ending) call.stop(cause);
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        late = setTimeout(resolve, FAREWELL_MS);
      });
      await Promise.race([Promise.all(ending.map((call) => call.quiet())), patience]);
      clearTimeout(late);
    },
  };
}
