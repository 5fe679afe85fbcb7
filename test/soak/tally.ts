/** What phones did and what became of it, by transport; and what should not have happened. */
import type { TransportName } from './link.js';
import { TRANSPORTS } from './link.js';

/** A call that was dialled. */
export interface Dialled {
  readonly caller: string;
  readonly number: string;
  readonly answered: boolean;
  /** Whether the product must have a record of it; where the caller vanished, nobody can tell. */
  readonly sure: boolean;
}

const KEPT_ODDITIES = 50;

export class Tally {
  readonly #counts = new Map<string, Map<TransportName, number>>();
  readonly dialled: Dialled[] = [];
  readonly oddities: string[] = [];
  odd = 0;

  count(what: string, transport: TransportName): void {
    const row = this.#counts.get(what) ?? new Map<TransportName, number>();
    this.#counts.set(what, row);
    row.set(transport, (row.get(transport) ?? 0) + 1);
  }

  of(what: string): number {
    return [...this.#counts.get(what)?.values() ?? []].reduce((sum, count) => sum + count, 0);
  }

  /** Something no phone may see. */
  oddity(text: string): void {
    this.odd += 1;
    if (this.oddities.length < KEPT_ODDITIES) this.oddities.push(`${new Date().toISOString()} ${text}`);
  }

  /** A table, a row an outcome, a column a transport. */
  table(): string {
    const rows = [...this.#counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, row]) =>
      [what, ...TRANSPORTS.map((transport) => String(row.get(transport) ?? 0)), String(this.of(what))]);
    const lines = [['', ...TRANSPORTS, 'all'], ...rows];
    const width = Math.max(...lines.map(([name = '']) => name.length));
    return lines.map(([name = '', ...cells]) => `${name.padEnd(width)}${cells.map((cell) => cell.padStart(8)).join('')}`).join('\n');
  }
}
