import { PHASES, PacerClock } from './pacer-clock.js';

/** Whoever sends a packet each 20 ms. */
export interface Paced {
  /**
   * One frame is due. `nowMs` is the monotonic clock of `performance.now`; `skippedFrames` were left out before it because
   * the thread stood still.
   */
  frame(nowMs: number, skippedFrames: number): void;
}

/** Later than this a frame counts as late. */
const LATE_MS = 5;

/** One timer for all streams of a thread, each in the phase with the fewest others. */
export class Pacer {
  readonly #phases: readonly Set<Paced>[] = Array.from({ length: PHASES }, () => new Set<Paced>());
  readonly #now: () => number;
  #clock: PacerClock | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Frames each phase has yet to be told of. */
  readonly #owed: number[] = Array<number>(PHASES).fill(0);
  #late = 0;
  #skipped = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Returns the way out again. */
  add(stream: Paced): () => void {
    const phase = this.#phases.reduce((least, one) => (one.size < least.size ? one : least));
    phase.add(stream);
    if (this.#clock === null) {
      this.#clock = new PacerClock(this.#now());
      this.#plan();
    }
    return () => {
      phase.delete(stream);
      if (this.#phases.every(({ size }) => size === 0)) this.stop();
    };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#clock = null;
  }

  /** Turns of a phase later than 5 ms, and frames left out after a standstill. */
  get figures(): { readonly late: number; readonly skipped: number } {
    return { late: this.#late, skipped: this.#skipped };
  }

  /** Serves what is due. The timer calls it; a test with a moved clock does too. */
  run(): void {
    const clock = this.#clock;
    if (clock === null) return;
    const now = this.#now();
    const { first, count, skippedFrames } = clock.take(now);
    if (skippedFrames > 0) {
      this.#skipped += skippedFrames;
      for (let phase = 0; phase < PHASES; phase += 1) this.#owed[phase] = (this.#owed[phase] ?? 0) + skippedFrames;
    }
    for (let slot = first; slot < first + count; slot += 1) {
      const phase = this.#phases[slot % PHASES];
      const skipped = this.#owed[slot % PHASES] ?? 0;
      this.#owed[slot % PHASES] = 0;
      if (phase === undefined || phase.size === 0) continue;
      if (now - clock.dueAt(slot) > LATE_MS) this.#late += 1;
      for (const stream of phase) stream.frame(now, skipped);
    }
    this.#plan();
  }

  #plan(): void {
    if (this.#clock === null) return;
    const wait = this.#clock.untilNext(this.#now(), (phase) => (this.#phases[phase]?.size ?? 0) > 0);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.run(), Math.max(0, wait));
  }
}
