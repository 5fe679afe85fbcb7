import { sql } from 'kysely';
import type { PeeringNumberStore } from '../../ports/forward-stores.js';
import type { PhoneNumberId } from '../../domain/ids.js';
import type { Queries } from './database.js';
import { rowsToRead, toPage } from './keyset.js';
import { phoneNumberOf } from './phone-number-store.js';

export function createPeeringNumberStore(queries: Queries): PeeringNumberStore {
  const joined = () => queries.selectFrom('peering_numbers').innerJoin('phone_numbers', 'phone_numbers.id', 'peering_numbers.id');
  const columns = ['peering_numbers.billing_reference_id', 'peering_numbers.service_info'] as const;
  return {
    page: async (accountId, { number }, page) => {
      const matching = joined().where('peering_numbers.account_id', '=', accountId)
        .$if(number !== undefined, (query) => query.where('phone_numbers.number', '=', number ?? ''));
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.selectAll('phone_numbers').select(columns)
        .$if(page.after !== null, (query) => query.where('peering_numbers.id', '>', page.after as PhoneNumberId))
        .orderBy('peering_numbers.id').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, (row) => (
        { number: phoneNumberOf(row), billingReference: row.billing_reference_id, serviceInfo: row.service_info }));
    },
    find: async (accountId, numbers) => (await joined().selectAll('phone_numbers').select(columns).where('peering_numbers.account_id', '=', accountId)
      .where(sql<boolean>`phone_numbers.number = any(${numbers}::text[])`).execute())
      .map((row) => ({ number: phoneNumberOf(row), billingReference: row.billing_reference_id, serviceInfo: row.service_info })),
    put: async (accountId, id, { billingReference, serviceInfo }) => {
      const said = { billing_reference_id: billingReference, service_info: serviceInfo };
      await queries.insertInto('peering_numbers').values({ id, account_id: accountId, ...said })
        .onConflict((conflict) => conflict.constraint('peering_numbers_pk').doUpdateSet(said)).execute();
    },
  };
}
