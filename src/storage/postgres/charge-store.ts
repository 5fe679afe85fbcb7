import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, CallRecordId } from '../../domain/ids.js';
import type { Page, PageRequest } from '../../ports/admin-stores.js';
import type { ChargedCall, ChargeFilter, ChargeStore, ChargeStores } from '../../ports/charge-stores.js';
import { callRecordOf } from './call-record-store.js';
import { chargeOf, chargesOfCalls } from './charge-rows.js';
import type { CallChargesTable } from './charge-tables.js';
import { instant } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import { createUsageStore } from './usage-store.js';
import { createPlanAllowanceStore, createRateDeckStore, createRateStore } from './rate-deck-store.js';

export function createChargeStores(queries: Queries): ChargeStores {
  return {
    rateDecks: createRateDeckStore(queries), rates: createRateStore(queries), planAllowances: createPlanAllowanceStore(queries),
    charges: createChargeStore(queries), usage: createUsageStore(queries),
  };
}

export function createChargeStore(queries: Queries): ChargeStore {
  const rows = async (accountId: AccountId, filter: ChargeFilter, page: PageRequest, total: number): Promise<Page<ChargedCall>> => {
    const found = await matching(queries, accountId, filter).selectAll()
      .$if(page.after !== null, (query) => query.where(sql<boolean>`(started_at, call_id) < (
        select k.started_at, k.call_id from call_charges k where k.account_id = ${accountId} and k.call_id = ${page.after})`))
      .orderBy('started_at', 'desc').orderBy('call_id', 'desc').limit(rowsToRead(page)).execute();
    const calls = await callsOf(queries, found);
    return toPage(found, page, total, (row) => row.call_id, (row) => {
      const call = calls.get(row.call_id);
      if (call === undefined) throw new Error(`charge of call ${row.call_id} without its record`);
      return { charge: chargeOf(row), ...call };
    });
  };
  return {
    get: async (accountId, callId) => {
      const row = await queries.selectFrom('call_charges').selectAll().where('account_id', '=', accountId).where('call_id', '=', callId).executeTakeFirst();
      return row === undefined ? null : chargeOf(row);
    },
    ofCalls: (callIds) => chargesOfCalls(queries, callIds),
    page: async (accountId, filter, page) => {
      const { total } = await matching(queries, accountId, filter).select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      return rows(accountId, filter, page, total);
    },
    rows: (accountId, filter, page) => rows(accountId, filter, page, 0),
    totals: async (accountId, filter) => {
      const found = await matching(queries, accountId, filter).select(['trunk_id', 'currency'])
        .select(({ fn }) => [
          fn.countAll<number>().as('calls'), sql<number>`count(*) filter (where mode = 'unrated')`.as('unrated'),
          sql<number>`sum(billed_seconds)`.as('billed'), sql<number>`sum(included_seconds)`.as('included'), sql<number>`sum(total)::bigint`.as('total'),
        ])
        .groupBy(['trunk_id', 'currency']).orderBy('trunk_id').orderBy('currency').execute();
      return found.map((row) => ({
        trunkId: row.trunk_id, currency: row.currency, calls: row.calls, unrated: row.unrated, billedSeconds: row.billed, includedSeconds: row.included,
        total: row.total,
      }));
    },
  };
}

function matching(queries: Queries, accountId: AccountId, { from, to, siteId, userId, trunkId, chargedOnly }: ChargeFilter) {
  let found = queries.selectFrom('call_charges').where('account_id', '=', accountId)
    .where('started_at', '>=', instant(from)).where('started_at', '<=', instant(to));
  if (siteId !== undefined) found = found.where('site_id', '=', siteId);
  if (userId !== undefined) found = found.where('user_id', '=', userId);
  if (trunkId !== undefined) found = found.where('trunk_id', '=', trunkId);
  if (chargedOnly === true) found = found.where('total', '>', 0);
  return found;
}

/** The records of charges, and what is known of who pays: two statements a page. */
async function callsOf(
  queries: Queries, charges: readonly Selectable<CallChargesTable>[],
): Promise<ReadonlyMap<CallRecordId, Omit<ChargedCall, 'charge'>>> {
  if (charges.length === 0) return new Map();
  const records = await queries.selectFrom('call_records').selectAll()
    .where(sql<boolean>`id = any(${charges.map(({ call_id }) => call_id)}::text[])`).execute();
  const userIds = [...new Set(charges.flatMap(({ user_id }) => user_id ?? []))];
  const users = userIds.length === 0 ? [] : await queries.selectFrom('users').select(['id', sql<string | null>`profile ->> 'employeeUniqueId'`.as('employee')])
    .where('id', 'in', userIds).execute();
  const employees = new Map(users.map((user) => [user.id, user.employee ?? '']));
  const payers = new Map(charges.map(({ call_id, user_id }) => [call_id, user_id]));
  return new Map(records.map((row) => {
    const userId = payers.get(row.id) ?? null;
    return [row.id, { call: callRecordOf(row), employeeId: userId === null ? '' : employees.get(userId) ?? '' }];
  }));
}
