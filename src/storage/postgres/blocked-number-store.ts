import { sql, type ExpressionBuilder, type Selectable } from 'kysely';
import type { AccountId, BlockedNumberId } from '../../domain/ids.js';
import type { BlockedNumber, BlockedStatistic, CallRulePlace } from '../../domain/routing/blocked-number.js';
import type { BlockedNumberFilter, BlockedNumberStore } from '../../ports/call-rule-stores.js';
import type { BlockedNumbersTable } from './call-rule-tables.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import { containsPattern, searchText } from './keyword-search.js';
import type { Tables } from './tables.js';

export function createBlockedNumberStore(queries: Queries): BlockedNumberStore {
  const of = (accountId: AccountId, { scope, scopeId }: CallRulePlace) => queries.selectFrom('blocked_numbers')
    .where('account_id', '=', accountId).where('scope', '=', scope).where('scope_id', '=', scopeId);
  const ofExtensions = (accountId: AccountId) => queries.selectFrom('blocked_numbers')
    .where('account_id', '=', accountId).where('scope', '=', 'extension').where('direction', '=', 'inbound');
  return {
    get: async (accountId, id) => {
      const row = await queries.selectFrom('blocked_numbers').selectAll()
        .where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : blockedNumberOf(row);
    },
    find: async (accountId, place, { direction, number, match }) => {
      const row = await of(accountId, place).selectAll().where('direction', '=', direction)
        .where('number', '=', number).where('match', '=', match).executeTakeFirst();
      return row === undefined ? null : blockedNumberOf(row);
    },
    page: async (accountId, place, filter, page) => {
      const matching = of(accountId, place).where((row) => fits(row, filter));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as BlockedNumberId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, blockedNumberOf);
    },
    insert: async (entry) => {
      const { id, accountId, scope, scopeId, createdAt } = entry;
      await queries.insertInto('blocked_numbers').values({
        id, account_id: accountId, scope, scope_id: scopeId, created_at: toDate(createdAt), ...changeable(entry),
      }).execute();
    },
    update: async (entry) => {
      await queries.updateTable('blocked_numbers').set(changeable(entry)).where('id', '=', entry.id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('blocked_numbers').where('id', '=', id).execute();
    },
    statistics: async (accountId, { type, ...filter }, page) => {
      const groups = ofExtensions(accountId).where((row) => fits(row, filter))
        .select(['number', 'match', sql<string | null>`max(country)`.as('country')])
        .select(sql<number>`(count(*) filter (where type = 'block'))::integer`.as('blocks'))
        .select(sql<number>`(count(*) filter (where type = 'threat'))::integer`.as('threats'))
        .groupBy(['number', 'match']);
      const matching = queries.selectFrom(groups.as('found'))
        .$if(type === 'threat', (query) => query.where('threats', '>', 0))
        .$if(type === 'block', (query) => query.where('threats', '=', 0));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where(sql<boolean>`number || ' ' || match > ${page.after}`))
        .orderBy(sql`number || ' ' || match`).limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => `${row.number} ${row.match}`, (row): BlockedStatistic => ({
        number: row.number, match: row.match, country: row.country, blockCount: row.blocks, threatCount: row.threats,
      }));
    },
    ofExtensions: async (accountId, { number, match }) => (
      await ofExtensions(accountId).selectAll().where('number', '=', number).where('match', '=', match).orderBy('id').execute()
    ).map(blockedNumberOf),
  };
}

function fits(row: ExpressionBuilder<Tables, 'blocked_numbers'>, { direction, match, type, status, keyword }: BlockedNumberFilter) {
  return row.and([
    ...(direction === undefined ? [] : [row('direction', '=', direction)]),
    ...(match === undefined ? [] : [row('match', '=', match)]),
    ...(type === undefined ? [] : [row('type', '=', type)]),
    ...(status === undefined ? [] : [row('status', '=', status)]),
    ...(keyword === undefined || keyword === '' ? [] : [row('search', 'like', containsPattern(keyword))]),
  ]);
}

function changeable({ direction, number, match, type, country, comment, status }: BlockedNumber) {
  return { direction, number, match, type, country, comment, status, search: searchText(number, comment) };
}

export function blockedNumberOf(row: Selectable<BlockedNumbersTable>): BlockedNumber {
  return {
    id: row.id,
    accountId: row.account_id,
    scope: row.scope,
    scopeId: row.scope_id,
    direction: row.direction,
    number: row.number,
    match: row.match,
    type: row.type,
    country: row.country,
    comment: row.comment,
    status: row.status,
    createdAt: row.created_at,
  };
}
