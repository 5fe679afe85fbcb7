import type { RateDeck } from '../../domain/charges/rate.js';
import { asId, type RateDeckId, type TrunkId } from '../../domain/ids.js';
import { change, type Actor, type Draft } from '../change.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { done, refused, type Outcome, type Refused } from '../outcome.js';
import { trunkNotFound } from '../trunks/set-trunks.js';

export interface WantedDeck {
  readonly name: string;
  readonly direction: RateDeck['direction'];
  /** Null = every trunk without a deck of its own. */
  readonly trunkId: TrunkId | null;
}

export const deckNotFound = (id: string): Refused => refused('not-found', 'deckId', 'There is no rate deck with this id.', id);

/** Makes a deck without rates: calls it is for are `unrated` until some are put in. */
export async function addRateDeck(deps: AdminDeps, actor: Actor, wanted: WantedDeck): Promise<Outcome<RateDeck>> {
  return change(deps, actor, async (draft) => {
    const deck: RateDeck = { id: asId<RateDeckId>(draft.newId()), accountId: draft.accountId, rateSet: draft.newId(), createdAt: draft.at, ...wanted };
    const taken = await placeProblem(draft, deck);
    if (taken !== null) return taken;
    await draft.stores.rateDecks.insert(deck);
    draft.note({ aggregate: 'rate_deck', id: deck.id, change: 'created', action: 'add-rate-deck', before: null, after: deck });
    return done(deck);
  });
}

/** Renames a deck, or gives it to another trunk; calls rated before keep their charges. */
export async function updateRateDeck(
  deps: AdminDeps, actor: Actor, id: string, wanted: Partial<Pick<WantedDeck, 'name' | 'trunkId'>>,
): Promise<Outcome<RateDeck>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.rateDecks.get(draft.accountId, asId<RateDeckId>(id));
    if (before === null) return deckNotFound(id);
    const after = { ...before, ...wanted };
    // A deck whose trunk is gone can still be renamed.
    const taken = await placeProblem(draft, after, wanted.trunkId !== undefined);
    if (taken !== null) return taken;
    await draft.stores.rateDecks.update(before.id, wanted);
    draft.note({ aggregate: 'rate_deck', id: before.id, change: 'updated', action: 'update-rate-deck', before, after });
    return done(after);
  });
}

/** Removes a deck with its rates; charges made by it stay. */
export async function removeRateDeck(deps: AdminDeps, actor: Actor, id: string): Promise<Outcome<null>> {
  return change(deps, actor, async (draft) => {
    const before = await draft.stores.rateDecks.get(draft.accountId, asId<RateDeckId>(id));
    if (before === null) return deckNotFound(id);
    await draft.stores.rateDecks.delete(before.id);
    draft.note({ aggregate: 'rate_deck', id: before.id, change: 'deleted', action: 'remove-rate-deck', before, after: null });
    return done(null);
  });
}

/** The trunk of a deck is no more, so no call is rated by it; null = it is there, or the deck is for every trunk. */
export async function trunkProblem({ stores, accountId }: Pick<Draft, 'stores' | 'accountId'>, { trunkId }: Pick<RateDeck, 'trunkId'>): Promise<Refused | null> {
  if (trunkId === null || await stores.trunks.get(accountId, trunkId) !== null) return null;
  const { problems } = trunkNotFound(trunkId, 'trunk_id');
  return { kind: 'refused', why: 'invalid', problems };
}

/** A name stands once, and so does a direction for a trunk that is there. */
async function placeProblem(draft: Draft, deck: RateDeck, trunkIsNew = true): Promise<Refused | null> {
  const others = (await draft.stores.rateDecks.all(draft.accountId)).filter(({ id }) => id !== deck.id);
  if (others.some(({ name }) => name.toLowerCase() === deck.name.toLowerCase())) {
    return refused('conflict', 'name', 'Another rate deck has this name. Choose a different one.', deck.name);
  }
  const same = others.find(({ direction, trunkId }) => direction === deck.direction && trunkId === deck.trunkId);
  if (same === undefined) return trunkIsNew ? trunkProblem(draft, deck) : null;
  const place = deck.trunkId === null ? 'for every trunk without one of its own' : 'for this trunk';
  return refused('conflict', 'trunk_id', `Rate deck ${same.name} is already there for ${deck.direction} calls ${place}. Put rates into it instead.`, deck.trunkId ?? '');
}
