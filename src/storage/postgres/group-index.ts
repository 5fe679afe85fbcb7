/**
 * Values found by a key that several may share. The lists handed out are never changed afterwards: a change makes a new one,
 * so that a call that holds a list keeps what it saw.
 */
export class GroupIndex<Value extends { readonly id: string }> {
  readonly #groups = new Map<string, readonly Value[]>();

  /** In the order of their ids. */
  get(key: string): readonly Value[] {
    return this.#groups.get(key) ?? [];
  }

  add(key: string, value: Value): void {
    const others = this.#groups.get(key)?.filter((other) => other.id !== value.id);
    if (others === undefined || others.length === 0) {
      this.#groups.set(key, [value]);
      return;
    }
    const following = others.findIndex((other) => other.id > value.id);
    this.#groups.set(key, following === -1 ? [...others, value] : others.toSpliced(following, 0, value));
  }

  remove(key: string, id: string): void {
    const rest = this.#groups.get(key)?.filter((other) => other.id !== id);
    if (rest === undefined) return;
    if (rest.length === 0) this.#groups.delete(key);
    else this.#groups.set(key, rest);
  }
}
