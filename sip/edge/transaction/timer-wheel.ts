/** Something that waits for timers. One object may have several running, told apart by name. */
export interface TimerOwner {
  onTimer(name: string): void;
}

/** A started timer; only the wheel looks inside. */
export interface Timer {
  readonly owner: TimerOwner;
  readonly name: string;
  readonly dueAt: number;
  slot: number;
  next: Timer | undefined;
  previous: Timer | undefined;
}

const SLOTS = 512;

/**
 * All timers of the edge on one interval: starting and stopping are list operations without a Node `Timeout` each.
 * A timer never fires early and at most one tick late. Time is handed in, so tests move the clock.
 */
export class TimerWheel {
  readonly tickMs: number;
  #now: number;
  #tick: number;
  #interval: NodeJS.Timeout | undefined;
  #running = 0;
  /** Told of what an owner throws; the timers behind it fire all the same. Default: thrown on. */
  onFault: (bug: unknown) => void = (bug) => {
    throw bug;
  };
  readonly #slots: (Timer | undefined)[] = new Array<Timer | undefined>(SLOTS).fill(undefined);

  /**
   * @param tickMs resolution in milliseconds
   * @param now the instant of creation, milliseconds on any monotonic clock
   */
  constructor(tickMs: number, now = 0) {
    this.tickMs = tickMs;
    this.#now = now;
    this.#tick = Math.floor(now / tickMs);
  }

  /** Milliseconds on the wheel's own clock, as of the last tick. */
  get now(): number {
    return this.#now;
  }

  /** Timers started and not yet fired or stopped. */
  get size(): number {
    return this.#running;
  }

  /**
   * @param delayMs from now; 0 fires at the next tick
   * @param name handed back to `owner.onTimer`
   */
  start(delayMs: number, owner: TimerOwner, name: string): Timer {
    // While the wheel runs by itself, `now` may be one tick behind: the extra tick keeps the promise "never early".
    const dueAt = this.#now + delayMs + (this.#interval === undefined ? 0 : this.tickMs);
    const slot = Math.max(Math.ceil(dueAt / this.tickMs), this.#tick + 1) % SLOTS;
    const head = this.#slots[slot];
    const timer: Timer = { owner, name, dueAt, slot, next: head, previous: undefined };
    if (head !== undefined) head.previous = timer;
    this.#slots[slot] = timer;
    this.#running += 1;
    return timer;
  }

  /** Stops a timer; one that fired or was stopped already is left alone. */
  stop(timer: Timer | undefined): void {
    if (timer === undefined || timer.slot < 0) return;
    if (timer.previous === undefined) this.#slots[timer.slot] = timer.next;
    else timer.previous.next = timer.next;
    if (timer.next !== undefined) timer.next.previous = timer.previous;
    timer.slot = -1;
    timer.next = undefined;
    timer.previous = undefined;
    this.#running -= 1;
  }

  /** Moves the clock to `now` and fires what is due, tick by tick. */
  advance(now: number): void {
    const last = Math.floor(now / this.tickMs);
    while (this.#tick < last) {
      this.#tick += 1;
      this.#now = this.#tick * this.tickMs;
      this.#fire(this.#tick % SLOTS);
    }
    this.#now = Math.max(this.#now, now);
  }

  /** Follows the process's monotonic clock from here on. The interval does not keep the process alive. */
  run(): void {
    const offset = this.#now - performance.now();
    this.#interval ??= setInterval(() => this.advance(performance.now() + offset), this.tickMs).unref();
  }

  /** Stops following the clock; nothing fires any more. */
  halt(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  #fire(slot: number): void {
    // Detached first: an owner may start and stop timers, also of this slot, while being called.
    const due: Timer[] = [];
    for (let timer = this.#slots[slot]; timer !== undefined; timer = timer.next) {
      if (timer.dueAt <= this.#now) due.push(timer);
    }
    for (const timer of due) {
      if (timer.slot < 0) continue;
      this.stop(timer);
      try {
        timer.owner.onTimer(timer.name);
      } catch (bug) {
        this.onFault(bug);
      }
    }
  }
}
