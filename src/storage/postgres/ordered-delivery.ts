import type { AccountId, EventId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import type { Log } from '../../ports/runtime.js';

export interface DeliverySink {
  /** Hands committed events of one account, in order, to the process's consumers; a rejection means: again later. */
  onCommitted(events: readonly ConfigEvent[]): Promise<void>;
  markSent(ids: readonly EventId[]): Promise<void>;
}

/** A place in the account's order, taken while its row is locked, given up by `done`. */
export interface Turn {
  /** Resolves when every earlier place of the account was given up. */
  readonly earlier: Promise<void>;
  done(): void;
}

/** Events kept for another try, at most; the outbox has them all. */
const RETRY_LIMIT = 1000;

/**
 * Delivers this process's events in the order of their versions, account by account: two transactions may see their commits
 * in the other order, and a failed delivery must not be overtaken.
 */
export class OrderedDelivery {
  readonly #sink: DeliverySink;
  readonly #log: Log;
  readonly #last = new Map<AccountId, Promise<void>>();
  readonly #undelivered = new Map<AccountId, readonly ConfigEvent[]>();

  constructor(sink: DeliverySink, log: Log) {
    this.#sink = sink;
    this.#log = log;
  }

  /** To be called as soon as the event's version is known, before another transaction can get the next one. */
  takeTurn(accountId: AccountId): Turn {
    const earlier = this.#last.get(accountId) ?? Promise.resolve();
    let done = (): void => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    const chain = earlier.then(() => finished).then(() => {
      if (this.#last.get(accountId) === chain) this.#last.delete(accountId);
    });
    this.#last.set(accountId, chain);
    return { earlier, done };
  }

  /** Delivers and marks one account's events; never rejects, since the change is committed: the sweeper tries again. */
  async deliver(accountId: AccountId, events: readonly ConfigEvent[]): Promise<void> {
    const batch = inOrder([...(this.#undelivered.get(accountId) ?? []), ...events]);
    const ids = batch.map((event) => event.id);
    try {
      await this.#sink.onCommitted(batch);
    } catch (error) {
      this.#undelivered.set(accountId, batch.slice(0, RETRY_LIMIT));
      this.#log.warn('config-events-undelivered', { accountId, count: batch.length, reason: reasonOf(error) });
      return;
    }
    this.#undelivered.delete(accountId);
    await this.#sink.markSent(ids).catch((error: unknown) => {
      this.#log.warn('config-events-unmarked', { accountId, count: ids.length, reason: reasonOf(error) });
    });
  }
}

function inOrder(events: readonly ConfigEvent[]): readonly ConfigEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()].sort((a, b) => a.version - b.version);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
