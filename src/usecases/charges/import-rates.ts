import { planRateImport, type RateFileRow, type RatePlan } from '../../domain/charges/rate-import.js';
import type { Rate, RateDeck } from '../../domain/charges/rate.js';
import { asId, type RateDeckId } from '../../domain/ids.js';
import type { AdminDeps } from '../admin/admin-deps.js';
import { change, type Actor } from '../change.js';
import { done, refused, type Outcome } from '../outcome.js';
import { deckNotFound, trunkProblem } from './rate-decks.js';

/** Rates a deck may hold: the largest decks of carriers have about half as many. */
export const MOST_RATES = 200_000;
/** Rates of a statement. */
const PIECE = 500;

export interface ImportRequest {
  readonly deckId: string;
  readonly rows: readonly RateFileRow[];
  /** The file is the whole deck; else its rows are put among the others. */
  readonly replace: boolean;
  /** Only says what would change. */
  readonly dryRun: boolean;
}

export interface Imported extends Omit<RatePlan, 'rates'> {
  readonly rates: number;
  readonly applied: boolean;
}

/**
 * Puts a file of rates into a deck: all of it, or with one wrong row nothing. New rates are written beside the old ones in small pieces, and
 * hold with one change of the deck, so calls that end meanwhile find a whole deck, old or new. A file that changes nothing writes nothing.
 */
export async function importRates(deps: AdminDeps, actor: Actor, request: ImportRequest): Promise<Outcome<Imported>> {
  const deck = await deps.stores.rateDecks.get(actor.accountId, asId<RateDeckId>(request.deckId));
  if (deck === null) return deckNotFound(request.deckId);
  const lost = await trunkProblem({ stores: deps.stores, accountId: actor.accountId }, deck);
  if (lost !== null) return lost;
  const result = planRateImport(await allRates(deps, deck), request.rows, request.replace);
  if (result.kind === 'wrong') {
    return { kind: 'refused', why: 'invalid', problems: result.problems.map(({ line, column, value, text }) => ({ field: `line ${line}: ${column}`, value, text })) };
  }
  const { rates, ...counts } = result.plan;
  if (rates.length > MOST_RATES) return refused('invalid', 'body', `A rate deck holds at most ${MOST_RATES} rates; this makes ${rates.length}. Split it by trunk.`);
  const isNews = counts.added + counts.changed + counts.removed > 0;
  if (request.dryRun || !isNews) return done({ ...counts, rates: rates.length, applied: !request.dryRun });
  return apply(deps, actor, deck, rates, counts);
}

async function apply(deps: AdminDeps, actor: Actor, deck: RateDeck, rates: readonly Rate[], counts: Omit<RatePlan, 'rates'>): Promise<Outcome<Imported>> {
  const rateSet = deps.ids.next();
  for (let start = 0; start < rates.length; start += PIECE) {
    await deps.stores.rates.add(actor.accountId, rateSet, rates.slice(start, start + PIECE), deps.clock.now());
  }
  return change(deps, actor, async (draft) => {
    const now = await draft.stores.rateDecks.get(draft.accountId, deck.id);
    if (now === null) return deckNotFound(deck.id);
    if (now.rateSet !== deck.rateSet) return refused('conflict', 'deckId', 'Somebody else has imported rates into this deck meanwhile. Look at it and import again.', deck.id);
    await draft.stores.rateDecks.update(deck.id, { rateSet });
    draft.note({
      aggregate: 'rate_deck', id: deck.id, change: 'updated', action: 'import-rates', before: { rateSet: deck.rateSet }, after: { rateSet, rates: rates.length, ...counts },
    });
    return done({ ...counts, rates: rates.length, applied: true });
  });
}

async function allRates({ stores }: AdminDeps, { rateSet }: RateDeck): Promise<readonly Rate[]> {
  const rates: Rate[] = [];
  for (let after: string | null = null; ;) {
    const page = await stores.rates.rows(rateSet, { size: PIECE * 2, after });
    rates.push(...page.items);
    if (page.next === null) return rates;
    after = page.next;
  }
}
