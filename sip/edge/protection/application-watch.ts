/** So many requests must wait before silence of the application is overload rather than one request it forgot. */
const STALLED = 20;

/** How long the application takes to answer requests other than INVITE, whose answer waits for people. */
export class ApplicationWatch {
  /** By transaction id, oldest first. */
  readonly #asked = new Map<string, number>();
  #answered = 0;
  #totalMs = 0;

  get pending(): number {
    return this.#asked.size;
  }

  asked(id: string, now: number): void {
    this.#asked.set(id, now);
  }

  answered(id: string, now: number): void {
    const at = this.#asked.get(id);
    if (at === undefined) return;
    this.#asked.delete(id);
    this.#answered += 1;
    this.#totalMs += now - at;
  }

  /** @returns ms: the mean since the last look; without any answer, how long `STALLED` requests have waited */
  look(now: number): number {
    const mean = this.#answered === 0 ? undefined : this.#totalMs / this.#answered;
    this.#answered = 0;
    this.#totalMs = 0;
    if (mean !== undefined) return mean;
    if (this.#asked.size < STALLED) return 0;
    let rank = 0;
    for (const at of this.#asked.values()) {
      rank += 1;
      if (rank === STALLED) return now - at;
    }
    return 0;
  }
}
