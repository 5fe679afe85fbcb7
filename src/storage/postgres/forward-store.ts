import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { AccountId, ExtensionId, PhoneNumberId } from '../../domain/ids.js';
import type { BusinessHours, CallHandling, HandlingRules, NumberForward } from '../../domain/forwarding/call-handling.js';
import type { ForwardStores } from '../../ports/forward-stores.js';
import type { Json } from './column-types.js';
import { toJson } from './columns.js';
import type { Queries } from './database.js';
import { createPeeringNumberStore } from './peering-number-store.js';

export interface ForwardTables {
  readonly call_handlings: {
    readonly id: ExtensionId; readonly account_id: AccountId; readonly hours: Json<BusinessHours>; readonly business: Json<HandlingRules>;
    readonly closed: Json<HandlingRules>;
  };
  readonly number_forwards: {
    readonly id: PhoneNumberId; readonly account_id: AccountId; readonly extension_id: ExtensionId; readonly number: string; readonly description: string;
  };
  readonly peering_numbers: {
    readonly id: PhoneNumberId; readonly account_id: AccountId; readonly billing_reference_id: string; readonly service_info: string;
  };
}

export function createForwardStores(queries: Queries): ForwardStores {
  const handlings = queries.selectFrom('call_handlings').selectAll();
  return {
    callHandlings: {
      get: async (accountId, id) => {
        const row = await handlings.where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : callHandlingOf(row);
      },
      put: async ({ id, accountId, hours, business, closed }) => {
        const columns = { hours: toJson(hours), business: toJson(business), closed: toJson(closed) };
        await queries.insertInto('call_handlings').values({ id, account_id: accountId, ...columns })
          .onConflict((conflict) => conflict.constraint('call_handlings_pk').doUpdateSet(columns)).execute();
      },
      delete: async (id) => {
        await queries.deleteFrom('call_handlings').where('id', '=', id).execute();
      },
      leadingTo: async (accountId, id) => (await handlings.where('account_id', '=', accountId)
        .where(sql<boolean>`${id} in (business #>> '{unanswered,extensionId}', business #>> '{busy,extensionId}', closed #>> '{unanswered,extensionId}',
          closed #>> '{busy,extensionId}')`).orderBy('id').execute()).map(callHandlingOf),
    },
    peeringNumbers: createPeeringNumberStore(queries),
    numberForwards: {
      get: async (accountId, id) => {
        const row = await queries.selectFrom('number_forwards').selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
        return row === undefined ? null : numberForwardOf(row);
      },
      put: async ({ id, accountId, extensionId, number, description }) => {
        const columns = { extension_id: extensionId, number, description };
        await queries.insertInto('number_forwards').values({ id, account_id: accountId, ...columns })
          .onConflict((conflict) => conflict.constraint('number_forwards_pk').doUpdateSet(columns)).execute();
      },
      delete: async (id) => {
        await queries.deleteFrom('number_forwards').where('id', '=', id).execute();
      },
    },
  };
}

export function callHandlingOf(row: Selectable<ForwardTables['call_handlings']>): CallHandling {
  return { id: row.id, accountId: row.account_id, hours: row.hours, business: row.business, closed: row.closed };
}

export function numberForwardOf(row: Selectable<ForwardTables['number_forwards']>): NumberForward {
  return { id: row.id, accountId: row.account_id, extensionId: row.extension_id, number: row.number, description: row.description };
}
