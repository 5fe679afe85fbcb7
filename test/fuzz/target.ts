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

/** Work on one input takes less than this, measured as the quickest of several runs. */
export const SLOW_MS = 20;
