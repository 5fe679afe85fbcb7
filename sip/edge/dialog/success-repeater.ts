import type { Timer, TimerOwner, TimerWheel } from '../transaction/timer-wheel.js';
import type { BaseTimers } from '../transaction/timers.js';

/** Repeats a 2xx until its ACK (RFC 3261 §13.3.1.4): from T1 doubling to T2, on every transport, 64*T1 long. */
export class SuccessRepeater implements TimerOwner {
  #intervalMs: number;
  #timer: Timer | undefined;
  #limit: Timer | undefined;

  constructor(
    private readonly wheel: TimerWheel,
    private readonly timers: BaseTimers,
    private readonly send: () => void,
    private readonly onUnacknowledged: () => void,
  ) {
    this.#intervalMs = timers.t1;
    this.#timer = wheel.start(this.#intervalMs, this, 'repeat');
    this.#limit = wheel.start(64 * timers.t1, this, 'limit');
  }

  onTimer(name: string): void {
    if (name === 'limit') {
      this.stop();
      this.onUnacknowledged();
      return;
    }
    this.#intervalMs = Math.min(this.#intervalMs * 2, this.timers.t2);
    this.#timer = this.wheel.start(this.#intervalMs, this, 'repeat');
    this.send();
  }

  stop(): void {
    this.wheel.stop(this.#timer);
    this.wheel.stop(this.#limit);
  }
}
