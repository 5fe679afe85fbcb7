import { sql } from 'kysely';
import type { AccountId, CallRecordId, ExtensionId } from '../../domain/ids.js';
import type { CallRecord } from '../../domain/calls/call-event.js';
import { countryOfNumber } from '../../domain/calls/number-country.js';
import { chargeableCall, type CallCharge, type ChargeableCall } from '../../domain/charges/charge.js';
import { catalogueMinutes, rateCall, type SecondsLeft } from '../../domain/charges/rate-call.js';
import { prefixesOf, rateAt, type Rate, type RateDeck } from '../../domain/charges/rate.js';
import type { SeatCode } from '../../domain/licensing/plans.js';
import { toE164 } from '../../domain/numbering/e164.js';
import { instant } from './columns.js';
import type { Queries } from './database.js';
import { createPlanAllowanceStore, createRateDeckStore, createRateStore } from './rate-deck-store.js';

/** Seconds that plans have included so far, by holder, plan and month; carried on from one batch of calls to the next. */
export type IncludedSeconds = Map<string, number>;

/** What an earlier rating left: its charges, and what plans had included before the calls at hand. */
export interface RatedBefore {
  readonly charges: ReadonlyMap<CallRecordId, CallCharge>;
  readonly included: IncludedSeconds;
}

interface Payer {
  readonly home: string;
  readonly plans: readonly SeatCode[];
}

/** What is known of an account while its calls are rated. */
interface Prices {
  readonly decks: readonly RateDeck[];
  /** Minutes by plan where they differ from the catalogue. */
  readonly minutes: ReadonlyMap<SeatCode, number | null>;
  readonly country: string;
}

/**
 * The charges of records that are over, in the order given, which is the order in which included minutes are used up. Statements a batch, not
 * a call. Plans are those that people hold now; of calls that were rated before, those of then.
 */
export async function chargesOf(
  queries: Queries, records: readonly CallRecord[], at: number, again: RatedBefore | null = null,
): Promise<readonly CallCharge[]> {
  const calls = records.flatMap((record) => chargeableCall(record) ?? []);
  if (calls.length === 0) return [];
  const now = await payersOf(queries, calls);
  const payerOf = (call: ChargeableCall): Payer | undefined => (
    again?.charges.get(call.callId) ?? (call.extensionId === null ? undefined : now.get(call.extensionId)));
  const included = again?.included ?? await includedSoFar(queries, calls);
  const charges: CallCharge[] = [];
  for (const [accountId, ofAccount] of grouped(calls, (call) => call.accountId)) {
    const prices = await pricesOf(queries, accountId);
    for (const [deck, ofDeck] of grouped(ofAccount, (call) => deckFor(prices.decks, call))) {
      charges.push(...await chargeBatch(queries, ofDeck, deck, prices, payerOf, included, at));
    }
  }
  return charges;
}

async function chargeBatch(
  queries: Queries, calls: readonly ChargeableCall[], deck: RateDeck | null, prices: Prices, payerOf: (call: ChargeableCall) => Payer | undefined,
  included: IncludedSeconds, at: number,
): Promise<readonly CallCharge[]> {
  const readable = calls.map((call) => {
    const payer = payerOf(call) ?? { home: prices.country, plans: [] };
    return { call: { ...call, number: e164Of(call.number, payer.home) }, payer };
  });
  const rates = deck === null ? [] : await createRateStore(queries).withPrefixes(deck.rateSet, readable.flatMap(({ call }) => prefixesOf(call.number)));
  const byPrefix = grouped(rates, ({ prefix }) => prefix);
  return readable.map(({ call, payer }): CallCharge => {
    const fitting = prefixesOf(call.number).flatMap((prefix): readonly Rate[] => byPrefix.get(prefix) ?? []);
    const country = countryOfNumber(call.number, '').iso || null;
    const left: SecondsLeft = (plan) => {
      const minutes = prices.minutes.has(plan) ? prices.minutes.get(plan) ?? null : catalogueMinutes(plan);
      return minutes === null ? Infinity : Math.max(0, minutes * 60 - (included.get(usageKey(call, plan)) ?? 0));
    };
    const price = rateCall({ ...call, country, home: payer.home, plans: payer.plans }, rateAt(fitting, call.number, call.startedAt), left);
    if (price.plan !== null) included.set(usageKey(call, price.plan), (included.get(usageKey(call, price.plan)) ?? 0) + price.includedSeconds);
    return { ...call, ...price, deckId: price.prefix === null ? null : deck?.id ?? null, home: payer.home, country, plans: payer.plans, ratedAt: at };
  });
}

