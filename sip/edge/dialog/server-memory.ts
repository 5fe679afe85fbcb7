import type { ConnectTarget } from '../transport/transport.js';

/** Keys that hold for a while; the one marked first goes first. */
class ExpiringKeys {
  readonly #until = new Map<string, number>();

  constructor(private readonly now: () => number, private readonly limit = 4_096) {}

  add(key: string, forMs: number): void {
    this.#until.delete(key);
    const oldest = this.#until.size >= this.limit ? this.#until.keys().next() : undefined;
    if (oldest?.done === false) this.#until.delete(oldest.value);
    this.#until.set(key, this.now() + forMs);
  }

  delete(key: string): void {
    this.#until.delete(key);
  }

  has(key: string): boolean {
    const until = this.#until.get(key);
    if (until === undefined || until > this.now()) return until !== undefined;
    this.#until.delete(key);
    return false;
  }
}

/** A server that failed is tried last so long. */
const DOWN_MS = 32_000;
const LONGEST_DOWN_MS = 300_000;
const WITHOUT_TCP_MS = 300_000;

const keyOf = ({ transport, host, port }: ConnectTarget): string => `${transport} ${host} ${port}`;

/** What earlier requests taught us about servers. */
export class ServerMemory {
  readonly #down: ExpiringKeys;
  readonly #withoutTcp: ExpiringKeys;

  /** @param now milliseconds on any clock */
  constructor(now: () => number) {
    this.#down = new ExpiringKeys(now);
    this.#withoutTcp = new ExpiringKeys(now);
  }

  /** @param retryAfterS what a 503 said (RFC 3261 §21.5.4) */
  failed(target: ConnectTarget, retryAfterS?: number): void {
    const wished = retryAfterS === undefined || Number.isNaN(retryAfterS) ? DOWN_MS : retryAfterS * 1_000;
    this.#down.add(keyOf(target), Math.min(LONGEST_DOWN_MS, Math.max(DOWN_MS, wished)));
  }

  answered(target: ConnectTarget): void {
    this.#down.delete(keyOf(target));
  }

  isDown(target: ConnectTarget): boolean {
    return this.#down.has(keyOf(target));
  }

  /** The peer at this UDP address took no TCP connection. */
  refusedTcp(target: ConnectTarget): void {
    this.#withoutTcp.add(`${target.host} ${target.port}`, WITHOUT_TCP_MS);
  }

  isWithoutTcp(target: ConnectTarget): boolean {
    return this.#withoutTcp.has(`${target.host} ${target.port}`);
  }
}
