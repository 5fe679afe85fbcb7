import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from './random.js';

/** One piece of an input: bytes (latin1) and what they are given to. */
export interface Piece {
  readonly to: string;
  readonly text: string;
}

export type FuzzInput = readonly Piece[];

/** Something that takes any bytes and must stay well. */
export interface FuzzTarget {
  make(random: Random): FuzzInput;
  /** @returns what went wrong, undefined when nothing did */
  check(input: FuzzInput): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Work on one input takes less than this. */
const SLOW_MS = 20;

/**
 * Whether work is slow by itself: what took long is measured again, later and later, since another process may hold the
 * processor for a while.
 * @param work @returns milliseconds the longest step of it took
 * @returns what to report, undefined when it was once under 20 ms
 */
export async function slowness(work: () => number): Promise<string | undefined> {
  let best = Number.POSITIVE_INFINITY;
  for (const waitMs of [0, 0, 10, 50, 200, 500, 1_000, 2_000]) {
    if (waitMs > 0) await pause(waitMs);
    best = Math.min(best, work());
    if (best < SLOW_MS) return undefined;
  }
  return `slow: ${best.toFixed(1)} ms at best`;
}

/** @returns milliseconds */
export function timed(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}