/** The trunk's own deck, else the one of every trunk. */
function deckFor(decks: readonly RateDeck[], { direction, trunkId }: ChargeableCall): RateDeck | null {
  const fitting = decks.filter((deck) => deck.direction === direction);
  return fitting.find((deck) => deck.trunkId !== null && deck.trunkId === trunkId) ?? fitting.find((deck) => deck.trunkId === null) ?? null;
}

function e164Of(number: string, home: string): string {
  return number.startsWith('+') ? number : toE164(number, { country: home, areaCode: '' })?.e164 ?? number;
}

function usageKey({ extensionId, startedAt }: Pick<ChargeableCall, 'extensionId' | 'startedAt'>, plan: SeatCode): string {
  return `${extensionId ?? ''} ${plan} ${new Date(startedAt).toISOString().slice(0, 7)}`;
}

async function pricesOf(queries: Queries, accountId: AccountId): Promise<Prices> {
  const decks = await createRateDeckStore(queries).all(accountId);
  const minutes = new Map((await createPlanAllowanceStore(queries).all(accountId)).map((one) => [one.plan, one.minutes] as const));
  const account = await queries.selectFrom('accounts').select('country').where('id', '=', accountId).executeTakeFirst();
  return { decks, minutes, country: account?.country ?? '' };
}

/** Home and plans of who pays, as they are now; people who are gone hold nothing. */
async function payersOf(queries: Queries, calls: readonly ChargeableCall[]): Promise<ReadonlyMap<ExtensionId, Payer>> {
  const ids = [...new Set(calls.flatMap(({ extensionId }) => extensionId ?? []))];
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ readonly id: ExtensionId; readonly home: string; readonly plans: readonly SeatCode[] }>`
    select e.id, coalesce(c.country, s.country) as home,
      coalesce((select jsonb_agg(a.code order by a.kind, a.position) from plan_assignments a
        where a.kind in ('calling-plan', 'add-on') and (a.user_id = e.owner_id or a.common_area_id = e.owner_id)), '[]'::jsonb) as plans
    from extensions e join sites s on s.id = e.site_id left join common_areas c on c.extension_id = e.id
    where e.id = any(${ids}::text[])`.execute(queries);
  return new Map(rows.map(({ id, home, plans }) => [id, { home, plans }]));
}

/** What plans included in the months of the calls, before them. */
async function includedSoFar(queries: Queries, calls: readonly ChargeableCall[]): Promise<IncludedSeconds> {
  const holders = [...new Set(calls.flatMap(({ extensionId }) => extensionId ?? []))];
  if (holders.length === 0) return new Map();
  const earliest = Math.min(...calls.map(({ startedAt }) => startedAt));
  return includedSeconds(queries, { holders, from: monthOf(earliest) });
}

/** Seconds that plans included in calls of the holders, or of everybody of the account, that began from `from` on and before `before`. */
export async function includedSeconds(
  queries: Queries,
  { holders, accountId, from, before }: { readonly holders?: readonly ExtensionId[]; readonly accountId?: AccountId; readonly from: number; readonly before?: number },
): Promise<IncludedSeconds> {
  const month = sql<string>`to_char(started_at at time zone 'UTC', 'YYYY-MM')`;
  const rows = await queries.selectFrom('call_charges').select(['extension_id', 'included_plan', month.as('month')])
    .select(({ fn }) => fn.sum<string>('included_seconds').as('seconds'))
    .where('included_plan', 'is not', null).where('started_at', '>=', instant(from))
    .$if(holders !== undefined, (query) => query.where(sql<boolean>`extension_id = any(${[...holders ?? []]}::text[])`))
    .$if(accountId !== undefined, (query) => query.where(sql<boolean>`account_id = ${accountId}`))
    .$if(before !== undefined, (query) => query.where('started_at', '<', instant(before ?? 0)))
    .groupBy(['extension_id', 'included_plan', month]).execute();
  return new Map(rows.map((row) => [`${row.extension_id ?? ''} ${row.included_plan ?? ''} ${row.month}`, Number(row.seconds)]));
}

/** Beginning of the month (UTC). */
export function monthOf(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

function grouped<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
