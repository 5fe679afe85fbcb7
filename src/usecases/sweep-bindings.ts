import type { Clock } from '../ports/runtime.js';
import type { LocationService } from '../ports/location-service.js';

const BATCH = 500;
const ROUNDS = 20;

/** Removes expired bindings, in batches; resolves with how many went. Throws StorageFault. */
export function createSweepBindings(
  deps: { readonly location: Pick<LocationService, 'sweep'>; readonly clock: Clock },
): () => Promise<number> {
  return async () => {
    let swept = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const went = await deps.location.sweep(deps.clock.now(), BATCH);
      swept += went;
      if (went < BATCH) break;
    }
    return swept;
  };
}
