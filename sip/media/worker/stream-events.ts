/** Listeners of one endpoint or relay. `closed` comes once, also to those who ask too late. */
export class StreamEvents {
  readonly #closed = new Set<() => void>();
  readonly #inactive = new Set<() => void>();
  #isClosed = false;

  on(event: 'closed' | 'inactive', listener: () => void): void {
    if (event === 'inactive') this.#inactive.add(listener);
    else if (this.#isClosed) queueMicrotask(listener);
    else this.#closed.add(listener);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  inactive(): void {
    if (!this.#isClosed) for (const listener of [...this.#inactive]) listener();
  }

  /** Whether it was still open. */
  close(): boolean {
    if (this.#isClosed) return false;
    this.#isClosed = true;
    for (const listener of [...this.#closed]) listener();
    return true;
  }
}
