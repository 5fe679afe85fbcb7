import type { AccountId } from '../domain/ids.js';
import type { GatewayFitness, TrunkFacts } from '../domain/routing/trunk-routes.js';
import type { GatewayHealth } from '../domain/trunk/gateway-health.js';
import type { Directory } from '../ports/directory.js';
import type { TrunkHealth } from '../ports/trunks.js';
import type { Clock } from '../ports/runtime.js';

/** Trunks with their gateways' health, as a call sees them now; from memory. */
export type SeeTrunks = (accountId: AccountId) => TrunkFacts;

export interface SeeTrunksDeps {
  readonly directory: Pick<Directory, 'trunks'>;
  readonly health: Pick<TrunkHealth, 'of'>;
  readonly clock: Clock;
  /** Uniform in 0–1. */
  readonly spread: () => number;
}

export function createSeeTrunks({ directory, health, clock, spread }: SeeTrunksDeps): SeeTrunks {
  return (accountId) => {
    const now = clock.now();
    const candidates = directory.trunks.trunks(accountId).map((trunk) => (
      { trunk, fitness: new Map(trunk.gateways.map(({ id }) => [id, fitnessOf(health.of(id), now)])) }));
    return { candidates, spread: spread() };
  };
}

function fitnessOf({ state, restsUntil }: GatewayHealth, now: number): GatewayFitness {
  return restsUntil !== null && restsUntil > now ? 'resting' : state;
}
