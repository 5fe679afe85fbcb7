import type { FamilyStores } from '../../ports/family-stores.js';
import type { Clock } from '../../ports/runtime.js';

/** Rates of a statement, so that none holds others up for long. */
const PIECE = 1000;
/** An import writes its rates first and names them last: what was written lately may be one on its way. */
const GRACE_MS = 86_400_000;

/** Deletes the rates that imports replaced, those of removed decks, and those of imports that came to nothing; resolves with how many. */
export function createPurgeRates({ stores, clock }: { readonly stores: Pick<FamilyStores, 'rates'>; readonly clock: Clock }): () => Promise<number> {
  return async () => {
    const before = clock.now() - GRACE_MS;
    let gone = 0;
    for (let piece = PIECE; piece === PIECE; gone += piece) piece = await stores.rates.deleteUnnamed(before, PIECE);
    return gone;
  };
}
