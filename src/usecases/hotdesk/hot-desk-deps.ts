import type { DeviceCalls } from '../../ports/call-control.js';
import type { PinHasher, RandomSource } from '../../ports/crypto.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { LocalTime, Log, Pause } from '../../ports/runtime.js';
import type { ChangeDeps } from '../change.js';

/** What every verb of hot desking needs besides a transaction. */
export interface HotDeskDeps extends ChangeDeps {
  /** Reads outside a transaction. */
  readonly stores: Stores;
  readonly random: RandomSource;
  readonly pinHasher: PinHasher;
  readonly deviceCalls: DeviceCalls;
  readonly localTime: LocalTime;
  readonly pause: Pause;
  readonly log: Log;
  /** This node, as call records name it: its calls are asked of `deviceCalls`, those of others of the records. */
  readonly nodeId: string;
}
