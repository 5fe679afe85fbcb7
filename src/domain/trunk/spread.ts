/** Something that is chosen by its weight. */
export interface Weighted {
  /** Lower comes first. */
  readonly priority: number;
  /** Share among equals; 0 = after all others of its priority. */
  readonly weight: number;
}

/** Items in the order to be tried, and what is left of the draw for a choice after this one. */
export interface Drawn<Item> {
  readonly items: readonly Item[];
  readonly spread: number;
}

/**
 * Orders by priority, and equals by weight as RFC 2782 does. `spread` (0 ≤ x < 1) is the whole chance: each choice uses up the part of it
 * that decided and goes on with the rest, so that one draw orders everything and equal draws give equal orders.
 */
export function drawOrder<Item extends Weighted>(items: readonly Item[], spread: number): Drawn<Item> {
  const ordered: Item[] = [];
  let rest = spread;
  for (const priority of [...new Set(items.map((item) => item.priority))].sort((a, b) => a - b)) {
    const equals = items.filter((item) => item.priority === priority);
    const open = equals.filter(({ weight }) => weight > 0);
    while (open.length > 0) {
      const total = open.reduce((sum, { weight }) => sum + weight, 0);
      let point = rest * total;
      const index = open.findIndex(({ weight }) => {
        if (point < weight) return true;
        point -= weight;
        return false;
      });
      const [chosen] = open.splice(Math.max(0, index), 1);
      if (chosen === undefined) break;
      rest = Math.min(point / chosen.weight, 1 - Number.EPSILON);
      ordered.push(chosen);
    }
    ordered.push(...equals.filter(({ weight }) => weight === 0));
  }
  return { items: ordered, spread: rest };
}
