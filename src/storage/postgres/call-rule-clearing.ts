import type { CallRuleStores } from '../../ports/call-rule-stores.js';
import type { Queries } from './database.js';

const TABLES = ['blocked_numbers', 'outbound_country_rules', 'outbound_exceptions'] as const;

export function createCallRuleClearing(queries: Queries): CallRuleStores['callRules'] {
  return {
    clearPlace: async (accountId, { scope, scopeId }) => {
      for (const table of TABLES) {
        await queries.deleteFrom(table).where('account_id', '=', accountId).where('scope', '=', scope)
          .where('scope_id', '=', scopeId).execute();
      }
    },
  };
}
