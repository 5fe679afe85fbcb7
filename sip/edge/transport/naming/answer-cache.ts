import type { Answer } from './records.js';

/** RFC 1035 §3.2.1 lets records live for ever; a server that moved must be found again. */
const LONGEST_MS = 3_600_000;

interface Known<T> {
  readonly records: readonly T[];
  readonly until: number;
}

/** Answers of one kind by name, kept as long as they hold; whoever asks while a question is open shares its answer. */
export class AnswerCache<T> {
  readonly #known = new Map<string, Known<T>>();
  readonly #open = new Map<string, Promise<readonly T[]>>();

  /**
   * @param ask must not reject
   * @param now milliseconds on any clock
   * @param limit names kept; the one asked first goes first
   */
  constructor(
    private readonly ask: (name: string) => Promise<Answer<T>>,
    private readonly now: () => number,
    private readonly limit = 2_000,
  ) {}

  get size(): number {
    return this.#known.size;
  }

  /** @param name any case */
  async get(name: string): Promise<readonly T[]> {
    const key = name.toLowerCase();
    const known = this.#known.get(key);
    if (known !== undefined && known.until > this.now()) return known.records;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = this.ask(key).then((answer) => this.#keep(key, answer)).finally(() => this.#open.delete(key));
      this.#open.set(key, open);
    }
    return open;
  }

  #keep(key: string, { records, ttlMs }: Answer<T>): readonly T[] {
    this.#known.delete(key);
    if (ttlMs <= 0) return records;
    const oldest = this.#known.size >= this.limit ? this.#known.keys().next() : undefined;
    if (oldest?.done === false) this.#known.delete(oldest.value);
    this.#known.set(key, { records, until: this.now() + Math.min(ttlMs, LONGEST_MS) });
    return records;
  }
}
