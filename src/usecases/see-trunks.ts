import type { AccountId } from '../domain/ids.js';
import type { TrunkFacts } from '../domain/routing/trunk-routes.js';
import type { Directory } from '../ports/directory.js';
import type { TrunkHealth } from '../ports/trunks.js';
import type { Clock } from '../ports/runtime.js';

/** Trunks with their rules and their gateways' health, as a call sees them now; from memory. */
export type SeeTrunks = (accountId: AccountId) => TrunkFacts;

export interface SeeTrunksDeps {
  readonly directory: Pick<Directory, 'trunks'>;
  readonly health: Pick<TrunkHealth, 'of'>;
  readonly clock: Clock;
  /** 0 ≤ x < 1, drawn for each call. */
  readonly spread: () => number;
}

export function createSeeTrunks({ directory, health, clock, spread }: SeeTrunksDeps): SeeTrunks {
  return (accountId) => ({
    trunks: directory.trunks.trunks(accountId), rules: directory.trunks.rules(accountId), health: (id) => health.of(id), at: clock.now(), spread: spread(),
  });
}
