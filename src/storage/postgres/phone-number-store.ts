import { sql } from 'kysely';
import type { Insertable, Selectable } from 'kysely';
import type { AccountId, PhoneNumberId } from '../../domain/ids.js';
import type { PhoneNumber } from '../../domain/numbering/phone-number.js';
import type { PhoneNumberFilter, PhoneNumberStore } from '../../ports/phone-number-stores.js';
import { hasChanges, toDate } from './columns.js';
import type { Queries } from './database.js';
import { containsPattern, searchText } from './keyword-search.js';
import { rowsToRead, toPage } from './keyset.js';
import type { PhoneNumbersTable } from './phone-number-tables.js';

export function createPhoneNumberStore(queries: Queries): PhoneNumberStore {
  const rows = () => queries.selectFrom('phone_numbers').selectAll();
  return {
    get: async (accountId, id) => {
      const row = await rows().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : phoneNumberOf(row);
    },
    find: async (accountId, { ids, numbers }) => (await rows().where('account_id', '=', accountId)
      .where(sql<boolean>`(id = any(${ids}::text[]) or number = any(${numbers}::text[]))`).execute()).map(phoneNumberOf),
    of: async (extensionId) => (
      await rows().where('extension_id', '=', extensionId).orderBy('assigned_order').execute()
    ).map(phoneNumberOf),
    page: async (accountId, filter, page) => {
      const matching = filteredNumbers(queries, accountId, filter);
      const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      const found = await matching.selectAll('phone_numbers')
        .$if(page.after !== null, (query) => query.where('phone_numbers.id', '>', page.after as PhoneNumberId))
        .orderBy('phone_numbers.id').limit(rowsToRead(page)).execute();
      return toPage(found, page, total, (row) => row.id, phoneNumberOf);
    },
    ofSite: async (siteId) => (await rows().where('site_id', '=', siteId).orderBy('id').execute()).map(phoneNumberOf),
    counts: async (accountId) => (await queries.selectFrom('phone_numbers')
      .select(['source', 'number_type', 'country'])
      .select(({ fn }) => [fn.count<number>('extension_id').as('assigned'), fn.countAll<number>().as('total')])
      .where('account_id', '=', accountId).groupBy(['source', 'number_type', 'country'])
      .orderBy('source').orderBy('number_type').orderBy('country').execute())
      .map((row) => ({ source: row.source, numberType: row.number_type, country: row.country, assigned: row.assigned, total: row.total })),
    insert: async (numbers) => {
      if (numbers.length > 0) await queries.insertInto('phone_numbers').values(numbers.map(rowOf)).execute();
    },
    update: async (id, changes) => {
      const columns = {
        source: changes.source,
        status: changes.status,
        site_id: changes.siteId,
        extension_id: changes.extensionId,
        assigned_order: changes.assignedOrder,
        incoming: changes.incoming,
        outgoing: changes.outgoing,
        carrier: changes.carrier,
        display_name: changes.displayName,
        emergency_address_id: changes.emergencyAddressId,
        emergency_address_status: changes.emergencyAddressStatus,
        sip_group_id: changes.sipGroupId,
      };
      if (!hasChanges(columns)) return;
      const search = changes.displayName === undefined ? {} : { search: sql<string>`number || ${`\n${searchText(changes.displayName)}`}` };
      await queries.updateTable('phone_numbers').set({ ...columns, ...search }).where('id', '=', id).execute();
    },
    setSite: async (ids, siteId) => {
      await queries.updateTable('phone_numbers').set({ site_id: siteId }).where(sql<boolean>`id = any(${ids}::text[])`).execute();
    },
    delete: async (ids) => {
      await queries.deleteFrom('phone_numbers').where(sql<boolean>`id = any(${ids}::text[])`).execute();
    },
  };
}

/** Numbers of an account that pass the filter, for counting and for reading. */
export function filteredNumbers(queries: Queries, accountId: AccountId, filter: PhoneNumberFilter) {
  const { assigned, ownerKind, siteId, numberType, source, status, keyword, within } = filter;
  let matching = queries.selectFrom('phone_numbers').where('phone_numbers.account_id', '=', accountId);
  if (assigned !== undefined) matching = matching.where('phone_numbers.extension_id', assigned ? 'is not' : 'is', null);
  if (within !== undefined) matching = matching.where(sql<boolean>`phone_numbers.site_id = any(${[...within]}::text[])`);
  if (siteId !== undefined) matching = matching.where('phone_numbers.site_id', '=', siteId);
  if (numberType !== undefined) matching = matching.where('phone_numbers.number_type', '=', numberType);
  if (source !== undefined) matching = matching.where('phone_numbers.source', '=', source);
  if (status !== undefined) matching = matching.where('phone_numbers.status', '=', status);
  if (ownerKind !== undefined) {
    matching = matching.where(sql<boolean>`exists (select from extensions e
      where e.id = phone_numbers.extension_id and e.owner_kind = ${ownerKind})`);
  }
  if (keyword !== undefined && keyword !== '') matching = matching.where('phone_numbers.search', 'like', containsPattern(keyword));
  return matching;
}

function rowOf(number: PhoneNumber): Insertable<PhoneNumbersTable> {
  return {
    id: number.id,
    account_id: number.accountId,
    number: number.number,
    country: number.country,
    number_type: number.numberType,
    source: number.source,
    status: number.status,
    site_id: number.siteId,
    extension_id: number.extensionId,
    assigned_order: number.assignedOrder,
    incoming: number.incoming,
    outgoing: number.outgoing,
    carrier: number.carrier,
    display_name: number.displayName,
    emergency_address_id: number.emergencyAddressId,
    emergency_address_status: number.emergencyAddressStatus,
    sip_group_id: number.sipGroupId,
    search: searchText(number.number, number.displayName),
    created_at: toDate(number.createdAt),
  };
}

export function phoneNumberOf(row: Selectable<PhoneNumbersTable>): PhoneNumber {
  return {
    id: row.id,
    accountId: row.account_id,
    number: row.number,
    country: row.country,
    numberType: row.number_type,
    source: row.source,
    status: row.status,
    siteId: row.site_id,
    extensionId: row.extension_id,
    assignedOrder: row.assigned_order,
    incoming: row.incoming,
    outgoing: row.outgoing,
    carrier: row.carrier,
    displayName: row.display_name,
    emergencyAddressId: row.emergency_address_id,
    emergencyAddressStatus: row.emergency_address_status,
    sipGroupId: row.sip_group_id,
    createdAt: row.created_at,
  };
}
