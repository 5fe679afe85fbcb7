import { sql, type ExpressionBuilder, type Selectable } from 'kysely';
import type { AccountId, OutboundExceptionId } from '../../domain/ids.js';
import type { CallRulePlace } from '../../domain/routing/blocked-number.js';
import type { OutboundCountryRule, OutboundException } from '../../domain/routing/outbound-rules.js';
import type { OutboundCountryStore, OutboundExceptionFilter, OutboundExceptionStore } from '../../ports/call-rule-stores.js';
import type { OutboundCountryRulesTable, OutboundExceptionsTable } from './call-rule-tables.js';
import { toDate } from './columns.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import { containsPattern, searchText } from './keyword-search.js';
import type { Tables } from './tables.js';

export function createOutboundCountryStore(queries: Queries): OutboundCountryStore {
  return {
    of: async (accountId, places) => {
      if (places.length === 0) return [];
      return (await queries.selectFrom('outbound_country_rules').selectAll().where('account_id', '=', accountId)
        .where(({ or, and, eb }) => or(places.map(({ scope, scopeId }) => and([eb('scope', '=', scope), eb('scope_id', '=', scopeId)]))))
        .execute()).map(outboundCountryOf);
    },
    put: async ({ accountId, scope, scopeId, country, rule }) => {
      await queries.insertInto('outbound_country_rules').values({ account_id: accountId, scope, scope_id: scopeId, country, rule })
        .onConflict((conflict) => conflict.constraint('outbound_country_rules_pk').doUpdateSet({ rule: sql`excluded.rule` })).execute();
    },
    delete: async ({ accountId, scope, scopeId, country }) => {
      await queries.deleteFrom('outbound_country_rules').where('account_id', '=', accountId).where('scope', '=', scope)
        .where('scope_id', '=', scopeId).where('country', '=', country).execute();
    },
  };
}

export function createOutboundExceptionStore(queries: Queries): OutboundExceptionStore {
  const of = (accountId: AccountId, { scope, scopeId }: CallRulePlace) => queries.selectFrom('outbound_exceptions')
    .where('account_id', '=', accountId).where('scope', '=', scope).where('scope_id', '=', scopeId);
  return {
    get: async (accountId, place, id) => {
      const row = await of(accountId, place).selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : outboundExceptionOf(row);
    },
    find: async (accountId, place, { number, match }) => {
      const row = await of(accountId, place).selectAll().where('number', '=', number).where('match', '=', match).executeTakeFirst();
      return row === undefined ? null : outboundExceptionOf(row);
    },
    page: async (accountId, place, filter, page) => {
      const matching = of(accountId, place).where((row) => fits(row, filter));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const rows = await matching.selectAll()
        .$if(page.after !== null, (query) => query.where('id', '>', page.after as OutboundExceptionId))
        .orderBy('id').limit(rowsToRead(page)).execute();
      return toPage(rows, page, total, (row) => row.id, outboundExceptionOf);
    },
    ofCountry: async (accountId, place, country) => (
      await of(accountId, place).selectAll().where('country', '=', country).orderBy('id').execute()
    ).map(outboundExceptionOf),
    insert: async (entry) => {
      const { id, accountId, scope, scopeId, createdAt } = entry;
      await queries.insertInto('outbound_exceptions').values({
        id, account_id: accountId, scope, scope_id: scopeId, created_at: toDate(createdAt), ...changeable(entry),
      }).execute();
    },
    update: async (entry) => {
      await queries.updateTable('outbound_exceptions').set(changeable(entry)).where('id', '=', entry.id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('outbound_exceptions').where('id', '=', id).execute();
    },
  };
}

function fits(row: ExpressionBuilder<Tables, 'outbound_exceptions'>, { country, match, status, keyword }: OutboundExceptionFilter) {
  return row.and([
    ...(country === undefined ? [] : [row('country', '=', country)]),
    ...(match === undefined ? [] : [row('match', '=', match)]),
    ...(status === undefined ? [] : [row('status', '=', status)]),
    ...(keyword === undefined || keyword === '' ? [] : [row('search', 'like', containsPattern(keyword))]),
  ]);
}

function changeable({ country, number, match, rule, comment, status }: OutboundException) {
  return { country, number, match, rule, comment, status, search: searchText(number, comment) };
}

export function outboundCountryOf(row: Selectable<OutboundCountryRulesTable>): OutboundCountryRule {
  return { accountId: row.account_id, scope: row.scope, scopeId: row.scope_id, country: row.country, rule: row.rule };
}

export function outboundExceptionOf(row: Selectable<OutboundExceptionsTable>): OutboundException {
  return {
    id: row.id,
    accountId: row.account_id,
    scope: row.scope,
    scopeId: row.scope_id,
    country: row.country,
    number: row.number,
    match: row.match,
    rule: row.rule,
    comment: row.comment,
    status: row.status,
    createdAt: row.created_at,
  };
}
