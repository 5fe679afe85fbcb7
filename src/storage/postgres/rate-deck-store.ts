import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Rate, RateDeck } from '../../domain/charges/rate.js';
import { rateKey } from '../../domain/charges/rate-import.js';
import type { Page, PageRequest } from '../../ports/admin-stores.js';
import type { PlanAllowanceStore, RateDeckStore, RateStore } from '../../ports/charge-stores.js';
import type { PlanAllowance } from '../../domain/charges/rate-call.js';
import type { RateDecksTable, RatesTable } from './charge-tables.js';
import { hasChanges, instant, toDate, toJson } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';

export function createRateDeckStore(queries: Queries): RateDeckStore {
  return {
    get: async (accountId, id) => {
      const row = await queries.selectFrom('rate_decks').selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : deckOf(row);
    },
    all: async (accountId) => (
      (await queries.selectFrom('rate_decks').selectAll().where('account_id', '=', accountId).orderBy('id').execute()).map(deckOf)),
    insert: async (deck) => {
      await queries.insertInto('rate_decks').values({
        id: deck.id, account_id: deck.accountId, name: deck.name, direction: deck.direction, trunk_id: deck.trunkId, rate_set: deck.rateSet,
        created_at: toDate(deck.createdAt),
      }).execute();
    },
    update: async (id, changes) => {
      const columns = { name: changes.name, trunk_id: changes.trunkId, rate_set: changes.rateSet };
      if (hasChanges(columns)) await queries.updateTable('rate_decks').set(columns).where('id', '=', id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('rate_decks').where('id', '=', id).execute();
    },
    counts: async (rateSets) => {
      if (rateSets.length === 0) return new Map();
      const rows = await queries.selectFrom('rates').select('rate_set').select(({ fn }) => fn.countAll<number>().as('count'))
        .where('rate_set', 'in', rateSets).groupBy('rate_set').execute();
      return new Map(rows.map((row) => [row.rate_set, row.count]));
    },
  };
}

export function createRateStore(queries: Queries): RateStore {
  const rowsOf = async (rateSet: string, page: PageRequest, total: number): Promise<Page<Rate>> => {
    const [prefix, from] = keyParts(page.after);
    const rows = await queries.selectFrom('rates').selectAll().where('rate_set', '=', rateSet)
      .$if(page.after !== null, (query) => query.where(sql<boolean>`(prefix, effective_from) > (${prefix}, ${instant(from)})`))
      .orderBy('prefix').orderBy('effective_from').limit(rowsToRead(page)).execute();
    return toPage(rows, page, total, (row) => rateKey(rateOf(row)), rateOf);
  };
  return {
    page: async (rateSet, page) => {
      const { total } = await queries.selectFrom('rates').select(({ fn }) => fn.countAll<number>().as('total'))
        .where('rate_set', '=', rateSet).executeTakeFirstOrThrow();
      return rowsOf(rateSet, page, total);
    },
    rows: (rateSet, page) => rowsOf(rateSet, page, 0),
    withPrefixes: async (rateSet, prefixes) => (await queries.selectFrom('rates').selectAll().where('rate_set', '=', rateSet)
      .where(sql<boolean>`prefix = any(${[...new Set(prefixes)]}::text[])`).execute()).map(rateOf),
    add: async (accountId, rateSet, rates, at) => {
      if (rates.length === 0) return;
      await queries.insertInto('rates').values(rates.map((rate) => ({
        account_id: accountId, rate_set: rateSet, prefix: rate.prefix, effective_from: toDate(rate.effectiveFrom), destination: rate.destination, currency: rate.currency,
        per_minute: rate.perMinute, connect_fee: rate.connectFee, first_seconds: rate.firstSeconds, next_seconds: rate.nextSeconds,
        included_by: toJson(rate.includedBy), written_at: toDate(at),
      }))).execute();
    },
    deleteUnnamed: async (before, limit) => Number((await sql`
      delete from rates where (rate_set, prefix, effective_from) in (
        select r.rate_set, r.prefix, r.effective_from from rates r
        where r.written_at < ${instant(before)} and not exists (select from rate_decks d where d.rate_set = r.rate_set) limit ${limit})
    `.execute(queries)).numAffectedRows ?? 0n),
  };
}

export function createPlanAllowanceStore(queries: Queries): PlanAllowanceStore {
  return {
    all: async (accountId) => (await queries.selectFrom('plan_allowances').selectAll().where('account_id', '=', accountId).orderBy('plan_code').execute())
      .map((row) => ({ plan: row.plan_code as PlanAllowance['plan'], minutes: row.minutes })),
    replace: async (accountId, allowances) => {
      await queries.deleteFrom('plan_allowances').where('account_id', '=', accountId).execute();
      if (allowances.length === 0) return;
      await queries.insertInto('plan_allowances').values(allowances.map(({ plan, minutes }) => ({ account_id: accountId, plan_code: plan, minutes }))).execute();
    },
  };
}

function deckOf(row: Selectable<RateDecksTable>): RateDeck {
  return {
    id: row.id, accountId: row.account_id, name: row.name, direction: row.direction, trunkId: row.trunk_id, rateSet: row.rate_set, createdAt: row.created_at,
  };
}

/** Fields in the order of `readRateRow`: imports compare rates as text. */
export function rateOf(row: Selectable<RatesTable>): Rate {
  return {
    prefix: row.prefix, destination: row.destination, currency: row.currency, perMinute: row.per_minute, connectFee: row.connect_fee,
    firstSeconds: row.first_seconds, nextSeconds: row.next_seconds, includedBy: row.included_by, effectiveFrom: row.effective_from,
  };
}

function keyParts(key: string | null): readonly [prefix: string, from: number] {
  const [prefix = '', from = '0'] = (key ?? '').split(' ');
  return [prefix, /^\d{1,15}$/.test(from) ? Number(from) : 0];
}
