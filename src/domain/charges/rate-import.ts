import type { Rate } from './rate.js';
import { readRateRow, type RateCells, type RateColumn } from './rate-row.js';

/** A row of a file with its place there. */
export interface RateFileRow {
  /** Line of the file, 1 is the header. */
  readonly line: number;
  readonly cells: RateCells;
}

export interface RateFileProblem {
  readonly line: number;
  readonly column: RateColumn;
  readonly value: string;
  readonly text: string;
}

/** What a file does to a deck. */
export interface RatePlan {
  /** All rates after it, by prefix and time. */
  readonly rates: readonly Rate[];
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

export type RateImport =
  | { readonly kind: 'plan'; readonly plan: RatePlan }
  /** Nothing can be applied while a row is wrong. */
  | { readonly kind: 'wrong'; readonly problems: readonly RateFileProblem[] };

/**
 * What rows of a file come to over the rates there are. `replace`: the file is the whole deck; else its rows are put among the others.
 * A prefix stands once for each time it takes effect.
 */
export function planRateImport(before: readonly Rate[], rows: readonly RateFileRow[], replace: boolean): RateImport {
  const problems: RateFileProblem[] = [];
  const sent = new Map<string, { readonly rate: Rate; readonly line: number }>();
  for (const { line, cells } of rows) {
    const read = readRateRow(cells);
    if (read.kind === 'wrong') {
      problems.push(...read.problems.map((problem) => ({ line, ...problem })));
      continue;
    }
    const key = rateKey(read.rate);
    const first = sent.get(key);
    if (first === undefined) sent.set(key, { rate: read.rate, line });
    else problems.push({ line, column: 'prefix', value: cells.prefix ?? '', text: `Line ${first.line} has this prefix with the same effective_from. Keep one of them.` });
  }
  if (problems.length > 0) return { kind: 'wrong', problems };
  const old = new Map(before.map((rate) => [rateKey(rate), rate]));
  const after = new Map(replace ? [] : old);
  let added = 0;
  let changed = 0;
  for (const [key, { rate }] of sent) {
    const held = old.get(key);
    if (held === undefined) added += 1;
    else if (JSON.stringify(held) !== JSON.stringify(rate)) changed += 1;
    after.set(key, rate);
  }
  const removed = [...old.keys()].filter((key) => !after.has(key)).length;
  const rates = [...after].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rate]) => rate);
  return { kind: 'plan', plan: { rates, added, changed, removed, unchanged: rates.length - added - changed } };
}

/** By prefix, then by time; sorts as text. */
export function rateKey({ prefix, effectiveFrom }: Pick<Rate, 'prefix' | 'effectiveFrom'>): string {
  return `${prefix} ${String(effectiveFrom).padStart(15, '0')}`;
}
