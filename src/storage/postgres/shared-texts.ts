/**
 * Keeps one copy of texts that many rows repeat (ids of accounts and sites, departments, time zones, plan lists). Bounded:
 * once full, new texts are simply not shared.
 */
export class SharedTexts {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly unknown[]>();

  text<T extends string>(text: T): T {
    const known = this.#texts.get(text);
    // The copy has the same characters, hence the same type.
    if (known !== undefined) return known as T;
    if (this.#texts.size < LIMIT) this.#texts.set(text, text);
    return text;
  }

  list<T extends string | number>(list: readonly T[]): readonly T[] {
    const key = list.join(',');
    const known = this.#lists.get(key);
    if (known !== undefined) return known as readonly T[];
    if (this.#lists.size < LIMIT) this.#lists.set(key, list);
    return list;
  }
}

const LIMIT = 20_000;
