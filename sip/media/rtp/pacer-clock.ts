/** Milliseconds between two packets of one stream. */
export const FRAME_MS = 20;
/** Streams are spread over so many phases of a frame. */
export const PHASES = 10;
const SLOT_MS = FRAME_MS / PHASES;
/** A longer standstill is not made up for: a burst of packets would only be thrown away at the other side. */
const CATCH_UP_MS = 200;

/** What is due: slots one after the other from `first`; frames before them that nobody gets any more. */
export interface DueSlots {
  readonly first: number;
  readonly count: number;
  readonly skippedFrames: number;
}

/**
 * The arithmetic of sending at an even pace: slot n is due at start + 2n ms of a monotonic clock, whenever it is asked, so
 * that no delay adds up.
 */
export class PacerClock {
  readonly #startMs: number;
  #next = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** The slots due by now; they count as done. */
  take(nowMs: number): DueSlots {
    const last = Math.floor((nowMs - this.#startMs) / SLOT_MS);
    const behind = last - this.#next + 1;
    if (behind <= 0) return { first: this.#next, count: 0, skippedFrames: 0 };
    // Whole frames are left out, so that every stream loses the same.
    const skippedFrames = behind * SLOT_MS > CATCH_UP_MS ? Math.floor((behind - 1) / PHASES) : 0;
    const first = this.#next + skippedFrames * PHASES;
    this.#next = last + 1;
    return { first, count: last + 1 - first, skippedFrames };
  }

  /** Milliseconds from `nowMs` to the next slot whose phase is in use; negative when it is overdue. */
  untilNext(nowMs: number, inUse: (phase: number) => boolean): number {
    let slot = this.#next;
    while (slot < this.#next + PHASES && !inUse(slot % PHASES)) slot += 1;
    return this.dueAt(slot) - nowMs;
  }

  dueAt(slot: number): number {
    return this.#startMs + slot * SLOT_MS;
  }
}
