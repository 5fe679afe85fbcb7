import type { NumberPattern } from './number-pattern.js';

type Entry = Pick<NumberPattern, 'match' | 'number'> & { readonly id: string };

/**
 * Entries found by the numbers they match, whatever their count: a lookup is one probe for the whole number and one for each
 * of its beginnings. Lists handed out are never changed afterwards.
 */
export class PatternIndex<Value extends Entry> {
  readonly #whole = new Map<string, readonly Value[]>();
  readonly #prefixes = new Map<string, readonly Value[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Every entry that matches, the most specific first: the whole number, then the longest beginning. */
  matching(number: string): readonly Value[] {
    const found = [...this.#whole.get(number) ?? []];
    for (let length = number.length; length > 0; length -= 1) {
      const entries = this.#prefixes.get(number.slice(0, length));
      if (entries !== undefined) found.push(...entries);
    }
    return found;
  }

  add(value: Value): void {
    const map = this.#mapOf(value);
    map.set(value.number, [...map.get(value.number) ?? [], value]);
    this.#size += 1;
  }

  remove(value: Value): void {
    const map = this.#mapOf(value);
    const before = map.get(value.number) ?? [];
    const rest = before.filter(({ id }) => id !== value.id);
    if (rest.length === 0) map.delete(value.number);
    else map.set(value.number, rest);
    this.#size -= before.length - rest.length;
  }

  #mapOf({ match }: Entry): Map<string, readonly Value[]> {
    return match === 'prefix' ? this.#prefixes : this.#whole;
  }
}
