/** A 64-bit window over the counts of one nonce; bit 0 is the highest. */
interface Window {
  highest: number;
  used: bigint;
  expiresAt: number;
}

const MOST_NONCES = 50_000;

/**
 * Nonce uses seen by this node. A replay is refused without asking Redis, and refused still while Redis is away
 * (RFC 7616 §3.4.5). Same rules as scripts/nonce-window.lua.
 */
export class NonceMemory {
  readonly #windows = new Map<string, Window>();

  /** Marks the use of `count` (0 = client without qop: the nonce serves one request); true when it must be refused. */
  use(nonce: string, count: number, expiresAt: number, now: number): boolean {
    const window = this.#windows.get(nonce);
    if (!window || window.expiresAt <= now) {
      this.#makeRoom(now);
      this.#windows.delete(nonce);
      this.#windows.set(nonce, { highest: count, used: count === 0 ? 0n : 1n, expiresAt });
      return false;
    }
    if (count === 0) return true;
    const ahead = count - window.highest;
    if (ahead > 0) {
      window.used = ahead >= 64 ? 1n : BigInt.asUintN(64, window.used << BigInt(ahead)) | 1n;
      window.highest = count;
      return false;
    }
    if (ahead <= -64) return true;
    const mark = 1n << BigInt(-ahead);
    if ((window.used & mark) !== 0n) return true;
    window.used |= mark;
    return false;
  }

  get size(): number {
    return this.#windows.size;
  }

  /** The oldest leave first: nonces are met in the order they were made, so those have expired or soon will. */
  #makeRoom(now: number): void {
    for (const [nonce, window] of this.#windows) {
      if (window.expiresAt > now && this.#windows.size < MOST_NONCES) return;
      this.#windows.delete(nonce);
    }
  }
}
