import { seatByNameOrCode } from '../licensing/catalogue.js';
import type { SeatUse } from './plan-row.js';

/** Seats that are free while rows take them, in their order, for the whole file. */
export class SeatLedger {
  readonly #free: Map<string, number>;

  constructor(free: Readonly<Record<string, number>>) {
    this.#free = new Map(Object.entries(free));
  }

  /** Takes and frees what a row needs; a sentence, and nothing is taken, where a seat is missing. */
  use({ taken, freed }: SeatUse): string | null {
    const missing = taken.find((code) => (this.#free.get(String(code)) ?? 0) < 1);
    if (missing !== undefined) {
      const name = seatByNameOrCode(String(missing))?.name ?? '';
      return `No seat of ${name} (${missing}) is left for this row. Subscribe more with PATCH /v2/cordboard/plans/${missing}, or unassign some.`;
    }
    for (const code of taken) this.#free.set(String(code), (this.#free.get(String(code)) ?? 0) - 1);
    for (const code of freed) this.#free.set(String(code), (this.#free.get(String(code)) ?? 0) + 1);
    return null;
  }

  free(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#free);
  }
}
