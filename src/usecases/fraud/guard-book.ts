import type { AccountId } from '../../domain/ids.js';
import type { FraudGuard } from '../../domain/fraud/guard.js';
import type { Stores } from '../../ports/admin-stores.js';
import type { ChangeFollower } from '../../ports/directory.js';

/** Guards as the call path sees them: in memory, following committed changes. */
export interface GuardBook extends ChangeFollower {
  of(accountId: AccountId): readonly FraudGuard[];
  accounts(): readonly AccountId[];
}

export function createGuardBook({ stores }: { readonly stores: Pick<Stores, 'fraudGuards'> }): GuardBook {
  const guards = new Map<AccountId, readonly FraudGuard[]>();
  return {
    of: (accountId) => guards.get(accountId) ?? [],
    accounts: () => [...guards.keys()],
    async load() {
      const all = await stores.fraudGuards.everywhere();
      guards.clear();
      for (const { accountId } of all) guards.set(accountId, all.filter((guard) => guard.accountId === accountId));
    },
    async apply(events) {
      const accounts = new Set(events.filter(({ aggregate }) => aggregate === 'fraud_guard').map(({ accountId }) => accountId));
      for (const accountId of accounts) guards.set(accountId, await stores.fraudGuards.all(accountId));
    },
  };
}
