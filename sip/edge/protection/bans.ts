import type { ProtectionLimits } from './limits.js';
import { OldestOut } from './oldest-out.js';

export type BanReason = 'flood' | 'unknown-users' | 'by-hand';

/** An address from which nothing is taken for a while. Instants are ms on the clock handed in. */
export interface Ban {
  readonly address: string;
  readonly reason: BanReason;
  readonly since: number;
  readonly until: number;
  /** How many bans of this address in a row by its own doing, this one included. */
  readonly times: number;
}

const MAX_BANS = 16_384;
/** A ban that ended so long ago makes the next one no longer. */
const FORGET_MS = 86_400_000;

/** Bans with an end; each one of an address that does not learn lasts twice as long as the one before. */
export class Bans {
  readonly #bans = new OldestOut<Ban>(MAX_BANS);

  constructor(private readonly limits: ProtectionLimits) {}

  inForce(address: string, now: number): Ban | undefined {
    const ban = this.#bans.get(address);
    return ban !== undefined && ban.until > now ? ban : undefined;
  }

  /** @param seconds of a ban by hand; otherwise the length follows from the ones before */
  ban(address: string, reason: BanReason, now: number, seconds?: number): Ban {
    const before = this.#bans.get(address);
    const repeated = before !== undefined && before.until + FORGET_MS > now ? before.times : 0;
    const times = reason === 'by-hand' ? Math.max(1, repeated) : repeated + 1;
    const length = seconds ?? Math.min(this.limits.longestBanSeconds, this.limits.banSeconds * 2 ** Math.min(30, times - 1));
    const ban: Ban = { address, reason, since: now, until: now + length * 1_000, times };
    // Deleted first: a ban renewed is a young one.
    this.#bans.delete(address);
    this.#bans.set(address, ban);
    return ban;
  }

  /** Ends a ban and forgets it. @returns whether one was in force */
  lift(address: string, now: number): boolean {
    const lifted = this.inForce(address, now) !== undefined;
    this.#bans.delete(address);
    return lifted;
  }

  /** In force, by address. */
  list(now: number): readonly Ban[] {
    return [...this.#bans.values()].filter((ban) => ban.until > now).sort((a, b) => (a.address < b.address ? -1 : 1));
  }
}
