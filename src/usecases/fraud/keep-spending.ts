import { costKey, minutesKey } from '../../domain/fraud/watched-call.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { CallControl } from '../../ports/call-control.js';
import type { FraudCounters } from '../../ports/fraud-stores.js';
import type { Clock } from '../../ports/runtime.js';
import type { GuardBook } from './guard-book.js';

export interface KeepSpendingDeps {
  readonly stores: Pick<Stores, 'spending'>;
  readonly guards: GuardBook;
  readonly calls: Pick<CallControl, 'list'>;
  readonly counters: FraudCounters;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * Keeps what every extension spent and talked today where calls read it: absolute sums of the charges, so that doing it twice changes nothing,
 * with the minutes of calls that are up on this node. Costs nothing while no guard asks for it.
 */
export function createKeepSpending({ stores, guards, calls, counters, clock }: KeepSpendingDeps): () => Promise<number> {
  return async () => {
    let kept = 0;
    for (const accountId of guards.accounts()) {
      const asked = guards.of(accountId).filter(({ enabled, metric }) => enabled && (metric === 'cost-per-day' || metric === 'minutes-per-day'));
      if (asked.length === 0) continue;
      const now = clock.now();
      const start = now - now % DAY_MS;
      const day = new Date(now).toISOString().slice(0, 10);
      const sums = await stores.spending.since(accountId, start);
      const minutes = new Map<string, number>();
      const add = (extensionId: string, ms: number): void => void minutes.set(extensionId, (minutes.get(extensionId) ?? 0) + ms);
      for (const { extensionId, durationMs } of sums) add(extensionId, durationMs);
      for (const { caller, callee, answeredAt } of calls.list(accountId)) {
        if (caller.extensionId !== null && callee.extensionId === null && answeredAt !== null) add(caller.extensionId, now - Math.max(answeredAt, start));
      }
      const values = [
        ...sums.filter(({ currency }) => currency !== '').map(({ extensionId, currency, total }) => ({ key: costKey(extensionId, day, currency), value: total })),
        ...[...minutes].map(([extensionId, ms]) => ({ key: minutesKey(extensionId, day), value: Math.floor(ms / MINUTE_MS) })),
      ];
      await counters.put(values.map((one) => ({ ...one, ttlMs: 2 * DAY_MS })));
      kept += values.length;
    }
    return kept;
  };
}
