import type { AccountId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';

/**
 * Which changes of each account the directory holds: all up to a version, and single ones beyond it. Another node's change in
 * between is thereby never taken for known because a later one of this node was applied.
 */
export class VersionTracker {
  readonly #upTo = new Map<AccountId, number>();
  readonly #beyond = new Map<AccountId, Set<number>>();

  /** Forgets everything and starts from what the database said before it was read. */
  reset(versions: ReadonlyMap<AccountId, number>): void {
    this.#upTo.clear();
    this.#beyond.clear();
    for (const [id, version] of versions) this.#upTo.set(id, version);
  }

  upTo(id: AccountId): number {
    return this.#upTo.get(id) ?? 0;
  }

  holds(event: Pick<ConfigEvent, 'accountId' | 'version'>): boolean {
    return event.version <= this.upTo(event.accountId) || (this.#beyond.get(event.accountId)?.has(event.version) ?? false);
  }

  applied(events: readonly ConfigEvent[]): void {
    for (const { accountId, version } of events) {
      if (version <= this.upTo(accountId)) continue;
      const beyond = this.#beyond.get(accountId) ?? new Set<number>();
      beyond.add(version);
      let next = this.upTo(accountId) + 1;
      while (beyond.delete(next)) next += 1;
      this.#upTo.set(accountId, next - 1);
      if (beyond.size > 0) this.#beyond.set(accountId, beyond);
      else this.#beyond.delete(accountId);
    }
  }
}
