import type { Selectable } from 'kysely';
import type { RoutingRule } from '../../domain/trunk/routing-rule.js';
import type { RoutingRuleStore } from '../../ports/trunk-stores.js';
import type { Queries } from './database.js';
import type { RoutingRulesTable } from './trunk-tables.js';

export function createRoutingRuleStore(queries: Queries): RoutingRuleStore {
  const rows = queries.selectFrom('routing_rules').selectAll();
  return {
    get: async (accountId, id) => {
      const row = await rows.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : routingRuleOf(row);
    },
    all: async (accountId, siteId) => (
      await rows.where('account_id', '=', accountId).$if(siteId !== null, (query) => query.where('site_id', '=', siteId))
        .orderBy('site_id').orderBy('position').orderBy('id').execute()
    ).map(routingRuleOf),
    insert: async (rule) => {
      await queries.insertInto('routing_rules').values({ id: rule.id, account_id: rule.accountId, site_id: rule.siteId, ...columnsOf(rule) }).execute();
    },
    update: async (rule) => {
      await queries.updateTable('routing_rules').set(columnsOf(rule)).where('id', '=', rule.id).execute();
    },
    delete: async (id) => {
      await queries.deleteFrom('routing_rules').where('id', '=', id).execute();
    },
  };
}

function columnsOf(rule: RoutingRule) {
  return { name: rule.name, number_pattern: rule.numberPattern, translation: rule.translation, trunk_id: rule.trunkId, position: rule.order };
}

export function routingRuleOf(row: Selectable<RoutingRulesTable>): RoutingRule {
  return {
    id: row.id, accountId: row.account_id, siteId: row.site_id, name: row.name, numberPattern: row.number_pattern, translation: row.translation,
    trunkId: row.trunk_id, order: row.position,
  };
}
