import type { Flow } from '../transport/transport.js';
import type { TimerWheel } from './timer-wheel.js';
import type { BaseTimers } from './timers.js';

/** What the drivers of the four state machines need from around them. */
export interface TransactionContext {
  readonly wheel: TimerWheel;
  readonly timers: BaseTimers;
  /** Puts bytes on exactly this flow. */
  send(flow: Flow, bytes: Buffer): 'sent' | 'closed';
}
