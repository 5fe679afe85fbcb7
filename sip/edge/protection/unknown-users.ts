import { OldestOut } from './oldest-out.js';

/** User names one address tried in vain, each with the instant, oldest first. */
interface Attempts {
  /** Asked for credentials and not heard of again yet. */
  readonly challenged: Map<string, number>;
  readonly failed: Map<string, number>;
}

const MAX_SOURCES = 16_384;
const MAX_NAMES = 4_096;
/** A phone answers a challenge within the life of a transaction; who has not by then did not know the password. */
const GRACE_MS = 10_000;

/** Distinct user names that were no users, by address: what tells a scanner from a phone with a wrong password. */
export class UnknownUsers {
  readonly #sources = new OldestOut<Attempts>(MAX_SOURCES);

  constructor(private readonly windowMs: number) {}

  /** A request without credentials was challenged. @returns distinct unknown users of the address by now */
  challenged(address: string, user: string, now: number): number {
    const attempts = this.#of(address);
    if (!attempts.failed.has(user) && !attempts.challenged.has(user)) keep(attempts.challenged, user, now);
    return this.#count(attempts, now);
  }

  /** Credentials that were wrong, or a user that is none. @returns distinct unknown users of the address by now */
  failed(address: string, user: string, now: number): number {
    const attempts = this.#of(address);
    attempts.challenged.delete(user);
    if (!attempts.failed.has(user)) keep(attempts.failed, user, now);
    return this.#count(attempts, now);
  }

  /** The user is one after all. */
  succeeded(address: string, user: string): void {
    const attempts = this.#sources.get(address);
    attempts?.challenged.delete(user);
    attempts?.failed.delete(user);
  }

  forget(address: string): void {
    this.#sources.delete(address);
  }

  #of(address: string): Attempts {
    const known = this.#sources.get(address);
    if (known !== undefined) return known;
    const made: Attempts = { challenged: new Map(), failed: new Map() };
    this.#sources.set(address, made);
    return made;
  }

  #count(attempts: Attempts, now: number): number {
    for (const [user, at] of attempts.challenged) {
      if (at > now - GRACE_MS) break;
      attempts.challenged.delete(user);
      keep(attempts.failed, user, now);
    }
    for (const [user, at] of attempts.failed) {
      if (at > now - this.windowMs) break;
      attempts.failed.delete(user);
    }
    return attempts.failed.size;
  }
}

function keep(names: Map<string, number>, user: string, now: number): void {
  if (names.size < MAX_NAMES) names.set(user, now);
}
