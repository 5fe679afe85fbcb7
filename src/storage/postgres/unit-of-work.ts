import type { AccountId } from '../../domain/ids.js';
import type { ConfigEvent } from '../../domain/events.js';
import type { ChangeStores, UnitOfWork } from '../../ports/admin-stores.js';
import { StorageFault } from '../../ports/runtime.js';
import type { PostgresDatabase } from './database.js';
import { OrderedDelivery } from './ordered-delivery.js';
import type { Turn } from './ordered-delivery.js';
import { announce, announceAll, claimUnsent, markSent } from './outbox.js';
import { storesOver } from './stores.js';

export interface UnitOfWorkOptions {
  /** Applies committed events of one account, in order, to this process's caches; idempotent by event id. */
  onCommitted(events: readonly ConfigEvent[]): Promise<void>;
  /** How long the process that committed has for delivery before sweepers take over; default 5000 ms. */
  readonly claimMs?: number;
  /** Longest unit of work before it is rolled back as a fault; default 30 000 ms. */
  readonly transactionMs?: number;
}

export interface PostgresUnitOfWork extends UnitOfWork {
  /** Delivers what a killed process or a failed delivery left; to be called each second. Returns how many events it took. */
  sweepOutbox(): Promise<number>;
}

const CLAIM_MS = 5000;
const TRANSACTION_MS = 30_000;
const SWEEP_SIZE = 500;

/** Transactions over `db`; see `UnitOfWork` for what they promise. */
export function createUnitOfWork(db: PostgresDatabase, options: UnitOfWorkOptions): PostgresUnitOfWork {
  const claimMs = options.claimMs ?? CLAIM_MS;
  const transactionMs = options.transactionMs ?? TRANSACTION_MS;
  const delivery = new OrderedDelivery(
    { onCommitted: (events) => options.onCommitted(events), markSent: (ids) => markSent(db.queries, ids) },
    db.log,
  );

  const run: UnitOfWork['run'] = async (fn) => {
    const turns = new Map<AccountId, Turn>();
    const events: ConfigEvent[] = [];
    const transaction = await db.queries.startTransaction().execute();
    try {
      const stores: ChangeStores = {
        ...storesOver(transaction),
        emit: async (event) => {
          const announced = await announce(transaction, event, claimMs);
          if (!turns.has(event.accountId)) turns.set(event.accountId, delivery.takeTurn(event.accountId));
          events.push(announced);
        },
        emitAll: async (many) => {
          for (const accountId of new Set(many.map((event) => event.accountId))) {
            const announced = await announceAll(transaction, accountId, many.filter((event) => event.accountId === accountId), claimMs);
            if (!turns.has(accountId)) turns.set(accountId, delivery.takeTurn(accountId));
            events.push(...announced);
          }
        },
      };
      const mark = { open: true };
      const outcome = await within(transactionMs, db.insideWork(mark, () => fn(stores))).finally(() => (mark.open = false));
      if (outcome.end === 'rollback') {
        await transaction.rollback().execute();
        return outcome.value;
      }
      await transaction.commit().execute();
      await deliverInTurn(delivery, turns, events);
      return outcome.value;
    } catch (error) {
      // The first error is the one to tell; a rollback that fails, too, has given its connection up.
      if (!transaction.isCommitted && !transaction.isRolledBack) await transaction.rollback().execute().catch(() => undefined);
      throw error;
    } finally {
      for (const turn of turns.values()) turn.done();
    }
  };

  const sweepOutbox = async (): Promise<number> => {
    const events = await claimUnsent(db.queries, SWEEP_SIZE, claimMs);
    const accounts = [...new Set(events.map((event) => event.accountId))];
    await Promise.all(accounts.map(async (accountId) => {
      const turn = delivery.takeTurn(accountId);
      try {
        await deliverInTurn(delivery, new Map([[accountId, turn]]), events);
      } finally {
        turn.done();
      }
    }));
    return events.length;
  };

  return { run, sweepOutbox };
}

async function deliverInTurn(
  delivery: OrderedDelivery, turns: ReadonlyMap<AccountId, Turn>, events: readonly ConfigEvent[],
): Promise<void> {
  for (const [accountId, turn] of turns) {
    await turn.earlier;
    await delivery.deliver(accountId, events.filter((event) => event.accountId === accountId));
  }
}

/** What `work` resolves to, or a StorageFault after `ms`: a unit of work that hangs would hold its rows, and all of PGlite. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StorageFault('postgres', new Error(`unit of work took longer than ${ms} ms`))), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
