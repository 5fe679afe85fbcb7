/** Something that happens once at most, and pauses that it cuts short. */
export class Cut {
  #done = false;
  readonly #waiting = new Set<() => void>();

  get done(): boolean {
    return this.#done;
  }

  happen(): void {
    this.#done = true;
    for (const tell of [...this.#waiting]) tell();
    this.#waiting.clear();
  }

  /** Calls back when it happens, at once if it has; the returned function calls that off. */
  whenHappened(tell: () => void): () => void {
    if (this.#done) {
      tell();
      return () => undefined;
    }
    this.#waiting.add(tell);
    return () => this.#waiting.delete(tell);
  }
}

/** Waits that long, or until one of these happens. */
export function pause(milliseconds: number, ...cuts: readonly Cut[]): Promise<void> {
  return new Promise((resolve) => {
    let callOff: readonly (() => void)[] = [];
    const settle = (): void => {
      clearTimeout(timer);
      for (const off of callOff) off();
      resolve();
    };
    const timer = setTimeout(settle, milliseconds);
    callOff = cuts.map((cut) => cut.whenHappened(settle));
  });
}
